"""Pages of liaisons, of a community's team, and the list that the office sees."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from counselhub.advisers.models import Adviser
from counselhub.assignments import queries as assignments
from counselhub.assignments.actions import days_of
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.errors import NotFoundError
from counselhub.core.forms import Form, RevisionForm, given
from counselhub.core.permissions import Permission
from counselhub.liaisons import actions, queries
from counselhub.liaisons.forms import (
    EndingForm,
    LiaisonForm,
    liaison_form,
    post_form,
)
from counselhub.liaisons.kinds import CommitteeRole
from counselhub.liaisons.models import CommitteePost, Liaison
from counselhub.liaisons.queries import TABS, Asked
from counselhub.liaisons.rules import wants_check
from counselhub.places import queries as places

P = Permission
LIST, EDIT, TEAM = "liaisons/liaisons.html", "liaisons/liaison.html", "liaisons/team.html"
bp = Blueprint("liaisons", __name__)


def _asked() -> Asked:
    tab = request.args.get("tab", TABS[0])
    return Asked(tab if tab in TABS else TABS[0], request.args.get("q", "").strip())


@bp.get("/liaisons")
@require(P.FIRM_READ)
def liaisons() -> ResponseReturnValue:
    """List whom to call in streets and communities; those to be made sure of are marked."""
    return htmx.show(LIST, **_listed())


def _listed(*, refusal: str = "") -> dict[str, Any]:
    asked, today = _asked(), clock.today()
    return {
        "page": paging.paged(queries.liaisons(asked, today)),
        "due": queries.due_count(today),
        "asked": asked,
        "wants": lambda one: wants_check(one.checked_on, one.ends_on, today),
        "is_firm": True,
        "refusal": refusal,
    }


@bp.get("/shared-liaisons")
@require(P.REVIEW_READ, P.PREMISES_READ)
def shared() -> ResponseReturnValue:
    """Show the office whom the firms of its street call."""
    asked, today = _asked(), clock.today()
    page = paging.paged(queries.liaisons(asked, today))
    return htmx.show(
        LIST,
        page=page,
        due=queries.due_count(today),
        asked=asked,
        wants=lambda one: wants_check(one.checked_on, one.ends_on, today),
        is_firm=False,
        refusal="",
    )


@bp.get("/liaisons/new")
@require(P.SERVICE_LOG)
def new_liaison() -> ResponseReturnValue:
    """Ask whom to call."""
    return htmx.show(EDIT, **_edited(None))


@bp.post("/liaisons")
@require(P.SERVICE_LOG)
def create_liaison() -> ResponseReturnValue:
    """Write a liaison down."""
    form = liaison_form(None, fresh=False)

    def act() -> str:
        actions.add(form.entry(), by=current_member())
        return str(_("联络员已登记，街道司法所也能看到"))

    return _kept(None, form, act)


@bp.get("/liaisons/<uuid:liaison_id>")
@require(P.SERVICE_LOG)
def liaison(liaison_id: UUID) -> ResponseReturnValue:
    """Show one liaison to be mended, or to leave."""
    return htmx.show(EDIT, **_edited(liaison_id))


@bp.post("/liaisons/<uuid:liaison_id>")
@require(P.SERVICE_LOG)
def change_liaison(liaison_id: UUID) -> ResponseReturnValue:
    """Mend a liaison."""
    row = fetch(Liaison, liaison_id)
    form = liaison_form(row, fresh=False)

    def act() -> str:
        actions.change(row, form.entry(), by=current_member(), revision=form.seen)
        return str(_("联络员已更新"))

    return _kept(liaison_id, form, act)


def _kept(
    liaison_id: UUID | None, form: LiaisonForm, act: Callable[[], str]
) -> ResponseReturnValue:
    look, field = partial(_edited, liaison_id), form.starts_on
    back = url_for(".liaisons")
    return attempt(form, lambda: told(act(), back), look, page=EDIT, field=field, typed=form)


def _edited(
    liaison_id: UUID | None,
    *,
    typed: LiaisonForm | None = None,
    ending: EndingForm | None = None,
    refusal: str = "",
) -> dict[str, Any]:
    """Return what the form of a liaison shows: what was typed, else the row as it now is."""
    row = fetch(Liaison, liaison_id) if liaison_id else None
    revision = row.revision if row else ""
    place = request.args.get("place", "")
    return {
        "liaison": row,
        "form": typed or liaison_form(row, fresh=True, place=place),
        "ending": ending or EndingForm(formdata=None, revision=revision, last_on=clock.today()),
        "refusal": refusal,
    }


@bp.post("/liaisons/<uuid:liaison_id>/check")
@require(P.SERVICE_LOG)
def check_liaison(liaison_id: UUID) -> ResponseReturnValue:
    """Say that everything is still right."""
    row, form = fetch(Liaison, liaison_id), RevisionForm()

    def act() -> str:
        actions.check(row, by=current_member(), revision=form.seen)
        return str(_("已核对"))

    back = url_for(".liaisons", tab="due")
    return attempt(form, lambda: told(act(), back), _listed, page=LIST)


@bp.post("/liaisons/<uuid:liaison_id>/ending")
@require(P.SERVICE_LOG)
def end_liaison(liaison_id: UUID) -> ResponseReturnValue:
    """Say that a liaison leaves."""
    row, form = fetch(Liaison, liaison_id), EndingForm()

    def act() -> str:
        actions.end(row, given(form.last_on), by=current_member(), revision=form.seen)
        return str(_("已记为离任，请登记接任的联络员"))

    look, field = partial(_edited, liaison_id), form.last_on
    back = url_for(".new_liaison", place=row.community_code or row.street_code)
    return attempt(form, lambda: told(act(), back), look, page=EDIT, field=field, ending=form)


@bp.get("/communities/<code>/team")
@require(P.FIRM_READ)
def team(code: str) -> ResponseReturnValue:
    """Show who serves a community, who sits on its committee, and whom to call there."""
    return htmx.show(TEAM, **_team(code))


def _team(code: str, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    community, today = places.by_code(code), clock.today()
    if community is None:
        raise NotFoundError()
    return {
        "community": community,
        "serving": _serving(code, today),
        "posts": queries.posts_of(code),
        "liaisons": queries.around(code, today),
        "post": post_form(fresh=True),
        "ending": None,
        "Role": AssignmentRole,
        "CommitteeRole": CommitteeRole,
        "days_of": days_of,
        "wants": lambda one: wants_check(one.checked_on, one.ends_on, today),
        "today": today,
        "refusal": refusal,
        **forms,
    }


def _serving(code: str, today: date) -> list[Assignment]:
    """Return who serves a community today, the lead first."""
    now = (one for one in assignments.of_community(code) if _on(one, today))
    return sorted(now, key=lambda one: (one.role != AssignmentRole.LEAD, one.starts_on))


def _on(one: Assignment, day: date) -> bool:
    return one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)


@bp.post("/communities/<code>/posts")
@require(P.ASSIGN)
def create_post(code: str) -> ResponseReturnValue:
    """Write down that an adviser joins the committee."""
    community = places.by_code(code)
    if community is None:
        raise NotFoundError()
    form = post_form(fresh=False)

    def act() -> str:
        taker = fetch(Adviser, form.chosen)
        actions.begin_post(community, taker, form.entry(), by=current_member())
        return str(_("任职已登记"))

    return _done(code, form, act, form.starts_on, post=form)


@bp.post("/posts/<uuid:post_id>/ending")
@require(P.ASSIGN)
def end_post(post_id: UUID) -> ResponseReturnValue:
    """End a post."""
    row, form = fetch(CommitteePost, post_id), EndingForm()

    def act() -> str:
        actions.end_post(row, given(form.last_on), by=current_member(), revision=form.seen)
        return str(_("任职已结束"))

    return _done(row.community_code, form, act, form.last_on, ending=(post_id, form))


def _done(
    code: str, form: Form, act: Callable[[], str], field: Field, **kept: Any
) -> ResponseReturnValue:
    back = url_for(".team", code=code)
    look = partial(_team, code)
    return attempt(form, lambda: told(act(), back), look, page=TEAM, field=field, **kept)
