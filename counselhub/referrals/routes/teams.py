"""Pages of teams."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.duty.queries import served_communities
from counselhub.places.models import short_name
from counselhub.referrals import team_actions
from counselhub.referrals.forms import ActForm
from counselhub.referrals.kinds import Speciality, TeamRole
from counselhub.referrals.routes.blueprint import bp
from counselhub.referrals.team_forms import TeamForm, team_form
from counselhub.referrals.team_models import Team

TEAM = "referrals/team.html"


@bp.get("/teams")
@require(Permission.REFERRAL_USE)
def teams() -> ResponseReturnValue:
    """List the teams with what they know, where they work and who is in them."""
    found = team_actions.teams()
    members: dict[UUID, list[object]] = {}
    for one in team_actions.members_of([team.id for team in found]):
        members.setdefault(one.team_id, []).append(one)
    return htmx.show(
        "referrals/teams.html",
        teams=found,
        members=members,
        places={place.code: short_name(place.name) for place in served_communities()},
        Speciality=Speciality,
        TeamRole=TeamRole,
    )


@bp.get("/teams/new")
@require(Permission.REFERRAL_MANAGE)
def new_team() -> ResponseReturnValue:
    """Form a team."""
    return htmx.show(TEAM, team=None, form=team_form(None, fresh=True), refusal="")


@bp.post("/teams")
@require(Permission.REFERRAL_MANAGE)
def create_team() -> ResponseReturnValue:
    """Keep it."""
    form = team_form(None)
    return _kept(
        None, form, lambda: team_actions.create(form.entry(), by=current_member()), _("团队已建立")
    )


@bp.get("/teams/<uuid:team_id>")
@require(Permission.REFERRAL_MANAGE)
def team(team_id: UUID) -> ResponseReturnValue:
    """Change a team."""
    found = fetch(Team, team_id)
    return htmx.show(TEAM, team=found, form=team_form(found, fresh=True), refusal="")


@bp.post("/teams/<uuid:team_id>")
@require(Permission.REFERRAL_MANAGE)
def update_team(team_id: UUID) -> ResponseReturnValue:
    """Keep the changes; who leaves and joins is recorded."""
    found = fetch(Team, team_id)
    form = team_form(found)

    def change() -> None:
        revision = revision_of(form.revision)
        team_actions.change(found, form.entry(), revision=revision, by=current_member())

    return _kept(found, form, change, _("已保存"))


def _kept(
    found: Team | None, form: TeamForm, do: Callable[[], object], toast: str
) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return htmx.invalid(TEAM, team=found, form=form, refusal="")
    try:
        do()
    except ConflictError as conflict:
        return htmx.refused(TEAM, team=found, form=form, refusal=conflict.message)
    except RefusedError as refusal:
        show_refusal(form.member_ids, refusal)
        return htmx.invalid(TEAM, team=found, form=form, refusal="")
    flash(toast, "success")
    return htmx.gone_to(url_for(".teams"))


@bp.post("/teams/<uuid:team_id>/end")
@require(Permission.REFERRAL_MANAGE)
def create_team_end(team_id: UUID) -> ResponseReturnValue:
    """End a team."""
    found, form = fetch(Team, team_id), ActForm()
    form.validate_on_submit()
    try:
        team_actions.end(found, revision=revision_of(form.revision), by=current_member())
    except ConflictError as conflict:
        fresh = team_form(found, fresh=True)
        return htmx.refused(TEAM, team=found, form=fresh, refusal=conflict.message)
    flash(_("团队已停用，正在承办的转介不变"), "success")
    return htmx.gone_to(url_for(".teams"))
