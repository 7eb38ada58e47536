"""What was promised to a community, and its groups."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.forms import Form, RevisionForm
from counselhub.handovers import keeping, queries
from counselhub.handovers.forms import (
    GroupForm,
    People,
    group_form,
    people,
    promise_form,
)
from counselhub.handovers.kinds import GroupLevel
from counselhub.handovers.models import ChatGroup, Promise
from counselhub.handovers.routes.blueprint import P, bp, community_of

PAGE = "handovers/keeping.html"


@bp.get("/communities/<code>/promises")
@require(P.FIRM_READ)
def promises(code: str) -> ResponseReturnValue:
    """Show what a community was promised, and its groups; `?group=` opens one to mend it."""
    return htmx.show(PAGE, **_shown(code))


def _shown(code: str, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    groups, known = queries.groups_of(code), people()
    return {
        "community": community_of(code),
        "promises": queries.promises_of(code),
        "groups": groups,
        "promise": promise_form(known, current_member().adviser_id, fresh=True),
        "group": group_form(known, None, fresh=True),
        "edited": _edited(groups, known),
        "Level": GroupLevel,
        "today": clock.today(),
        "refusal": refusal,
        **forms,
    }


def _edited(groups: list[ChatGroup], known: People) -> tuple[UUID, GroupForm] | None:
    """Return the group that the address asks to mend, with its form."""
    asked = request.args.get("group", "")
    row = next((one for one in groups if str(one.id) == asked and not one.closed_on), None)
    return (row.id, group_form(known, row, fresh=True)) if row else None


@bp.post("/communities/<code>/promises")
@require(P.SERVICE_LOG)
def create_promise(code: str) -> ResponseReturnValue:
    """Write down what was promised."""
    community_of(code)
    form = promise_form(people(), None, fresh=False)

    def act() -> str:
        keeping.promise(code, form.entry(), by=current_member())
        return str(_("承诺已记下，换人时会列进交接清单"))

    return _done(code, form, act, form.due_on, promise=form)


@bp.post("/promises/<uuid:promise_id>/keeping")
@require(P.SERVICE_LOG)
def keep_promise(promise_id: UUID) -> ResponseReturnValue:
    """Say that it was kept."""
    row, form = fetch(Promise, promise_id), RevisionForm()

    def act() -> str:
        keeping.keep(row, by=current_member(), revision=form.seen)
        return str(_("已记为兑现"))

    return _done(row.community_code, form, act)


@bp.post("/promises/<uuid:promise_id>/withdrawal")
@require(P.SERVICE_LOG)
def withdraw_promise(promise_id: UUID) -> ResponseReturnValue:
    """Take back what was written down wrongly."""
    row, form = fetch(Promise, promise_id), RevisionForm()

    def act() -> str:
        keeping.withdraw(row, by=current_member(), revision=form.seen)
        return str(_("承诺已撤下"))

    return _done(row.community_code, form, act)


@bp.post("/communities/<code>/groups")
@require(P.SERVICE_LOG)
def create_group(code: str) -> ResponseReturnValue:
    """Write a group down."""
    community_of(code)
    form = group_form(people(), None, fresh=False)

    def act() -> str:
        keeping.add_group(code, form.entry(), by=current_member())
        return str(_("微信群已登记"))

    return _done(code, form, act, form.name, group=form)


@bp.post("/groups/<uuid:group_id>")
@require(P.SERVICE_LOG)
def change_group(group_id: UUID) -> ResponseReturnValue:
    """Mend a group."""
    row = fetch(ChatGroup, group_id)
    form = group_form(people(), row, fresh=False)

    def act() -> str:
        keeping.change_group(row, form.entry(), by=current_member(), revision=form.seen)
        return str(_("微信群已更新"))

    return _done(row.community_code, form, act, form.name, edited=(group_id, form))


@bp.post("/groups/<uuid:group_id>/closing")
@require(P.SERVICE_LOG)
def close_group(group_id: UUID) -> ResponseReturnValue:
    """Say that a group is dissolved."""
    row, form = fetch(ChatGroup, group_id), RevisionForm()

    def act() -> str:
        keeping.close_group(row, by=current_member(), revision=form.seen)
        return str(_("已记为解散"))

    return _done(row.community_code, form, act)


def _done(
    code: str, form: Form, act: Callable[[], str], field: Field | None = None, **kept: Any
) -> ResponseReturnValue:
    back = url_for(".promises", code=code)
    look = partial(_shown, code)
    return attempt(form, lambda: told(act(), back), look, page=PAGE, field=field, **kept)
