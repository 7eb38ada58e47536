"""One slot more than the terms ask for."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, show_refusal, text
from counselhub.core.i18n import day as day_word
from counselhub.core.permissions import Permission
from counselhub.roster import extra_actions as actions
from counselhub.roster.forms import ExtraForm, extra_form
from counselhub.roster.routes.blueprint import bp
from counselhub.roster.slot_actions import Target

PAGE = "roster/extra.html"


@bp.get("/roster/slots/new")
@require(Permission.DUTY_MANAGE)
def new_slot() -> ResponseReturnValue:
    """Ask for one slot; the address may name community, lawyer and day."""
    return htmx.show(PAGE, form=extra_form(request.args), refusal="")


@bp.post("/roster/slots")
@require(Permission.DUTY_MANAGE)
def create_slot() -> ResponseReturnValue:
    """Plan it."""
    form = extra_form()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, form=form, refusal="")
    try:
        slot = actions.add(_extra(form), by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, form=form, refusal=conflict.message)
    except RefusedError as refusal:
        show_refusal(form.day, refusal)
        return htmx.invalid(PAGE, form=form, refusal="")
    flash(_("已加班次：%(day)s", day=day_word(slot.day)), "success")
    return htmx.gone_to(url_for(".slot", slot_id=slot.id))


def _extra(form: ExtraForm) -> actions.Extra:
    target = Target(
        UUID(form.adviser_id.data), given(form.day), given(form.starts), given(form.ends)
    )
    return actions.Extra(text(form.community_code), target, text(form.reason))
