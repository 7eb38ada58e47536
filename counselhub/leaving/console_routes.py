"""离开的律所: the operator sees who leaves, until when, and the certificates."""

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from counselhub.core import htmx, paging
from counselhub.core.access import Permission, fetch, require
from counselhub.core.downloads import attachment
from counselhub.core.errors import NotFoundError
from counselhub.leaving import certifying, queries
from counselhub.people.departures import Departure
from counselhub.people.states import DEPARTURE_TONES, DepartureStatus

bp = Blueprint("leaving_console", __name__, url_prefix="/console/departures")


@bp.get("")
@require(Permission.OPERATE)
def departures() -> ResponseReturnValue:
    """List departures, what comes next first."""
    asked, words = request.args.get("status", ""), request.args.get("q", "").strip()
    known = {one.value for one in DepartureStatus}
    status = DepartureStatus.of(asked) if asked in known else None
    return htmx.show(
        "leaving/departures.html",
        page=paging.paged(queries.departures(words, status)),
        status=status,
        words=words,
        statuses=DepartureStatus,
        tones=DEPARTURE_TONES,
    )


@bp.get("/<uuid:departure_id>/certificate.pdf")
@require(Permission.OPERATE)
def certificate(departure_id: UUID) -> ResponseReturnValue:
    """Give the certificate of a firm that was deleted."""
    found = fetch(Departure, departure_id)
    if found.certificate is None:
        raise NotFoundError()
    return attachment(found.certificate, certifying.file_name(found), "application/pdf")
