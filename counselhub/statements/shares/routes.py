"""Pages of the split inside the firm: of one statement, and of a stretch of months."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from counselhub.core import clock, htmx, paging
from counselhub.core.access import fetch, require
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.permissions import Permission
from counselhub.statements import wording
from counselhub.statements.models import Statement
from counselhub.statements.shares import people, queries, xlsx
from counselhub.statements.shares.grounds import GROUNDS

bp = Blueprint("shares", __name__)
MOST_MONTHS = 12


@bp.get("/statements/<uuid:statement_id>/shares")
@require(Permission.STATEMENT_READ)
def statement(statement_id: UUID) -> ResponseReturnValue:
    """Show who gets what of a statement, by adviser and by community."""
    found = _fetched(statement_id)
    shares = queries.of_statement(found)
    persons = people.by_person(((one.line.kind, one) for one in shares.lines), shares.names)
    return htmx.show(
        "shares/statement.html",
        statement=found,
        shares=shares,
        persons=persons,
        kinds=people.kinds_in(shares.lines),
        totals=people.totals(persons),
        groups=people.by_community(shares.lines),
        wording=wording,
        grounds=GROUNDS,
    )


@bp.get("/statements/<uuid:statement_id>/shares.xlsx")
@require(Permission.STATEMENT_READ)
def statement_xlsx(statement_id: UUID) -> ResponseReturnValue:
    """Give a statement's shares as Excel."""
    found = _fetched(statement_id)
    book = xlsx.of_statement(found, queries.of_statement(found))
    return attachment(book, f"所内分配-{found.number}.xlsx", XLSX)


def _fetched(statement_id: UUID) -> Statement:
    return fetch(Statement, statement_id, None, joinedload(Statement.street))


@bp.get("/shares")
@require(Permission.STATEMENT_READ)
def months() -> ResponseReturnValue:
    """Show what each adviser got of the statements of some months."""
    return htmx.show("shares/months.html", **_months(*_asked()))


@bp.get("/shares.xlsx")
@require(Permission.STATEMENT_READ)
def months_xlsx() -> ResponseReturnValue:
    """Give the same as Excel."""
    first, last = _asked()
    shown = _months(first, last)
    book = xlsx.of_months(shown["months"], shown["persons"], shown["names"])
    return attachment(book, f"所内分配-{first:%Y-%m}至{last:%Y-%m}.xlsx", XLSX)


def _asked() -> tuple[date, date]:
    """Return the months that the address asks for, at most MOST_MONTHS, the running year else."""
    last = paging.month_of(request.args.get("last")) or clock.this_month()
    first = paging.month_of(request.args.get("first")) or last.replace(month=1)
    first, last = min(first, last), max(first, last)
    earliest = last.replace(day=1)
    for _each in range(MOST_MONTHS - 1):
        earliest = clock.previous_month(earliest)
    return max(first, earliest), last


def _months(first: date, last: date) -> dict[str, Any]:
    found = queries.of_months(first, last)
    lines = [(each.month, one) for each in found for one in each.lines]
    names = queries.names_of(one for _month, one in lines)
    persons = people.by_person(lines, names)
    return {
        "first": first,
        "last": last,
        "months": [each.month for each in found],
        "persons": persons,
        "totals": people.totals(persons),
        "names": names,
    }
