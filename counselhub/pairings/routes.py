"""Pages of party-building pairings."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import Permission, current_member, fetch, require
from counselhub.core.errors import ConflictError, DomainError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.pairings import actions, queries
from counselhub.pairings.forms import PairingForm, pairing_form
from counselhub.pairings.models import Pairing

bp = Blueprint("pairings", __name__)


@bp.get("/pairings")
@require(Permission.FIRM_READ)
def pairings() -> ResponseReturnValue:
    """List the pairings."""
    words = request.args.get("q", "").strip()
    sort = sorting.asked_sort(queries.SORTS)
    return htmx.show(
        "pairings/pairings.html",
        page=paging.paged(queries.pairing_list(words, sort)),
        words=words,
        sort=sort,
        today=clock.today(),
        is_over=queries.is_over,
    )


@bp.get("/pairings/new")
@require(Permission.SERVICE_MANAGE)
def new_pairing() -> ResponseReturnValue:
    """Ask for a pairing."""
    return htmx.show("pairings/pairing.html", **_one(pairing_form()))


@bp.post("/pairings")
@require(Permission.SERVICE_MANAGE)
def create_pairing() -> ResponseReturnValue:
    """Add a pairing."""
    form = pairing_form()
    if not form.validate_on_submit():
        return htmx.invalid("pairings/pairing.html", **_one(form))
    try:
        actions.add(form.entry(), by=current_member())
    except (RefusedError, ConflictError) as refusal:
        return _refused(form, refusal)
    flash(_("已登记结对协议"), "success")
    return htmx.gone_to(url_for(".pairings"))


@bp.get("/pairings/<uuid:pairing_id>")
@require(Permission.SERVICE_MANAGE)
def pairing(pairing_id: UUID) -> ResponseReturnValue:
    """Show one pairing to change."""
    found = fetch(Pairing, pairing_id, Permission.SERVICE_MANAGE)
    return htmx.show("pairings/pairing.html", **_one(pairing_form(found), found))


@bp.post("/pairings/<uuid:pairing_id>")
@require(Permission.SERVICE_MANAGE)
def update_pairing(pairing_id: UUID) -> ResponseReturnValue:
    """Change a pairing."""
    found = fetch(Pairing, pairing_id, Permission.SERVICE_MANAGE)
    form = pairing_form(found)
    if not form.validate_on_submit():
        return htmx.invalid("pairings/pairing.html", **_one(form, found))
    revision = revision_of(form.revision)
    try:
        actions.change(found, form.entry(), revision=revision, by=current_member())
    except (RefusedError, ConflictError) as refusal:
        if revision is not None and found.revision != revision:
            shown = _one(pairing_form(found, fresh=True), found, refusal.message)
            return htmx.refused("pairings/pairing.html", **shown)
        return _refused(form, refusal, found)
    flash(_("已保存"), "success")
    return htmx.gone_to(url_for(".pairings"))


def _one(
    form: PairingForm, found: Pairing | None = None, refusal: str | None = None
) -> dict[str, Any]:
    return {"form": form, "pairing": found, "refusal": refusal}


def _refused(
    form: PairingForm, refusal: DomainError, found: Pairing | None = None
) -> ResponseReturnValue:
    """Show the form as it was sent with what stands against it."""
    show_refusal(form.signed_on if refusal.status == 409 else form.valid_until, refusal)
    answer = htmx.refused if refusal.status == 409 else htmx.invalid
    return answer("pairings/pairing.html", **_one(form, found))
