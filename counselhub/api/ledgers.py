"""The office's ledger held against statements: its lines, and the sheets that firms are shown."""

from datetime import date
from uuid import UUID

from pydantic import Field

from counselhub.api.cursors import part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Instant, Listed, Month, PageOf, Shown, first_of
from counselhub.core import clock
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.ledgers import queries
from counselhub.ledgers.kinds import LineStatus, Outcome
from counselhub.ledgers.models import LedgerLine, LedgerSheet

READ, WRITE = "ledgers:read", "ledgers:write"
P = Permission


class LedgerLineShown(Shown):
    """One line of a month's reconciliation; `gap_fen`: ledger less statement."""

    id: UUID
    revision: int
    firm_id: UUID
    month: date
    community_code: str
    contract_number: str
    outcome: str
    status: str
    ledger_fen: int | None
    claimed_fen: int | None
    gap_fen: int
    statement_id: UUID | None
    settled_at: Instant | None


class SheetShown(Shown):
    """对账差异单 of one firm, street and month."""

    id: UUID
    revision: int
    firm_id: UUID
    street_code: str
    month: date
    version: int
    status: str


class LedgerLinesAsked(Listed):
    """A month; how it came out (all unless said), where it stands."""

    month: Month
    outcome: Outcome | None = None
    status: LineStatus | None = None
    firm: UUID | None = Field(None, description="id of a firm")


class SheetsAsked(Listed):
    """A month, or all of them."""

    month: Month | None = None


@operation(
    "GET",
    "/ledgers/lines",
    N_("列出台账比对结果"),
    READ,
    P.REVIEW_READ,
    query=LedgerLinesAsked,
    answer=PageOf[LedgerLineShown],
)
def list_ledger_lines(asked: LedgerLinesAsked) -> PageOf[LedgerLineShown]:
    """List a month's lines as the office's page does."""
    wanted = queries.Asked(
        first_of(asked.month) or clock.this_month(),
        outcome=asked.outcome or "all",
        status=asked.status or "",
        firm=str(asked.firm or ""),
    )
    query = queries.lines(wanted, "community")
    return part_of(
        query, LedgerLine.id, asked, LedgerLineShown.model_validate, PageOf[LedgerLineShown]
    )


@operation(
    "GET",
    "/ledgers/sheets",
    N_("列出对账差异单"),
    READ,
    P.STATEMENT_READ,
    P.REVIEW_READ,
    query=SheetsAsked,
    answer=PageOf[SheetShown],
)
def list_sheets(asked: SheetsAsked) -> PageOf[SheetShown]:
    """List the difference sheets in sight."""
    query = queries.sheets(first_of(asked.month))
    return part_of(query, LedgerSheet.id, asked, SheetShown.model_validate, PageOf[SheetShown])
