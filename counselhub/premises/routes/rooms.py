"""The office's rooms: what is to be done first, each community's record, its photos."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError, NotFoundError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.premises import issue_actions, lists, pages, queries, room_actions
from counselhub.premises.forms import (
    PhotoForm,
    issue_form,
    letter_day_form,
    room_form,
)
from counselhub.premises.kinds import IssueKind
from counselhub.premises.models import PremisesFile
from counselhub.premises.routes.blueprint import bp

P = Permission
PAGE, LIST = "premises/room.html", "premises/rooms.html"


@bp.get("/premises")
@require(P.PREMISES_READ)
def rooms() -> ResponseReturnValue:
    """List the communities of the street, those longest unseen first."""
    return htmx.show(LIST, **_listed())


def _listed(**changes: Any) -> dict[str, Any]:
    street, q = current_member().street_code, request.args.get("q", "").strip()
    sort = sorting.asked_sort(lists.ROOM_SORTS)
    if "sort" not in request.args:
        sort = "inspected"  # those that nobody has looked at come first
    weekday = queries.letter_weekday(street)
    return {
        "page": paging.paged(lists.rooms(street, q, sort)),
        "tallies": lists.tallies(),
        "waiting": lists.waiting(),
        "unseen": lists.unseen(street),
        "reminders": lists.reminders(street),
        "letter_day": letter_day_form(weekday, fresh=True),
        "q": q,
        "sort": sort,
        "fact": queries.fact_of,
        **pages.words(),
    } | changes


@bp.post("/premises/letter-day")
@require(P.PREMISES_KEEP)
def set_letter_day() -> ResponseReturnValue:
    """Set the weekday on which letters are due."""
    form = letter_day_form(queries.letter_weekday(current_member().street_code))
    if not form.validate_on_submit():
        return htmx.invalid(LIST, **_listed(letter_day=form))
    room_actions.set_letter_day(int(form.weekday.data), by=current_member())
    flash(_("已设置，从下一个问题起按这一天"), "success")
    return htmx.gone_to(url_for(".rooms"))


def _shown(code: str, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    community = room_actions.community_of(code, current_member().street_code)
    row, issues = queries.room_of(code), queries.issues_of(code)
    return {
        "community": community,
        "is_served": queries.is_served(code),
        "room": row,
        "photos": queries.files_of_room(row) if row else (),
        "issues": issues,
        "reports": lists.reports_of(code),
        "form": room_form(row, fresh=True),
        "photo": PhotoForm(formdata=None, revision=row.revision if row else ""),
        "new_issue": issue_form(fresh=True),
        "refusal": refusal,
        **pages.words(),
        **forms,
    }


@bp.get("/premises/rooms/<code>")
@require(P.PREMISES_READ)
def room(code: str) -> ResponseReturnValue:
    """Show what is known of one community's room and board."""
    return htmx.show(PAGE, **_shown(code))


@bp.post("/premises/rooms/<code>")
@require(P.PREMISES_KEEP)
def keep_room(code: str) -> ResponseReturnValue:
    """Write down what was found."""
    _shown_only_here(code)
    form = room_form(queries.room_of(code))

    def act() -> str:
        room_actions.keep(code, form.entry(), by=current_member(), revision=form.seen)
        return str(_("场所情况已登记"))

    return _done(code, form, form.inspected_on, act, form=form)


@bp.post("/premises/rooms/<code>/photos")
@require(P.PREMISES_KEEP)
def create_photo(code: str) -> ResponseReturnValue:
    """Add a photo of the room."""
    _shown_only_here(code)
    form, row = PhotoForm(), queries.room_of(code)
    if row is None:
        raise NotFoundError()

    def act() -> str:
        room_actions.add_photo(row, form.sent, by=current_member())
        return str(_("照片已添加"))

    return _done(code, form, form.file, act, photo=form)


@bp.post("/premises/photos/<uuid:premises_file_id>/removal")
@require(P.PREMISES_KEEP)
def remove_photo(premises_file_id: UUID) -> ResponseReturnValue:
    """Delete a photo of a room."""
    row = room_actions.remove_photo(fetch(PremisesFile, premises_file_id), by=current_member())
    flash(_("照片已删除"), "success")
    return htmx.gone_to(url_for(".room", code=row.community_code))


@bp.post("/premises/rooms/<code>/issues")
@require(P.PREMISES_KEEP)
def create_issue(code: str) -> ResponseReturnValue:
    """Write down what the community lacks."""
    _shown_only_here(code)
    form = issue_form()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(code, new_issue=form))
    try:
        kind = IssueKind.of(form.kind.data)
        issue = issue_actions.report(code, kind, text(form.words), by=current_member())
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(code, refusal=conflict.message, new_issue=form))
    flash(_("已登记，%(day)s前交盖章说明", day=issue.letter_due_on), "success")
    return htmx.gone_to(url_for(".issue", issue_id=issue.id))


def _shown_only_here(code: str) -> None:
    """Raise NotFoundError for a community of another street before anything is judged."""
    room_actions.community_of(code, current_member().street_code)


def _done(
    code: str, sent: Any, field: Any, act: Callable[[], str], **shown: Any
) -> ResponseReturnValue:
    """Do it to the room as the page showed it; a refusal is told on it as it now is."""
    if not sent.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(code, **shown))
    try:
        toast = act()
    except DomainError as refusal:
        db.session.rollback()
        if isinstance(refusal, ConflictError):
            return htmx.refused(PAGE, **_shown(code, refusal=refusal.message))
        if not isinstance(refusal, RefusedError):
            raise
        show_refusal(field, refusal)
        return htmx.invalid(PAGE, **_shown(code, **shown))
    flash(toast, "success")
    return htmx.gone_to(url_for(".room", code=code))
