"""One matter: its page, its form, what ends it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import downloads, history, htmx
from counselhub.core.access import current_member, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.forms import named, revision_of, show_refusal, text
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.matters import actions, decision_queries, document, queries, seals
from counselhub.matters.forms import (
    LinkForm,
    ShowForm,
    WordsForm,
    decline_form,
    show_form,
    values_of,
)
from counselhub.matters.kinds import (
    CONFLICT_TONES,
    MATTER_ACTS,
    ConflictCode,
    ConflictStatus,
    DeclineReason,
    Matched,
    MatterStatus,
    PartyKind,
    PartyRole,
    WallReason,
)
from counselhub.matters.models import Matter
from counselhub.matters.party_form import party_form
from counselhub.matters.routes.blueprint import bp
from counselhub.matters.routes.checks import matter_form_now
from counselhub.matters.routes.lists import words
from counselhub.services.kinds import ServiceKind

PAGE, HELD, FORM, DECLINE = (
    f"matters/{name}.html" for name in ("matter", "held", "form", "declining")
)
MOST_SHOWN = 50


def found(matter_id: UUID, *, to_write: bool = False) -> Matter:
    """Return a matter in sight.

    Raises NotFoundError unseen, ForbiddenError where it is held from the member and he would write.
    """
    matter, is_held = queries.one(matter_id)
    if is_held and to_write:
        raise ForbiddenError(_("这件事项因利益冲突对您冻结，请等主任处理。"))
    return matter


def shown(matter: Matter, *, is_held: bool = False, **more: Any) -> dict[str, Any]:
    """What the page of a matter shows; `more` are the forms that come back."""
    if is_held:
        return {"matter": matter, "deciders": decision_queries.deciders(), **words()}
    parties = queries.parties_of(matter)
    return {
        "matter": matter,
        "parties": [(row, seals.shown(row)) for row in parties],
        "full": None,
        "team": queries.team_of(matter),
        "conflicts": decision_queries.conflicts_of(matter),
        "services": queries.services_of(matter),
        "events": [_happening(event) for event in history.of(matter)[-MOST_SHOWN:][::-1]],
        "refusal": "",
        **words(),
        **CODES,
        **more,
        **_forms(matter, more),
    }


def _forms(matter: Matter, more: Mapping[str, Any]) -> dict[str, Any]:
    """The forms of the page, those that come back among them, each with ids of its own."""
    forms: dict[str, Any] = {
        "party": party_form(formdata=None, revision=matter.revision),
        "link": LinkForm(formdata=None),
        "show": _blank_show(),
        "close": WordsForm(formdata=None, revision=matter.revision),
    }
    return {name: named(more.get(name) or form, name) for name, form in forms.items()}


CODES: dict[str, Any] = {
    "Role": PartyRole,
    "PartyKind": PartyKind,
    "Code": ConflictCode,
    "How": Matched,
    "ConflictStatus": ConflictStatus,
    "conflict_tones": CONFLICT_TONES,
    "Reason": DeclineReason,
    "WallReason": WallReason,
    "ServiceKind": ServiceKind,
}


def _blank_show() -> ShowForm:
    form = ShowForm(formdata=None)
    form.reason.choices = show_form().reason.choices
    return form


def _happening(event: history.Event) -> dict[str, Any]:
    said = (event.detail.get("whom"), event.detail.get("service"), event.detail.get("words"))
    return {
        "at": event.at,
        "who": event.who,
        "what": page_text(MATTER_ACTS[event.act]),
        "note": " · ".join(part for part in said if part) or None,
        "tone": {"freeze": "danger", "unmask_parties": "warning"}.get(event.act, "info"),
    }


def refused(matter_id: UUID, refusal: ConflictError) -> Response:
    """Show the matter as it now is, with why an act on it was refused."""
    db.session.rollback()
    matter = found(matter_id)
    return htmx.refused(PAGE, **shown(matter, refusal=refusal.message))


def back(matter_id: UUID, told: str) -> Response:
    """Go back to the page of a matter, or to the list where it is out of sight now."""
    flash(told, "success")
    if queries.is_seen(matter_id):
        return htmx.gone_to(url_for(".matter", matter_id=matter_id))
    return htmx.gone_to(url_for(".matters"))


@bp.get("/matters/<uuid:matter_id>")
@require(Permission.MATTER_WORK)
def matter(matter_id: UUID) -> ResponseReturnValue:
    """Show one matter; to whom it is held from only that, and who decides."""
    row, is_held = queries.one(matter_id)
    return htmx.show(HELD if is_held else PAGE, **shown(row, is_held=is_held))


@bp.get("/matters/<uuid:matter_id>/edit")
@require(Permission.MATTER_WORK)
def edit_matter(matter_id: UUID) -> ResponseReturnValue:
    """Show the form of a matter."""
    row = found(matter_id, to_write=True)
    members = [member_id for member_id, _name in queries.team_of(row)]
    return htmx.show(FORM, form=matter_form_now(**values_of(row, members)), matter=row, **words())


@bp.post("/matters/<uuid:matter_id>")
@require(Permission.MATTER_WORK)
def change_matter(matter_id: UUID) -> ResponseReturnValue:
    """Write a matter anew; of a frozen one only who decides may."""
    row, form = found(matter_id, to_write=True), matter_form_now()
    if not form.validate_on_submit():
        return htmx.invalid(FORM, form=form, matter=row, **words())
    try:
        actions.change(row, form.entry(), revision=revision_of(form.revision), by=current_member())
    except ConflictError as refusal:
        return refused(matter_id, refusal)
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.adviser_id, refusal)
        return htmx.invalid(FORM, form=form, matter=found(matter_id), **words())
    return back(matter_id, _("已保存"))


@bp.post("/matters/<uuid:matter_id>/unmasking")
@require(Permission.MATTER_WORK)
def create_unmasking(matter_id: UUID) -> ResponseReturnValue:
    """Show the parties in full, once, and record who asked and why."""
    row, form = found(matter_id, to_write=True), show_form()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **shown(row, show=form))
    try:
        full = actions.unmask(row, form.unmask_reason(), text(form.words), by=current_member())
    except RefusedError as refusal:
        show_refusal(form.words, refusal)
        return htmx.invalid(PAGE, **shown(row, show=form))
    return htmx.show(PAGE, **shown(row, full=full))


@bp.post("/matters/<uuid:matter_id>/closing")
@require(Permission.MATTER_WORK)
def create_closing(matter_id: UUID) -> ResponseReturnValue:
    """Close a matter with its result."""
    row, form = found(matter_id, to_write=True), WordsForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **shown(row, close=form))
    try:
        actions.close(row, text(form.words), revision=form.seen, by=current_member())
    except ConflictError as refusal:
        return refused(matter_id, refusal)
    except RefusedError as refusal:
        show_refusal(form.words, refusal)
        return htmx.invalid(PAGE, **shown(row, close=form))
    return back(matter_id, _("已办结"))


@bp.get("/matters/<uuid:matter_id>/declining")
@require(Permission.MATTER_WORK)
def new_declining(matter_id: UUID) -> ResponseReturnValue:
    """Name what declining does, and ask why and whom the client is pointed to."""
    row = found(matter_id, to_write=True)
    return htmx.show(DECLINE, matter=row, form=decline_form(revision=row.revision), **words())


@bp.post("/matters/<uuid:matter_id>/declining")
@require(Permission.MATTER_WORK)
def create_declining(matter_id: UUID) -> ResponseReturnValue:
    """Decline a matter for good."""
    row, form = found(matter_id, to_write=True), decline_form()
    if not form.validate_on_submit():
        return htmx.invalid(DECLINE, matter=row, form=form, **words())
    try:
        actions.decline(
            row,
            DeclineReason(form.reason.data),
            text(form.referred_to),
            text(form.words),
            revision=form.seen,
            by=current_member(),
        )
    except ConflictError as refusal:
        return refused(matter_id, refusal)
    except RefusedError as refusal:
        show_refusal(form.words, refusal)
        return htmx.invalid(DECLINE, matter=row, form=form, **words())
    return back(matter_id, _("已谢绝，可以打印告知书交给委托人"))


@bp.post("/matters/<uuid:matter_id>/declining.pdf")
@require(Permission.MATTER_WORK)
def print_declining(matter_id: UUID) -> ResponseReturnValue:
    """Give the notice for the client as A4; it names him in full, so the printing is on record."""
    row = found(matter_id, to_write=True)
    if row.status != MatterStatus.DECLINED:
        return refused(matter_id, ConflictError(_("谢绝之后才有告知书。"), row=row))
    history.record(row, "print_decline", by=current_member())
    made = document.pdf(row, queries.parties_of(row), current_member().title)
    return downloads.attachment(made, f"谢绝告知书-{row.number}.pdf", "application/pdf")
