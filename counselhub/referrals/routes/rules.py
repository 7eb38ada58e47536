"""The firm's limits and liaison; what its communities need."""

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.duty.queries import served_communities
from counselhub.places.models import short_name
from counselhub.referrals import gather, team_actions
from counselhub.referrals.kinds import Speciality
from counselhub.referrals.routes.blueprint import bp
from counselhub.referrals.team_forms import NeedsForm, needs_form, rule_form

RULES, NEEDS = "referrals/rules.html", "referrals/needs.html"


@bp.get("/referrals/rules")
@require(Permission.REFERRAL_MANAGE)
def rules() -> ResponseReturnValue:
    """Show the limits by urgency and who is told when they pass."""
    return htmx.show(RULES, form=rule_form(gather.rule(), fresh=True), refusal="")


@bp.post("/referrals/rules")
@require(Permission.REFERRAL_MANAGE)
def update_rules() -> ResponseReturnValue:
    """Keep them; limits that run already stay."""
    form = rule_form(gather.rule())
    if not form.validate_on_submit():
        return htmx.invalid(RULES, form=form, refusal="")
    try:
        team_actions.set_rule(
            form.entry(), revision=revision_of(form.revision), by=current_member()
        )
    except ConflictError as conflict:
        fresh = rule_form(gather.rule(), fresh=True)
        return htmx.refused(RULES, form=fresh, refusal=conflict.message)
    except RefusedError as refusal:
        show_refusal(form.liaison_id, refusal)
        return htmx.invalid(RULES, form=form, refusal="")
    flash(_("已保存，从新的步骤起生效"), "success")
    return htmx.gone_to(url_for(".rules"))


@bp.get("/referrals/needs")
@require(Permission.REFERRAL_MANAGE)
def needs() -> ResponseReturnValue:
    """Show what each community needs most."""
    return htmx.show(NEEDS, **_listed(needs_form(fresh=True)))


def _listed(form: NeedsForm) -> dict[str, Any]:
    places = [(place.code, short_name(place.name)) for place in served_communities()]
    return {"form": form, "needs": team_actions.needs(), "places": places}


@bp.post("/referrals/needs")
@require(Permission.REFERRAL_MANAGE)
def update_needs() -> ResponseReturnValue:
    """Keep one community's list."""
    form = needs_form()
    if not form.validate_on_submit():
        return htmx.invalid(NEEDS, **_listed(form))
    chosen = [Speciality.of(code) for code in form.needs.data or []]
    try:
        team_actions.set_needs(given(form.community_code), chosen, by=current_member())
    except RefusedError as refusal:
        show_refusal(form.community_code, refusal)
        return htmx.invalid(NEEDS, **_listed(form))
    flash(_("需求清单已更新"), "success")
    return htmx.gone_to(url_for(".needs"))
