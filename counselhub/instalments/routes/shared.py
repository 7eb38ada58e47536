"""What the street's office sees: what it has to pay, with invoices' numbers and payments."""

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import require
from counselhub.core.db import db
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.permissions import Permission
from counselhub.instalments import queries, sheet
from counselhub.instalments.routes.blueprint import bp, words
from counselhub.instalments.routes.lists import MOST_ROWS, asked, listed
from counselhub.instalments.routes.money import found

P = Permission


@bp.get("/shared-instalments")
@require(P.REVIEW_READ)
def shared() -> ResponseReturnValue:
    """List what firms' procurement contracts ask of the street, and how long it waits."""
    return htmx.show(
        "instalments/shared.html",
        page=paging.paged(listed()),
        sort=sorting.asked_sort(queries.SORTS),
        asked=asked(),
        ageing=queries.ageing(),
        **words(),
    )


@bp.get("/shared-instalments.xlsx")
@require(P.REVIEW_READ)
def shared_xlsx() -> Response:
    """Hand out what the list shows, all its pages."""
    rows = db.session.scalars(listed().limit(MOST_ROWS))
    return attachment(sheet.shared(rows, clock.today()), "合同付款.xlsx", XLSX)


@bp.get("/shared-instalments/<uuid:instalment_id>")
@require(P.REVIEW_READ)
def shared_instalment(instalment_id: UUID) -> ResponseReturnValue:
    """Show one instalment with its invoices and payments."""
    row = found(instalment_id)
    payments = queries.payments_of([row.id])
    return htmx.show(
        "instalments/shared_instalment.html",
        instalment=row,
        invoices=queries.invoices_of([row.id]),
        payments=payments,
        reversed={one.reverses_id for one in payments if one.reverses_id},
        **words(),
    )
