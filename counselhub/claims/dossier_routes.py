"""Pages of a dossier: what it holds and lacks, and the way of its claim."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.claims import checklist, classing, course, disputes, wording
from counselhub.claims import dossier_actions as actions
from counselhub.claims import dossier_queries as queries
from counselhub.claims.dossier_forms import (
    case_form,
    paper_form,
    visit_form,
)
from counselhub.claims.dossier_models import ClaimFile
from counselhub.claims.kinds import (
    AgreementForm,
    Basis,
    Difficulty,
    Document,
    FileKind,
    Refusal,
    VisitResult,
    VisitWay,
)
from counselhub.claims.models import CaseClaim
from counselhub.claims.routes import bp
from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import paper
from counselhub.core.errors import (
    ConflictError,
    DomainError,
    NotFoundError,
    RefusedError,
)
from counselhub.core.forms import given, revision_of, show_refusal, shown_fields, text
from counselhub.core.permissions import Permission

P = Permission
PAGE = "claims/dossier.html"


@bp.get("/claims/<uuid:claim_id>/dossier")
@require(P.SERVICE_LOG)
def dossier(claim_id: UUID) -> ResponseReturnValue:
    """Show what the dossier of a claim holds, what it lacks, and what can be done."""
    return htmx.show(PAGE, **_page(fetch_claim(claim_id)))


def fetch_claim(claim_id: UUID, permission: Permission = P.SERVICE_LOG) -> CaseClaim:
    names = joinedload(CaseClaim.community), joinedload(CaseClaim.adviser)
    return fetch(CaseClaim, claim_id, permission, *names)


def _page(claim: CaseClaim, **given_: Any) -> dict[str, Any]:
    row, held = queries.dossier_of(claim.id), queries.holding(claim.id)
    keys = queries.keys_of(claim.id)
    scale, _revision = queries.scale()
    missing = held.missing(claim)
    return {
        "claim": claim,
        "dossier": row,
        "stage": queries.stage_of(claim, row),
        "tones": wording.TONES,
        "rows": _rows(claim, held, missing),
        "missing": missing,
        "declared_by_import": claim.dossier_complete and bool(missing),
        "proposal": classing.propose(course.fact_of(claim, row), scale),
        "ground": wording.ground,
        "parties": disputes.masked(keys.get(Basis.PARTIES)),
        "aid_number": disputes.typed(keys.get(Basis.AID)),
        "clashes": [wording.clash(one) for one in queries.clashes([claim.id])[claim.id]],
        "case": case_form(row, fresh=True),
        "visit": visit_form(row, fresh=True),
        "paper": None,
        "refusal": None,
        **_words(),
        **given_,
    }


def _words() -> dict[str, Any]:
    return {
        "Difficulty": Difficulty,
        "AgreementForm": AgreementForm,
        "Refusal": Refusal,
        "VisitWay": VisitWay,
        "VisitResult": VisitResult,
    }


def _rows(claim: CaseClaim, held: queries.Holding, missing: list[Document]) -> list[dict[str, Any]]:
    asked = set(checklist.required(claim.difficulty, claim.form))
    return [
        {
            "document": one,
            "held": held.of(one),
            "is_asked": one in asked,
            "is_missing": one in missing,
            "may_spare": checklist.may_be_spared(one, claim.form),
        }
        for one in Document
    ]


def acted(
    claim: CaseClaim, act: Callable[[], str], toast: str, form: str = "", **shown: Any
) -> ResponseReturnValue:
    """Do `act`, which may return a warning; a refusal shows the dossier as it now is.

    form: the name of the form in `shown` that keeps what was typed under a rule's refusal.
    """
    claim_id = claim.id
    try:
        warning = act()
    except (ConflictError, RefusedError) as refusal:
        db.session.rollback()
        return _refused(claim_id, refusal, form, shown)
    flash(toast, "success")
    if warning:
        flash(warning, "warning")
    return htmx.gone_to(url_for(".dossier", claim_id=claim_id))


def _refused(
    claim_id: UUID, refusal: DomainError, form: str, shown: dict[str, Any]
) -> ResponseReturnValue:
    now = fetch_claim(claim_id)
    if isinstance(refusal, ConflictError) or not form:
        answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return answer(PAGE, **_page(now, refusal=refusal.message))
    fields = shown_fields(shown[form])
    show_refusal(fields[0], refusal)
    return htmx.invalid(PAGE, **_page(now, **shown))


@bp.post("/claims/<uuid:claim_id>/case")
@require(P.SERVICE_LOG)
def update_case(claim_id: UUID) -> ResponseReturnValue:
    """Keep the case in numbers and its parties."""
    claim = fetch_claim(claim_id)
    form = case_form(None)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_page(claim, case=form))

    def act() -> str:
        actions.describe(
            claim,
            form.numbers(),
            text(form.parties),
            text(form.aid_number),
            revision=revision_of(form.revision),
            by=current_member(),
        )
        return ""

    return acted(claim, act, _("已保存案情"), "case", case=form)


@bp.post("/claims/<uuid:claim_id>/papers")
@require(P.SERVICE_LOG)
def add_papers(claim_id: UUID) -> ResponseReturnValue:
    """Put files to a document, or say where it is or why it is not needed."""
    claim = fetch_claim(claim_id)
    form = paper_form()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_page(claim, paper=form))
    document, by = Document.of(form.document.data), current_member()

    def act() -> str:
        if form.judged:
            return actions.add_files(claim, document, form.judged, by=by)
        return actions.say(claim, document, form.said, text(form.reason), by=by)

    return acted(claim, act, _("已更新“%(name)s”", name=document.label), "paper", paper=form)


@bp.post("/claims/<uuid:claim_id>/files/<uuid:claim_file_id>/removal")
@require(P.SERVICE_LOG)
def remove_file(claim_id: UUID, claim_file_id: UUID) -> ResponseReturnValue:
    """Take a file out of the dossier."""
    claim, file = fetch_claim(claim_id), _file(claim_file_id)
    if file.claim_id != claim.id:
        raise NotFoundError()
    by = current_member()
    return acted(claim, lambda: actions.remove_file(claim, file, by=by), _("已移出卷宗"))


@bp.get("/claims/files/<uuid:claim_file_id>")
@require(P.SERVICE_LOG)
def dossier_file(claim_file_id: UUID) -> Response:
    """Show a photo of ours; a PDF that somebody sent is only ever saved."""
    file = _file(claim_file_id)
    return paper(
        queries.content_of(file),
        Document.of(file.document).word,
        is_photo=file.kind == FileKind.PHOTO,
        sent_at=file.arrived_at,
    )


def _file(file_id: UUID) -> ClaimFile:
    file = fetch(ClaimFile, file_id)
    fetch_claim(file.claim_id)
    return file


@bp.post("/claims/<uuid:claim_id>/visit")
@require(P.SERVICE_LOG)
def create_visit(claim_id: UUID) -> ResponseReturnValue:
    """Record the return visit."""
    claim = fetch_claim(claim_id)
    form = visit_form(None)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_page(claim, visit=form))

    def act() -> str:
        actions.visit(
            claim,
            given(form.visit_on),
            VisitWay.of(form.visit_way.data),
            VisitResult.of(form.visit_result.data),
            revision=revision_of(form.revision),
            by=current_member(),
        )
        return ""

    return acted(claim, act, _("已记录回访"), "visit", visit=form)


@bp.post("/claims/<uuid:claim_id>/checking")
@require(P.SERVICE_MANAGE)
def create_checking(claim_id: UUID) -> ResponseReturnValue:
    """Let the checklist decide instead of what an import declared."""
    claim = fetch_claim(claim_id, P.SERVICE_MANAGE)

    def act() -> str:
        actions.by_checklist(claim, by=current_member())
        return ""

    return acted(claim, act, _("已改按清单核对"))
