"""离开的律所: the operator sees who leaves and the certificates, and closes what was a mistake."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import attachment
from counselhub.core.errors import ConflictError, NotFoundError
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.leaving import certifying, closing, queries
from counselhub.people.departures import Departure
from counselhub.people.models import Firm
from counselhub.people.queries import firm_by_code
from counselhub.people.states import DEPARTURE_TONES, DepartureStatus

bp = Blueprint("leaving_console", __name__, url_prefix="/console")
CLOSING = "leaving/closing.html"


@bp.get("/departures")
@require(Permission.OPERATE)
def departures() -> ResponseReturnValue:
    """List departures, what comes next first."""
    words = request.args.get("q", "").strip()
    status = DepartureStatus.of_asked(request.args.get("status", ""))
    return htmx.show(
        "leaving/departures.html",
        page=paging.paged(queries.departures(words, status)),
        status=status,
        words=words,
        statuses=DepartureStatus,
        tones=DEPARTURE_TONES,
    )


@bp.get("/departures/<uuid:departure_id>/certificate.pdf")
@require(Permission.OPERATE)
def certificate(departure_id: UUID) -> ResponseReturnValue:
    """Give the certificate of a firm that was deleted."""
    found = fetch(Departure, departure_id)
    if found.certificate is None:
        raise NotFoundError()
    return attachment(found.certificate, certifying.file_name(found), "application/pdf")


@bp.get("/firms/<firm_code>/closing")
@require(Permission.OPERATE)
def show_closing(firm_code: str) -> ResponseReturnValue:
    """Say what closing a firm does, or why it is not to be closed."""
    return htmx.show(CLOSING, **_closing(_open_firm(firm_code)))


@bp.post("/firms/<firm_code>/closing")
@require(Permission.OPERATE)
@fresh
def create_closing(firm_code: str) -> ResponseReturnValue:
    """Close a firm that was made by mistake."""
    firm = _open_firm(firm_code)
    check_at = url_for("certificates.certificates", _external=True)
    try:
        departure = closing.close(firm, check_at=check_at, by=current_member())
    except ConflictError as conflict:
        message = conflict.message
        db.session.rollback()
        return htmx.refused(CLOSING, **_closing(_open_firm(firm_code), refusal=message))
    flash(
        _("已关闭%(name)s，%(day)s 起删除资料", name=firm.name, day=departure.deletes_on), "success"
    )
    return htmx.gone_to(url_for("console_firms.firm", firm_code=firm.code))


def _open_firm(firm_code: str) -> Firm:
    """Return a firm that is not closed. Raises NotFoundError."""
    found = firm_by_code(firm_code)
    if found is None or found.closed_at is not None:
        raise NotFoundError()
    return found


def _closing(firm: Firm, *, refusal: str = "") -> dict[str, Any]:
    return {
        "firm": firm,
        "work": closing.work_of(firm.id),
        "departure": queries.live(firm.id),
        "refusal": refusal,
    }
