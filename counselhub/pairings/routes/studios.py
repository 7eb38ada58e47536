"""Studios of the firm in its communities."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, require, visible
from counselhub.core.forms import revision_of
from counselhub.pairings import studio_actions
from counselhub.pairings.forms import ActForm
from counselhub.pairings.routes.blueprint import P, bp, done
from counselhub.pairings.studio_models import PartyStudio
from counselhub.pairings.work_forms import StudioForm, studio_form
from counselhub.places.models import Community

LIST, FORM = "pairings/studios.html", "pairings/studio.html"


def _listed() -> dict[str, Any]:
    sought = request.args.get("q", "").strip()
    query = visible(PartyStudio).join(PartyStudio.community)
    query = query.options(contains_eager(PartyStudio.community))
    for word in sought.split():
        query = query.where(
            Community.search.contains(word.lower(), autoescape=True)
            | PartyStudio.name.icontains(word, autoescape=True)
        )
    query = query.order_by(Community.pinyin, PartyStudio.name, PartyStudio.id)
    return {"page": paging.paged(query), "q": sought}


@bp.get("/pairings/studios")
@require(P.FIRM_READ)
def studios() -> ResponseReturnValue:
    """List the studios."""
    return htmx.show(LIST, **_listed())


def _asked(form: StudioForm, row: PartyStudio | None = None, refusal: str = "") -> dict[str, Any]:
    return {"form": form, "studio": row, "refusal": refusal}


@bp.get("/pairings/studios/new")
@require(P.PAIRING_MANAGE)
def new_studio() -> ResponseReturnValue:
    """Ask for a studio."""
    begins: dict[str, Any] = {"community_code": request.args.get("community", "")}
    return htmx.show(FORM, **_asked(studio_form(**begins, is_public=True)))


@bp.post("/pairings/studios")
@require(P.PAIRING_MANAGE)
def create_studio() -> ResponseReturnValue:
    """Add a studio."""
    form = studio_form()
    if not form.validate_on_submit():
        return htmx.invalid(FORM, **_asked(form))
    return done(
        lambda: studio_actions.add(form.entry(), by=current_member()),
        toast=_("已登记工作室"),
        back_to=url_for(".studios"),
        template=FORM,
        again=lambda sentence: _asked(form, refusal=sentence),
    )


def _fetch(studio_id: UUID) -> PartyStudio:
    return fetch(PartyStudio, studio_id, None, joinedload(PartyStudio.community))


@bp.get("/pairings/studios/<uuid:party_studio_id>")
@require(P.PAIRING_MANAGE)
def studio(party_studio_id: UUID) -> ResponseReturnValue:
    """Show the form of a studio."""
    row = _fetch(party_studio_id)
    return htmx.show(FORM, **_asked(studio_form(row, fresh=True), row))


@bp.post("/pairings/studios/<uuid:party_studio_id>")
@require(P.PAIRING_MANAGE)
def update_studio(party_studio_id: UUID) -> ResponseReturnValue:
    """Change a studio."""
    row = _fetch(party_studio_id)
    form = studio_form(row)
    if not form.validate_on_submit():
        return htmx.invalid(FORM, **_asked(form, row))
    entry, revision = form.entry(), revision_of(form.revision)

    def again(sentence: str) -> dict[str, Any]:
        kept = _fetch(party_studio_id)
        return _asked(studio_form(kept, fresh=True), kept, sentence)

    return done(
        lambda: studio_actions.change(row, entry, revision=revision, by=current_member()),
        toast=_("已保存"),
        back_to=url_for(".studios"),
        template=FORM,
        again=again,
    )


@bp.post("/pairings/studios/<uuid:party_studio_id>/removal")
@require(P.PAIRING_MANAGE)
def create_studio_removal(party_studio_id: UUID) -> ResponseReturnValue:
    """Delete a studio."""
    row, revision = _fetch(party_studio_id), revision_of(ActForm().revision)

    def again(sentence: str) -> dict[str, Any]:
        kept = _fetch(party_studio_id)
        return _asked(studio_form(kept, fresh=True), kept, sentence)

    return done(
        lambda: studio_actions.remove(row, revision=revision, by=current_member()),
        toast=_("工作室已删除"),
        back_to=url_for(".studios"),
        template=FORM,
        again=again,
    )
