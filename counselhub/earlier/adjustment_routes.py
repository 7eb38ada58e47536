"""Pages of what is settled of earlier months, to the firm and to its office."""

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.models import Adjustment
from counselhub.core import htmx, paging, sorting
from counselhub.core.access import can, fetch, require
from counselhub.core.permissions import Permission
from counselhub.earlier import queries

bp = Blueprint("adjustments", __name__)
P = Permission


@bp.get("/adjustments")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def adjustments() -> ResponseReturnValue:
    """List what is settled of earlier months, open first."""
    asked = {name: request.args.get(name, "").strip() for name in ("state", "cause", "q")}
    sort = sorting.asked_sort(queries.MONTHS)
    return htmx.show(
        "earlier/adjustments.html",
        page=paging.paged(queries.adjustments(asked, sort)),
        asked=asked,
        sort=sort,
        causes=AdjustmentCause,
    )


@bp.get("/adjustments/<uuid:adjustment_id>")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def adjustment(adjustment_id: UUID) -> ResponseReturnValue:
    """Show one: what it corrects, where it comes from, which statement takes it."""
    row = fetch(Adjustment, adjustment_id)
    return htmx.show(
        "earlier/adjustment.html",
        adjustment=row,
        cause=AdjustmentCause.of(row.cause),
        statement=queries.statement_of(row),
        source=queries.source_of(row),
        correction=queries.correction_of(row),
        statement_page="review.statement" if can(P.REVIEW_READ) else "statements.statement",
        line_page="review.line" if can(P.REVIEW_READ) else "statements.line",
    )
