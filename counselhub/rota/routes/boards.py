"""The public page of a street or community: its link and QR code at the desk, the page itself."""

from typing import Any

import segno
from flask import Response, flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, public, require
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_firm
from counselhub.duty import shift_queries
from counselhub.duty.queries import served_communities
from counselhub.rota import board_actions, now_queries, queries
from counselhub.rota.routes.blueprint import bp


@bp.get("/rota/boards")
@require(Permission.FIRM_READ)
def boards() -> ResponseReturnValue:
    """List the streets and communities that may have a public page."""
    rotas = queries.of_streets()
    communities = [one for one in served_communities() if one.code[:9] in rotas]
    streets = [one for one in shift_queries.streets() if one.code in rotas]
    return htmx.show(
        "rota/boards.html",
        streets=streets,
        communities=communities,
        rotas=rotas,
        made=board_actions.boards(current_member().firm_id),
    )


@bp.get("/rota/boards/<code>")
@require(Permission.DUTY_MANAGE)
def board(code: str) -> ResponseReturnValue:
    """Show whether a place has a public page; its address is shown only when it is made."""
    return htmx.show("rota/board.html", **_shown(code))


@bp.post("/rota/boards/<code>")
@require(Permission.DUTY_MANAGE)
def renew_board(code: str) -> ResponseReturnValue:
    """Make an address and its QR code, which ends the one before, and show it once."""
    token = board_actions.renew(code, by=current_member())
    address = url_for(".answering", token=token, _external=True)
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=3)
    return htmx.show("rota/board.html", **_shown(code, address, picture))


@bp.post("/rota/boards/<code>/removal")
@require(Permission.DUTY_MANAGE)
def create_board_removal(code: str) -> ResponseReturnValue:
    """End the page of a place."""
    board_actions.end(code, by=current_member())
    flash(_("已停用，原来的链接和二维码都打不开了"), "success")
    return htmx.gone_to(url_for(".boards"))


def _shown(code: str, address: str = "", picture: str = "") -> dict[str, Any]:
    name = board_actions.place_name(code)
    found = board_actions.boards(current_member().firm_id).get(code)
    return {"code": code, "name": name, "board": found, "address": address, "picture": picture}


@bp.get("/on-call/<token>")
@public
def answering(token: str) -> Response:
    """Show a community who answers now, to whoever holds the link; no cache keeps it."""
    board = board_actions.found(token)
    with as_firm(board.firm_id):
        picture = now_queries.picture(board.place_code[:9])
        answer = next(iter(picture.answers()), None)
        page = render_template(
            "rota/answering.html",
            answer=answer,
            shown=picture.public_phone(answer) if answer else ("", ""),
            name=board_actions.place_name(board.place_code),
            firm=board_actions.firm_name(board.firm_id),
            at=picture.now,
        )
    return make_response(page)
