"""Whether a lawyer's taps take the phone's position along: asked for here, before the browser."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.errors import ForbiddenError
from counselhub.core.permissions import Permission
from counselhub.points import choice_actions as actions
from counselhub.points.routes.blueprint import bp


@bp.post("/duty/position-choice")
@require(Permission.DUTY_LOG)
def create_choice() -> ResponseReturnValue:
    """Agree to positions at taps."""
    by = current_member()
    if by.adviser_id is None:
        raise ForbiddenError()
    actions.agree(by.adviser_id, by=by)
    flash(_("已开启。下次签到、签退时，手机会问您是否允许定位"), "success")
    return htmx.gone_to(url_for("duty.today"))


@bp.post("/duty/position-choice/removal")
@require(Permission.DUTY_LOG)
def create_choice_removal() -> ResponseReturnValue:
    """Take the word back."""
    by = current_member()
    if by.adviser_id is None:
        raise ForbiddenError()
    actions.take_back(by.adviser_id, by=by)
    flash(_("已关闭，打卡不再取位置"), "success")
    return htmx.gone_to(url_for("duty.today"))
