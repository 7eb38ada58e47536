"""The community's codes at the firm's desk: a link for its screen, a sheet for its wall."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.permissions import Permission
from counselhub.points import code_actions as actions
from counselhub.points import queries
from counselhub.points.routes.blueprint import PAGE, bp, page_of, place_of, qr


@bp.post("/duty/points/<code>/screen")
@require(Permission.DUTY_MANAGE)
def create_screen(code: str) -> ResponseReturnValue:
    """Make a link for the screen, which ends the one before, and show it once."""
    community = place_of(code)
    token = actions.open_screen(community, by=current_member())
    address = url_for(".screen", token=token, _external=True)
    link = {"address": address, "qr": qr(address)}
    return htmx.show(PAGE, **page_of(community, link=link))


@bp.post("/duty/points/<code>/screen/removal")
@require(Permission.DUTY_MANAGE)
def create_screen_removal(code: str) -> ResponseReturnValue:
    """End the link."""
    actions.end_screen(place_of(code), by=current_member())
    return _back(code, _("已停用屏幕链接"))


@bp.get("/duty/points/<code>/sheet")
@require(Permission.DUTY_MANAGE)
def sheet(code: str) -> ResponseReturnValue:
    """Show the sheet for the wall, to print on A4."""
    community, row = place_of(code), queries.code_of(code)
    shown = qr(actions.sheet_code(row))
    firm = current_member().title
    return htmx.show("points/sheet.html", community=community, row=row, qr=shown, firm=firm)


@bp.post("/duty/points/<code>/sheet")
@require(Permission.DUTY_MANAGE)
def create_sheet(code: str) -> ResponseReturnValue:
    """Make a new version of the sheet; the one before ends."""
    actions.renew_sheet(place_of(code), by=current_member())
    return htmx.gone_to(url_for(".sheet", code=code))


@bp.post("/duty/points/<code>/sheet/removal")
@require(Permission.DUTY_MANAGE)
def create_sheet_removal(code: str) -> ResponseReturnValue:
    """End the sheet."""
    actions.end_sheet(place_of(code), by=current_member())
    return _back(code, _("已停用张贴码"))


def _back(code: str, toast: str) -> ResponseReturnValue:
    flash(toast, "success")
    return htmx.gone_to(url_for(".point", code=code) + "#codes")
