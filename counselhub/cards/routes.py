"""Public cards: their links and QR codes at the desk, the lawyer's own word, the card itself."""

from typing import Any

import segno
from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.cards import actions, queries
from counselhub.core import htmx
from counselhub.core.access import current_member, public, require
from counselhub.core.db import db
from counselhub.core.downloads import KEPT_BY_NOBODY
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_firm
from counselhub.duty.queries import served_communities
from counselhub.places.models import short_name
from counselhub.roster.wording import sentence

bp = Blueprint("cards", __name__)
P = Permission
OWN = "cards/own.html"


@bp.get("/cards")
@require(P.FIRM_READ)
def cards() -> ResponseReturnValue:
    """List the communities that may have a card."""
    places = [(one.code, short_name(one.name)) for one in served_communities()]
    made = actions.cards(current_member().firm_id)
    return htmx.show("cards/cards.html", places=places, made=made)


@bp.get("/cards/<code>")
@require(P.FIRM_READ)
def card(code: str) -> ResponseReturnValue:
    """Show what a community's card says, and whether its link is in use."""
    return htmx.show("cards/card.html", **_shown(code))


@bp.post("/cards/<code>")
@require(P.PAIRING_MANAGE, P.DUTY_MANAGE)
def renew_card(code: str) -> ResponseReturnValue:
    """Make an address and its QR code, which ends the one before, and show it once."""
    token = actions.renew(code, _name(code), by=current_member())
    address = url_for(".public_card", token=token, _external=True)
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=3)
    return htmx.show("cards/card.html", **_shown(code, address, picture))


@bp.post("/cards/<code>/removal")
@require(P.PAIRING_MANAGE, P.DUTY_MANAGE)
def create_card_removal(code: str) -> ResponseReturnValue:
    """End the card of a community."""
    actions.end(code, _name(code), by=current_member())
    flash(_("已停用，原来的链接和二维码都打不开了"), "success")
    return htmx.gone_to(url_for(".cards"))


def _name(code: str) -> str:
    """Return the name of a community that the firm serves. Raises NotFoundError."""
    name = next((one.name for one in served_communities() if one.code == code), None)
    if name is None:
        raise NotFoundError()
    return short_name(name)


def _shown(code: str, address: str = "", picture: str = "") -> dict[str, Any]:
    name = _name(code)
    made = actions.cards(current_member().firm_id).get(code)
    shown = queries.card(code)
    return {
        "code": code,
        "name": name,
        "made": made,
        "card": shown,
        "sentence": sentence,
        "address": address,
        "picture": picture,
    }


@bp.get("/cards/own")
@require(P.FIRM_READ)
def own() -> ResponseReturnValue:
    """Ask a lawyer whether cards may call him a party member."""
    return htmx.show(OWN, **_own())


def _own(refusal: str = "") -> dict[str, Any]:
    adviser = actions.own(current_member())
    return {
        "adviser": adviser,
        "is_party_member": adviser is not None and actions.is_party_member(adviser),
        "consent": actions.consent_of(adviser) if adviser else None,
        "refusal": refusal,
    }


@bp.post("/cards/own")
@require(P.FIRM_READ)
def create_consent() -> ResponseReturnValue:
    """Agree to be named as a party member."""
    try:
        actions.agree(by=current_member())
    except RefusedError as refusal:
        db.session.rollback()
        return htmx.invalid(OWN, **_own(refusal.message))
    flash(_("已同意，公示卡会写明您是中共党员"), "success")
    return htmx.gone_to(url_for(".own"))


@bp.post("/cards/own/withdrawal")
@require(P.FIRM_READ)
def create_withdrawal() -> ResponseReturnValue:
    """Take the agreement back."""
    actions.withdraw(by=current_member())
    flash(_("已撤回，公示卡马上不再写明"), "success")
    return htmx.gone_to(url_for(".own"))


@bp.get("/card/<token>")
@public
def public_card(token: str) -> Response:
    """Show a community its card, to whoever holds the link; no cache keeps it."""
    link = actions.found(token)
    with as_firm(link.firm_id):
        shown = queries.card(link.community_code)
        if shown is None:
            raise NotFoundError()
        page = render_template("cards/public.html", card=shown, sentence=sentence)
    answer = make_response(page)
    answer.headers["Cache-Control"] = KEPT_BY_NOBODY
    return answer
