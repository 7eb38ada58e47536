"""The pages of communities about who comes: listed at the desk, made with a QR code, ended."""

from typing import Any
from uuid import UUID

import segno
from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.permissions import Permission
from counselhub.cover import page_actions, queries, wording
from counselhub.cover.models import CoverRequest
from counselhub.cover.routes.blueprint import bp, desk_tabs
from counselhub.duty.queries import served_communities

PAGE = "cover/page.html"


@bp.get("/cover/pages")
@require(Permission.DUTY_MANAGE)
def pages() -> ResponseReturnValue:
    """List the communities with their pages."""
    return htmx.show(
        "cover/pages.html",
        communities=served_communities(),
        made=page_actions.pages(current_member().firm_id),
        **desk_tabs("pages"),
    )


@bp.get("/cover/pages/<code>")
@require(Permission.DUTY_MANAGE)
def page(code: str) -> ResponseReturnValue:
    """Show whether a community has a page; its address is shown only when it is made."""
    return htmx.show(PAGE, **_shown(code))


@bp.post("/cover/pages/<code>")
@require(Permission.DUTY_MANAGE)
def renew_page(code: str) -> ResponseReturnValue:
    """Make an address and its QR code, which ends the one before, and show it once."""
    told = _told()
    token = page_actions.renew(code, by=current_member())
    address = url_for(".changes", token=token, _external=True)
    qr = segno.make(address, error="m").svg_data_uri(scale=6, border=3)
    message = f"{told}\n" if told else ""
    message += _("近期值班与变更（看到变更请点“知道了”）：%(address)s", address=address)
    return htmx.show(PAGE, **_shown(code, address=address, qr=qr, message=message))


@bp.post("/cover/pages/<code>/removal")
@require(Permission.DUTY_MANAGE)
def create_page_removal(code: str) -> ResponseReturnValue:
    """End the page of a community."""
    page_actions.end(code, by=current_member())
    flash(_("已停用，原来的链接和二维码都打不开了"), "success")
    return htmx.gone_to(url_for(".pages"))


def _told() -> str:
    """Return the words of the cover from whose page the link is made, '' without one."""
    named = request.values.get("cover", "")
    try:
        row = fetch(CoverRequest, UUID(named), None, *queries.SLOT)
    except ValueError:
        return ""
    return wording.notice(row, None, current_member().title)


def _shown(code: str, **made: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": page_actions.place_name(code),
        "page": page_actions.pages(current_member().firm_id).get(code),
        "cover": request.values.get("cover", ""),
        "address": "",
        "qr": "",
        "message": "",
    } | made
