"""The office's pages of declared claims: the list, one dossier, the two readings, the claw-back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.claims import course, wording
from counselhub.claims import dossier_queries as claims
from counselhub.claims.dossier_models import ClaimDossier, ClaimReading
from counselhub.claims.kinds import (
    AgreementForm,
    ClaimStatus,
    ClawReason,
    Difficulty,
    Document,
    ReadingStatus,
    Refusal,
    Verdict,
    VisitResult,
    VisitWay,
)
from counselhub.claims.models import CaseClaim
from counselhub.core import htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.review import reading_queries as queries
from counselhub.review import readings as actions
from counselhub.review.reading_forms import SecondForm, claw_form, finding_form
from counselhub.services.kinds import DisputeKind

bp = Blueprint("readings", __name__)
P = Permission
PAGE = "review/claim.html"


@bp.get("/review/claims")
@require(P.REVIEW_READ)
def readings() -> ResponseReturnValue:
    """List the street's declared claims, those that wait for a reading first."""
    asked = {name: request.args.get(name, "").strip() for name in ("tab", "q")}
    sort = sorting.asked_sort(queries.SORTS)
    page = paging.paged(queries.listed(asked["tab"], asked["q"], sort))
    return htmx.show(
        "review/claims.html",
        page=page,
        clashes=claims.clashes([row.id for row, _reading in page.items]),
        tallies=queries.tallies(),
        asked=asked,
        sort=sort,
        **_words(),
    )


@bp.get("/review/claims/<uuid:claim_id>")
@require(P.REVIEW_READ)
def reading(claim_id: UUID) -> ResponseReturnValue:
    """Show one declared claim beside the office's own reading."""
    return htmx.show(PAGE, **_page(_fetch(claim_id)))


def _fetch(claim_id: UUID) -> ClaimDossier:
    claim = joinedload(ClaimDossier.claim)
    return fetch(
        ClaimDossier,
        claim_id,
        None,
        claim.joinedload(CaseClaim.community),
        claim.joinedload(CaseClaim.adviser),
        joinedload(ClaimDossier.firm),
    )


def _page(dossier: ClaimDossier, **given: Any) -> dict[str, Any]:
    row, claim = actions.reading_of(dossier), dossier.claim
    line = queries.line_of(claim)
    fen = queries.paid_fen(line, claim.number)
    return {
        "dossier": dossier,
        "claim": claim,
        "row": row,
        "is_own": row is not None and row.read_by_id == current_member().person_id,
        "clashes": [wording.clash(one) for one in claims.clashes([claim.id])[claim.id]],
        "line": line,
        "paid_fen": max(0, fen),
        "finding": finding_form(claim, row, fresh=True),
        "second": SecondForm(formdata=None, revision=row.revision if row else ""),
        "claw": claw_form(revision=str(dossier.revision)),
        "refusal": None,
        **_words(),
        **given,
    }


def _words() -> dict[str, Any]:
    return {
        "tones": wording.TONES,
        "clash": wording.clash,
        "Status": ClaimStatus,
        "Reading": ReadingStatus,
        "Difficulty": Difficulty,
        "AgreementForm": AgreementForm,
        "Dispute": DisputeKind,
        "Document": Document,
        "Verdict": Verdict,
        "Refusal": Refusal,
        "ClawReason": ClawReason,
        "VisitWay": VisitWay,
        "VisitResult": VisitResult,
    }


def _acted(
    dossier: ClaimDossier, act: Callable[[], None], toast: str, **shown: Any
) -> ResponseReturnValue:
    """Do `act`; a refusal shows the claim as it now is, with the form in `shown` as typed."""
    claim_id = dossier.id
    try:
        act()
    except ConflictError as refusal:
        db.session.rollback()
        return htmx.refused(PAGE, **_page(_fetch(claim_id), refusal=refusal.message))
    except RefusedError as refusal:
        db.session.rollback()
        for form in shown.values():
            show_refusal(form.words, refusal)
        return htmx.invalid(PAGE, **_page(_fetch(claim_id), **shown))
    flash(toast, "success")
    return htmx.gone_to(url_for(".reading", claim_id=claim_id))


@bp.post("/review/claims/<uuid:claim_id>/reading")
@require(P.REVIEW_CHECK)
def create_reading(claim_id: UUID) -> ResponseReturnValue:
    """Keep the first reading, which the firm does not see yet."""
    dossier = _fetch(claim_id)
    form = finding_form(dossier.claim, None)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_page(dossier, finding=form))

    def act() -> None:
        actions.read(dossier, form.finding(), revision=form.seen, by=current_member())

    return _acted(dossier, act, _("已记下初审，等另一人复核；律所还看不到"), finding=form)


def _second(claim_id: UUID) -> tuple[ClaimDossier, ClaimReading]:
    dossier = _fetch(claim_id)
    row = actions.reading_of(dossier)
    if row is None:
        raise NotFoundError()
    return dossier, row


@bp.post("/review/claims/<uuid:claim_id>/confirmation")
@require(P.REVIEW_CHECK, P.REVIEW_SIGN)
@fresh
def create_confirmation(claim_id: UUID) -> ResponseReturnValue:
    """Agree to a colleague's reading; the firm sees it from now on."""
    dossier, row = _second(claim_id)
    form = SecondForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_page(dossier, second=form))

    def act() -> None:
        words, by = text(form.words), current_member()
        actions.confirm(dossier, row, words, revision=form.seen, by=by)

    return _acted(dossier, act, _("已复核，律所可以看到结果"), second=form)


@bp.post("/review/claims/<uuid:claim_id>/return")
@require(P.REVIEW_CHECK, P.REVIEW_SIGN)
@fresh
def create_return(claim_id: UUID) -> ResponseReturnValue:
    """Disagree with a colleague's reading."""
    dossier, row = _second(claim_id)
    form = SecondForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_page(dossier, second=form))

    def act() -> None:
        actions.give_back(row, text(form.words), revision=form.seen, by=current_member())

    return _acted(dossier, act, _("已退回重审"), second=form)


@bp.post("/review/claims/<uuid:claim_id>/claw-back")
@require(P.PAYMENT_RECORD)
@fresh
def create_claw_back(claim_id: UUID) -> ResponseReturnValue:
    """Demand back what was paid, after an audit."""
    dossier = _fetch(claim_id)
    form = claw_form()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_page(dossier, claw=form))
    fen = max(0, queries.paid_fen(queries.line_of(dossier.claim), dossier.claim.number))

    def act() -> None:
        course.claw_back(
            dossier,
            ClawReason.of(form.reason.data),
            text(form.words),
            fen,
            revision=form.seen,
            by=current_member(),
        )

    return _acted(dossier, act, _("已记录追回，待下期扣回"), claw=form)


@bp.app_template_global("claim_stages")
def claim_stages(rows: list[CaseClaim]) -> dict[UUID, ClaimDossier]:
    """Return what stands beside the claims of a line, for its records."""
    if not rows:
        return {}
    query = db.select(ClaimDossier).where(ClaimDossier.id.in_([one.id for one in rows]))
    return {row.id: row for row in db.session.scalars(query)}
