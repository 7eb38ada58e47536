"""Pages of the platform's operator."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from counselhub.console import queries
from counselhub.core import history, htmx, paging, sender
from counselhub.core.access import current_member, fetch, require
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.core.sealing import UnsealError
from counselhub.core.sender import Purpose, WaitingLink
from counselhub.core.tenancy import PLATFORM
from counselhub.joining.actions import Contact, contact_of
from counselhub.joining.kinds import Outcome
from counselhub.joining.models import SignUp
from counselhub.notices.kinds import DeliveryState
from counselhub.notices.links import states_of

bp = Blueprint("console", __name__, url_prefix="/console")


@bp.get("")
@require(Permission.OPERATE)
def console() -> ResponseReturnValue:
    """Show what the platform serves at present."""
    return render_template("console/console.html", overview=queries.overview())


@bp.get("/sign-ups")
@require(Permission.OPERATE)
def sign_ups() -> ResponseReturnValue:
    """List who signed up, with what came of it and whom to call."""
    outcome = Outcome.of_asked(request.args.get("outcome", ""))
    words = request.args.get("q", "").strip()
    page: Any = paging.paged(queries.sign_ups(words, outcome))
    return htmx.show(
        "console/sign_ups.html",
        page=page,
        rows=[(row, code, _contact(row)) for row, code in page.items],
        outcome=outcome,
        Outcome=Outcome,
        words=words,
    )


def _contact(row: SignUp) -> Contact | None:
    """Return whom to call, None when the key to it is gone."""
    try:
        return contact_of(row)
    except UnsealError:
        return None


@bp.get("/links")
@require(Permission.OPERATE)
def links() -> ResponseReturnValue:
    """List the links that somebody is to get from the operator."""
    page = paging.paged(sender.waiting())
    return htmx.show(
        "console/links.html",
        page=page,
        Purpose=Purpose,
        mailed=states_of([row.id for row in page.items]),
        sends_mail=sender.sends_mail(),
        DeliveryState=DeliveryState,
    )


@bp.post("/links/<uuid:waiting_link_id>/showing")
@require(Permission.OPERATE)
@fresh
def create_showing(waiting_link_id: UUID) -> ResponseReturnValue:
    """Show a link in the clear, on the record."""
    row, member = fetch(WaitingLink, waiting_link_id), current_member()
    link = sender.show(row, name=member.name)
    history.note("link_shown", scope=PLATFORM, by=member, kind=row.purpose, name_of=row.about)
    return render_template("console/link.html", row=row, link=link)
