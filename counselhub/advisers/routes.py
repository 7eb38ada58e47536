"""Pages of the roll of advisers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.advisers import actions, queries
from counselhub.advisers.forms import AdviserForm, DepartureForm, filled
from counselhub.advisers.kinds import AdviserCategory, PoliticalStatus
from counselhub.advisers.models import Adviser
from counselhub.assignments import queries as assignments
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.rules import COMFORTABLE_COMMUNITIES
from counselhub.core import clock, history, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, revision_of, show_refusal
from counselhub.core.permissions import Permission

bp = Blueprint("advisers", __name__)


@bp.get("/advisers")
@require(Permission.FIRM_READ)
def advisers() -> ResponseReturnValue:
    """List the roll; who has left is hidden unless asked for."""
    order = request.args.get("sort", "name")
    direction = request.args.get("direction", "asc")
    with_left = request.args.get("left") == "1"
    words = request.args.get("q")
    query = queries.roll(words, with_left=with_left, order=order, descending=direction == "desc")
    return htmx.show(
        "advisers/advisers.html",
        page=paging.paged(query),
        order=order,
        direction=direction,
        with_left=with_left,
        filtered=bool(words),
        categories=AdviserCategory,
        most=COMFORTABLE_COMMUNITIES,
        today=clock.today(),
    )


@bp.get("/advisers/new")
@require(Permission.ADVISER_MANAGE)
def new_adviser() -> ResponseReturnValue:
    """Ask for a new adviser."""
    return htmx.show("advisers/new.html", form=AdviserForm(joined_on=clock.today()))


@bp.post("/advisers")
@require(Permission.ADVISER_MANAGE)
def create_adviser() -> ResponseReturnValue:
    """Add an adviser."""
    form = AdviserForm()
    if form.validate_on_submit():
        try:
            adviser = actions.save(None, form.given, by=current_member())
            return _to(adviser, _("已登记%(name)s", name=adviser.name))
        except RefusedError as refusal:
            show_refusal(form.licence_number, refusal)
    return htmx.invalid("advisers/new.html", form=form)


@bp.get("/advisers/<uuid:adviser_id>")
@require(Permission.FIRM_READ)
def adviser(adviser_id: UUID) -> ResponseReturnValue:
    """Show one adviser: communities, and for those who keep the roll the contact."""
    return htmx.show("advisers/adviser.html", **_page(fetch(Adviser, adviser_id)))


@bp.get("/advisers/<uuid:adviser_id>/edit")
@require(Permission.ADVISER_MANAGE)
def edit_adviser(adviser_id: UUID) -> ResponseReturnValue:
    """Show the form with what the roll says now."""
    row = fetch(Adviser, adviser_id)
    return htmx.show("advisers/edit.html", adviser=row, form=filled(row), refusal="")


@bp.post("/advisers/<uuid:adviser_id>")
@require(Permission.ADVISER_MANAGE)
def change_adviser(adviser_id: UUID) -> ResponseReturnValue:
    """Change an adviser; a stale form is refused and shows the roll as it now is."""
    row, form = fetch(Adviser, adviser_id), AdviserForm()
    try:
        history.expect(row, revision_of(form.revision))
        if form.validate_on_submit():
            actions.save(row, form.given, by=current_member())
            return _to(row, _("已保存"))
    except ConflictError as conflict:
        return htmx.refused(
            "advisers/edit.html", adviser=row, form=filled(row), refusal=conflict.message
        )
    except RefusedError as refusal:
        show_refusal(form.licence_number, refusal)
    return htmx.invalid("advisers/edit.html", adviser=row, form=form, refusal="")


@bp.post("/advisers/<uuid:adviser_id>/departure")
@require(Permission.ADVISER_MANAGE)
def create_departure(adviser_id: UUID) -> ResponseReturnValue:
    """Note the last day; every assignment ends with it."""
    row, form = fetch(Adviser, adviser_id), DepartureForm()
    try:
        history.expect(row, revision_of(form.revision))
        if form.validate_on_submit():
            ended = actions.leave(row, given(form.left_on), by=current_member())
            return _to(
                row,
                _("已登记离职，结束了%(count)d项指派；账号请在“账号”页停用", count=ended),
            )
    except ConflictError as conflict:
        return htmx.refused("advisers/adviser.html", **_page(row, refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.left_on, refusal)
    return htmx.invalid("advisers/adviser.html", **_page(row, departure=form))


@bp.post("/advisers/<uuid:adviser_id>/return")
@require(Permission.ADVISER_MANAGE)
def create_return(adviser_id: UUID) -> ResponseReturnValue:
    """Take the day of leaving back."""
    row = fetch(Adviser, adviser_id)
    actions.come_back(row, by=current_member())
    return _to(row, _("已撤销离职；需要时请重新指派社区"))


def _page(
    row: Adviser, *, departure: DepartureForm | None = None, refusal: str = ""
) -> dict[str, Any]:
    today = clock.today()
    served = assignments.of_adviser(row.id)
    return {
        "adviser": row,
        "category": AdviserCategory(row.category).label,
        "statuses": PoliticalStatus,
        "role_word": AssignmentRole,
        "served": served,
        "running": [one for one in served if one.ends_on is None or one.ends_on >= today],
        "led": assignments.communities_led(row.id, today),
        "most": COMFORTABLE_COMMUNITIES,
        "departure": departure
        or DepartureForm(formdata=None, revision=row.revision, left_on=row.left_on or today),
        "today": today,
        "refusal": refusal,
    }


def _to(row: Adviser, toast: str) -> ResponseReturnValue:
    flash(toast, "success")
    return htmx.gone_to(url_for(".adviser", adviser_id=row.id))
