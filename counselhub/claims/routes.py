"""Pages of case claims."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.claims import actions, dossier_queries, queries, wording
from counselhub.claims.forms import ClaimForm, claim_form
from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.claims.models import CaseClaim
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, DomainError, FrozenError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission

bp = Blueprint("claims", __name__)


@bp.get("/claims")
@require(Permission.FIRM_READ)
def claims() -> ResponseReturnValue:
    """List the claims closed in a month, with what is still missing."""
    return list_page(paging.asked_month())


def list_page(
    month: date,
    answer: Callable[..., ResponseReturnValue] = htmx.show,
    refusal: str | None = None,
) -> ResponseReturnValue:
    """Answer with the list of a month, beside the sentence of a refusal if there is one."""
    sort = sorting.asked_sort(queries.SORTS)
    last = clock.last_day(month)
    asked = {name: request.args.get(name, "").strip() for name in ("state", "q")}
    page = paging.paged(dossier_queries.claim_list(month, last, asked, sort))
    return answer(
        "claims/claims.html",
        refusal=refusal,
        page=page,
        rows=dossier_queries.shown(page.items),
        clash=wording.clash,
        tones=wording.TONES,
        totals=queries.totals(month, last),
        month=paging.month_links(month),
        asked=asked,
        sort=sort,
        difficulties={one.value: one.label for one in Difficulty},
        forms={one.value: one.label for one in AgreementForm},
    )


@bp.get("/claims/new")
@require(Permission.SERVICE_MANAGE)
def new_claim() -> ResponseReturnValue:
    """Ask for a claim."""
    return htmx.show("claims/claim.html", **_one(claim_form()))


@bp.post("/claims")
@require(Permission.SERVICE_MANAGE)
def create_claim() -> ResponseReturnValue:
    """Add a claim."""
    form = claim_form()
    if not form.validate_on_submit():
        return htmx.invalid("claims/claim.html", **_one(form))
    try:
        made = actions.add(form.entry(), form.party(), by=current_member())
    except (RefusedError, ConflictError) as refusal:
        return _refused(form, refusal)
    flash(_("已登记案件 %(number)s", number=made.number), "success")
    return htmx.gone_to(_month_of(made))


@bp.get("/claims/<uuid:claim_id>")
@require(Permission.SERVICE_MANAGE)
def claim(claim_id: UUID) -> ResponseReturnValue:
    """Show one claim to change."""
    found = fetch(CaseClaim, claim_id, Permission.SERVICE_MANAGE)
    return htmx.show("claims/claim.html", **_one(claim_form(found), found))


@bp.post("/claims/<uuid:claim_id>")
@require(Permission.SERVICE_MANAGE)
def update_claim(claim_id: UUID) -> ResponseReturnValue:
    """Change a claim."""
    found = fetch(CaseClaim, claim_id, Permission.SERVICE_MANAGE)
    form = claim_form(found)
    if not form.validate_on_submit():
        return htmx.invalid("claims/claim.html", **_one(form, found))
    revision = revision_of(form.revision)
    try:
        actions.change(found, form.entry(), form.party(), revision=revision, by=current_member())
    except (RefusedError, ConflictError) as refusal:
        if refusal.row is found or isinstance(refusal, FrozenError):
            shown = _one(claim_form(found, fresh=True), found, refusal.message)
            return htmx.refused("claims/claim.html", **shown)
        return _refused(form, refusal, found)
    flash(_("已保存"), "success")
    return htmx.gone_to(_month_of(found))


def _one(
    form: ClaimForm, found: CaseClaim | None = None, refusal: str | None = None
) -> dict[str, Any]:
    return {"form": form, "claim": found, "refusal": refusal}


def _refused(
    form: ClaimForm, refusal: DomainError, found: CaseClaim | None = None
) -> ResponseReturnValue:
    """Show the form as it was sent with what stands against it."""
    show_refusal(form.number if refusal.status == 409 else form.closed_on, refusal)
    answer = htmx.refused if refusal.status == 409 else htmx.invalid
    return answer("claims/claim.html", **_one(form, found))


def _month_of(found: CaseClaim) -> str:
    return url_for(".claims", month=f"{found.closed_on:%Y-%m}")
