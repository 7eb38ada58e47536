"""The public page that proves a certificate of deletion; for a time it gives the paper too."""

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core.access import public
from counselhub.core.downloads import KEPT_BY_NOBODY, attachment
from counselhub.core.errors import NotFoundError
from counselhub.leaving import certifying, queries
from counselhub.people.departures import Departure
from counselhub.people.states import DepartureStatus
from counselhub.statements.documents.stamp import code_in_address

bp = Blueprint("certificates", __name__)


@bp.get("/certificates")
@public
def certificates() -> ResponseReturnValue:
    """Say where a certificate's code is found."""
    return _page(None)


@bp.get("/certificates/<token>")
@public
def certificate(token: str) -> ResponseReturnValue:
    """Answer for the certificate whose code was read."""
    found = _found(token)
    page = _page(found, token=token.lower(), is_asked=True)
    return page if found else (page, 404)


@bp.get("/certificates/<token>/certificate.pdf")
@public
def paper(token: str) -> ResponseReturnValue:
    """Give the paper, as long as the link holds."""
    found = _found(token)
    content = queries.paper_of(found) if found and queries.is_fetched(found) else None
    if found is None or content is None:
        raise NotFoundError(_("下载期限已过，或者没有这份证明。需要时请联系平台。"))
    return attachment(content, certifying.file_name(found), "application/pdf")


def _found(token: str) -> Departure | None:
    return queries.by_code(code_in_address(token))


def _page(found: Departure | None, *, token: str = "", is_asked: bool = False) -> Response:
    shown = render_template(
        "leaving/certificate.html",
        departure=found,
        token=token,
        is_asked=is_asked,
        is_over=found is not None and found.status == DepartureStatus.DELETED,
        is_fetched=found is not None and queries.is_fetched(found),
        days=queries.FETCHED_DAYS.days,
    )
    page = make_response(shown)
    page.headers["Cache-Control"] = KEPT_BY_NOBODY
    return page
