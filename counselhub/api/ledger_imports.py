"""The office's ledger brought in by its own program: tried, or imported whole or not at all."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from pydantic import BaseModel, Field
from sqlalchemy import select

from counselhub.api import faults
from counselhub.api.ledgers import WRITE
from counselhub.api.operations import operation
from counselhub.api.shapes import Asked, Code, Fault, Month, first_of
from counselhub.core import clock
from counselhub.core.access import current_member
from counselhub.core.db import db
from counselhub.core.errors import FaultsError, RefusedError
from counselhub.core.labels import N_
from counselhub.core.money import LARGEST_GIVEN_FEN
from counselhub.core.permissions import Permission
from counselhub.ledgers.actions import comparing, importing
from counselhub.ledgers.actions.importing import Trial
from counselhub.ledgers.models import LedgerImport
from counselhub.ledgers.reading import MOST_ROWS
from counselhub.ledgers.sent import Row
from counselhub.people.models import Firm
from counselhub.workbook.cells import LARGEST_COUNT, LONGEST_CODE, LONGEST_NAME
from counselhub.workbook.findings import FILE

MOST_BYTES = 8 * 2**20
"""As many rows as a workbook may have, with notes."""


class LedgerRow(Asked):
    """A row of the office's ledger: what 核定 says of a community, under one contract or all.

    The community by code, or else by a name that only one of the street has. What is left out is
    compared with nothing. `month`: the ledger's when left out; another one is a fault.
    """

    month: Month | None = None
    community_code: Code | None = None
    community_name: str | None = Field(None, max_length=LONGEST_NAME)
    contract_number: str | None = Field(None, max_length=LONGEST_CODE)
    visits: int | None = Field(None, ge=0, le=LARGEST_COUNT)
    hours: float | None = Field(None, ge=0, allow_inf_nan=False)
    lectures: int | None = Field(None, ge=0, le=LARGEST_COUNT)
    cases: int | None = Field(None, ge=0, le=LARGEST_COUNT)
    amount_fen: int = Field(ge=-LARGEST_GIVEN_FEN, le=LARGEST_GIVEN_FEN)
    note: str | None = Field(None, max_length=LONGEST_NAME)


class LedgerGiven(Asked):
    """A month's whole ledger: it takes the place of the one that was imported before.

    `firm_id`: the one firm that it is about, all firms of the street when left out. `trial`: only
    say what importing it would do.
    """

    month: Month
    firm_id: UUID | None = None
    trial: bool = False
    rows: list[LedgerRow] = Field(min_length=1, max_length=MOST_ROWS)

    def told(self) -> list[Row]:
        """Return what was said of each row."""
        return [one.model_dump(exclude_none=True) for one in self.rows]


class LedgerChanges(BaseModel):
    """How many lines differ from the month's last import; none of them when there was none.

    `reopened`: settled before, and open again because a side says something else now.
    """

    new: int
    changed: int
    reopened: int
    gone: int


class LedgerImported(BaseModel):
    """How a ledger agrees with the statements. `id` and `sha256` are null for a trial."""

    trial: bool
    id: UUID | None
    sha256: str | None
    month: date
    rows: int
    matched: int
    amount_differs: int
    count_differs: int
    only_statement: int
    only_ledger: int
    changes: LedgerChanges
    warnings: list[Fault]


@operation(
    "POST",
    "/ledgers/imports",
    N_("导入台账，或只试比"),
    WRITE,
    Permission.REVIEW_CHECK,
    body=LedgerGiven,
    answer=LedgerImported,
    most_bytes=MOST_BYTES,
)
def import_ledger(body: LedgerGiven) -> LedgerImported:
    """Hold a ledger against the month's statements, and write it unless it is a trial.

    Every fault of it is told at once, by row and column, and then nothing is written.
    """
    month = first_of(body.month) or clock.this_month()
    if month > clock.this_month():
        raise RefusedError(_("不能是以后的月份"), at="month")
    code = _firm_code(body.firm_id)
    try:
        return _tried(body, month) if body.trial else _imported(body, month, code)
    except FaultsError as error:
        told = [_fault(one) for one in error.faults]
        raise faults.InvalidError(told, error.message) from error


def _firm_code(firm_id: UUID | None) -> str:
    """Return the code of a firm that serves the street. Raises RefusedError at its field."""
    if firm_id is None:
        return ""
    found = db.session.scalar(select(Firm.code).where(Firm.id == firm_id))
    if found is None:
        raise RefusedError(_("没有这家律师事务所。"), at="firm_id")
    return found


def _tried(body: LedgerGiven, month: date) -> LedgerImported:
    asked = comparing.Asked(current_member().street_code, month, body.firm_id)
    return _told(importing.try_sent(body.told(), asked), None)


def _imported(body: LedgerGiven, month: date, firm_code: str) -> LedgerImported:
    upload = importing.keep_sent(body.told(), month, firm_code, by=current_member())
    return _told(importing.apply(upload, by=current_member()), upload)


def _told(trial: Trial, upload: LedgerImport | None) -> LedgerImported:
    changes = Counter(one["what"] for one in trial.plan.changes) if trial.plan else Counter[str]()
    warnings = [one.document() for one in trial.reading.findings.warnings]
    return LedgerImported(
        trial=upload is None,
        id=upload.id if upload else None,
        sha256=upload.sha256 if upload else None,
        month=trial.asked.month,
        changes=LedgerChanges(**{name: changes[name] for name in LedgerChanges.model_fields}),
        warnings=[Fault(**_fault(one)) for one in warnings],
        **{name: many for name, many in trial.document().items() if name != "faults"},
    )


def _fault(found: Mapping[str, str]) -> dict[str, str]:
    """Return a finding as programs read it; one that is of no single value is the rows'."""
    cell = found["cell"]
    pointer = "/body/rows" if cell == FILE else f"/body/{cell}"
    return {"pointer": pointer, "detail": found["message"]}
