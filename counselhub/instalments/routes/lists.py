"""Lists of instalments and invoices, with what is overdue and what comes; their workbooks."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import require
from counselhub.core.db import db
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.permissions import Permission
from counselhub.instalments import queries, sheet
from counselhub.instalments.models import Instalment, Invoice
from counselhub.instalments.queries import Asked
from counselhub.instalments.routes.blueprint import bp, words

P = Permission
MONTHS = 6
"""How many months of the calendar are shown."""
MOST_ROWS = 20_000
"""Of one workbook."""


def asked() -> Asked:
    """Return what the address asks a list for."""
    args = request.args
    return Asked(
        words=args.get("q", "").strip()[:100],
        status=args.get("status", ""),
        bucket=args.get("bucket", ""),
        month=paging.month_of(args.get("month")),
    )


def listed() -> Select[Instalment]:
    """Select the instalments in sight that the address asks for, in its order."""
    sort = sorting.asked_sort(queries.SORTS)
    return sorting.ordered(queries.instalments(asked()), queries.SORTS, sort)


@bp.get("/instalments")
@require(P.STATEMENT_PREPARE)
def instalments() -> ResponseReturnValue:
    """List instalments; above, how long the unpaid ones wait, and what falls due when."""
    return htmx.show(
        "instalments/instalments.html",
        page=paging.paged(listed()),
        sort=sorting.asked_sort(queries.SORTS),
        asked=asked(),
        ageing=queries.ageing(),
        months=queries.months_ahead(clock.this_month(), MONTHS),
        **words(),
    )


@bp.get("/instalments.xlsx")
@require(P.STATEMENT_PREPARE)
def instalments_xlsx() -> Response:
    """Hand out what the list shows, all its pages."""
    rows = db.session.scalars(listed().limit(MOST_ROWS))
    return attachment(sheet.instalments(rows, clock.today()), "合同分期款.xlsx", XLSX)


def _invoices() -> Select[Invoice]:
    sort = sorting.asked_sort(queries.INVOICE_SORTS)
    query = queries.invoices(request.args.get("q", "").strip()[:100])
    return sorting.ordered(query, queries.INVOICE_SORTS, sort)


@bp.get("/contract-invoices")
@require(P.STATEMENT_PREPARE)
def invoices() -> ResponseReturnValue:
    """List the invoices of contracts."""
    return htmx.show(
        "instalments/invoices.html",
        page=paging.paged(_invoices()),
        sort=sorting.asked_sort(queries.INVOICE_SORTS),
        q=request.args.get("q", ""),
        **words(),
    )


@bp.get("/contract-invoices.xlsx")
@require(P.STATEMENT_PREPARE)
def invoices_xlsx() -> Response:
    """Hand out what the list of invoices shows, all its pages."""
    rows = db.session.scalars(_invoices().limit(MOST_ROWS))
    return attachment(sheet.invoices(rows, clock.today()), "合同发票.xlsx", XLSX)
