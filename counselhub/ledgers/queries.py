"""Questions about ledgers, lines and sheets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.core import pinyin
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.history import Event
from counselhub.core.sorting import ordered
from counselhub.ledgers import layout
from counselhub.ledgers.kinds import UNDONE, LineStatus, Outcome, SheetStatus
from counselhub.ledgers.models import LedgerImport, LedgerLine, LedgerSetting, LedgerSheet
from counselhub.ledgers.reading import Place
from counselhub.ledgers.rules import Tolerance
from counselhub.people.models import Firm
from counselhub.places.models import Community, short_name

SORTS = {
    "gap": (func.abs(LedgerLine.gap_fen), LedgerLine.community_code, LedgerLine.id),
    "community": (Community.pinyin, LedgerLine.contract_number, LedgerLine.id),
    "ledger": (LedgerLine.ledger_fen, LedgerLine.community_code, LedgerLine.id),
    "claimed": (LedgerLine.claimed_fen, LedgerLine.community_code, LedgerLine.id),
    "firm": (Firm.name, LedgerLine.community_code, LedgerLine.id),
}


def setting_of(street: str) -> LedgerSetting:
    """Return how a street's ledger is read; a fresh one, not stored, where nobody has said."""
    found = db.session.scalar(select(LedgerSetting).where(LedgerSetting.street_code == street))
    return found or LedgerSetting(
        street_code=street, mapping={}, tolerance_fen=0, tolerance_minutes=0, tolerance_visits=0
    )


def tolerance_of(setting: LedgerSetting) -> Tolerance:
    """Return a street's tolerances as the rules take them."""
    return Tolerance(setting.tolerance_fen, setting.tolerance_minutes, setting.tolerance_visits)


def place_of(street: str) -> Place:
    """Return the communities of a street by code and by every name."""
    query = select(Community.code, Community.name).where(Community.street_code == street)
    names = {row.code: row.name for row in db.session.execute(query)}
    codes: dict[str, list[str]] = {}
    for code, name in names.items():
        short = short_name(name)
        for word in {name, short, short.removesuffix("社区"), short.removesuffix("村")}:
            codes.setdefault(layout.plain(word), []).append(code)
    return Place(street, names, codes)


def firm_by_code(code: str) -> Firm:
    """Return a firm that serves the office's street, by its short code. Raises NotFoundError."""
    found = db.session.scalar(select(Firm).where(Firm.code == code))
    if found is None:
        raise NotFoundError()
    return found


def firms_here() -> list[tuple[str, str]]:
    """Return code and name of every firm that the office sees, by name."""
    query = select(Firm.code, Firm.name).order_by(Firm.name)
    return [(row.code, row.name) for row in db.session.execute(query)]


def firms_of(month: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the firms of a month's lines: id, name, lines, differences, those not settled."""
    differs = LedgerLine.outcome != Outcome.MATCHED
    query = (
        visible(LedgerLine)
        .with_only_columns(
            LedgerLine.firm_id,
            func.coalesce(Firm.name, ""),
            func.count(),
            func.count().filter(differs),
            func.count().filter(LedgerLine.status.in_(UNDONE)),
        )
        .outerjoin(Firm, Firm.id == LedgerLine.firm_id)
        .where(LedgerLine.month == month)
        .group_by(LedgerLine.firm_id, Firm.name)
        .order_by(Firm.name)
    )
    return db.session.execute(query).all()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader of a month's lines asked for; "" asks for nothing.

    outcome: one of Outcome, `differences` or `all`.
    """

    month: date
    outcome: str = "differences"
    status: str = ""
    firm: str = ""
    q: str = ""

    @property
    def is_set(self) -> bool:
        """Whether the reader narrowed the part down."""
        return bool(self.status or self.firm or self.q)

    def clauses(self) -> list[ColumnElement[bool]]:
        """Return the conditions on lines; words ask for their communities' names too."""
        asked: list[ColumnElement[bool]] = [LedgerLine.month == self.month]
        if self.outcome in set(Outcome):
            asked.append(LedgerLine.outcome == self.outcome)
        elif self.outcome == "differences":
            asked.append(LedgerLine.outcome != Outcome.MATCHED)
        if self.status in set(LineStatus):
            asked.append(LedgerLine.status == self.status)
        if (firm_id := _uuid(self.firm)) is not None:
            asked.append(LedgerLine.firm_id == firm_id)
        for word in self.q.split():
            named = select(Community.code).where(pinyin.finds(Community.search, word))
            by_number = LedgerLine.contract_number.contains(word, autoescape=True)
            asked.append(or_(LedgerLine.community_code.in_(named), by_number))
        return asked


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def lines(asked: Asked, sort: str) -> Select[Any]:
    """Select the lines that the present member sees, with community and firm."""
    query = (
        visible(LedgerLine)
        .join(LedgerLine.community)
        .outerjoin(Firm, Firm.id == LedgerLine.firm_id)
        .options(contains_eager(LedgerLine.community), contains_eager(LedgerLine.firm))
        .where(*asked.clauses())
    )
    return ordered(query, SORTS, sort)


def open_of(asked: Asked) -> int:
    """Return how many differences of a filter nobody has settled, or the firm disputes."""
    query = visible(LedgerLine).with_only_columns(func.count())
    return db.session.scalar(query.where(*asked.clauses(), LedgerLine.status.in_(UNDONE))) or 0


def line_or_none(line_id: UUID) -> LedgerLine | None:
    """Return a line that the present member sees, None when a new import has dropped it."""
    return db.session.scalar(visible(LedgerLine).where(LedgerLine.id == line_id))


@dataclass(frozen=True, slots=True)
class Tallies:
    """A month's lines in numbers: by outcome, differences, not settled; both sides' sums in fen."""

    outcomes: Mapping[str, int]
    differences: int
    undone: int
    ledger_fen: int
    claimed_fen: int

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return sum(self.outcomes.values())


def tallies_of(sheet: LedgerSheet) -> Tallies:
    """Count the lines of a sheet's firm, street and month."""
    return tallies(sheet.month, sheet.firm_id, sheet.street_code)


def tallies(month: date, firm_id: UUID | None = None, street: str = "") -> Tallies:
    """Count a month's lines that the present member sees, one statement."""
    each = [func.count().filter(LedgerLine.outcome == one) for one in Outcome]
    query = (
        visible(LedgerLine)
        .with_only_columns(
            *each,
            func.count().filter(LedgerLine.status.in_(UNDONE)),
            func.coalesce(func.sum(LedgerLine.ledger_fen), 0),
            func.coalesce(func.sum(LedgerLine.claimed_fen), 0),
        )
        .where(LedgerLine.month == month)
    )
    if firm_id is not None:
        query = query.where(LedgerLine.firm_id == firm_id)
    if street:
        query = query.where(LedgerLine.street_code == street)
    *counts, undone, ledger, claimed = map(int, db.session.execute(query).one())
    outcomes = dict(zip((one.value for one in Outcome), counts, strict=True))
    return Tallies(outcomes, sum(counts) - outcomes["matched"], undone, ledger, claimed)


def months() -> Select[*tuple[Any, ...]]:
    """Select (month, lines, differences, not settled), newest month first."""
    undone = LedgerLine.status.in_(UNDONE)
    differs = LedgerLine.outcome != Outcome.MATCHED
    return (
        visible(LedgerLine)
        .with_only_columns(
            LedgerLine.month,
            func.count(),
            func.sum(case((differs, 1), else_=0)),
            func.sum(case((undone, 1), else_=0)),
        )
        .group_by(LedgerLine.month)
        .order_by(LedgerLine.month.desc())
    )


def imports(month: date | None = None) -> Select[Any]:
    """Select the uploads of the office, newest first."""
    query = visible(LedgerImport)
    if month is not None:
        query = query.where(LedgerImport.month == month)
    return query.order_by(LedgerImport.made_at.desc(), LedgerImport.id)


def sheets(month: date | None = None, *, is_live: bool = False) -> Select[Any]:
    """Select the difference sheets that the present member sees, newest month and version first."""
    query = visible(LedgerSheet).options(
        joinedload(LedgerSheet.firm), joinedload(LedgerSheet.street)
    )
    if month is not None:
        query = query.where(LedgerSheet.month == month)
    if is_live:
        query = query.where(LedgerSheet.status != SheetStatus.REPLACED)
    return query.order_by(LedgerSheet.month.desc(), LedgerSheet.firm_id, LedgerSheet.version.desc())


def live_sheets(street: str, month: date) -> dict[UUID, LedgerSheet]:
    """Return the present sheet of each firm of a street and month."""
    query = select(LedgerSheet).where(
        LedgerSheet.street_code == street,
        LedgerSheet.month == month,
        LedgerSheet.status != SheetStatus.REPLACED,
    )
    return {sheet.firm_id: sheet for sheet in db.session.scalars(query)}


def live_sheet(line: LedgerLine) -> LedgerSheet | None:
    """Return the present sheet of a line's firm and month."""
    return live_sheets(line.street_code, line.month).get(line.firm_id)


def differences_of(sheet: LedgerSheet) -> Sequence[LedgerLine]:
    """Return all differences of a sheet's firm and month in the order of communities."""
    query = (
        select(LedgerLine)
        .where(
            LedgerLine.firm_id == sheet.firm_id,
            LedgerLine.street_code == sheet.street_code,
            LedgerLine.month == sheet.month,
            LedgerLine.outcome != Outcome.MATCHED,
        )
        .options(joinedload(LedgerLine.community))
        .order_by(LedgerLine.community_code, LedgerLine.contract_number)
    )
    return db.session.scalars(query).all()


def answerable(sheet: LedgerSheet) -> Select[Any]:
    """Select the differences of an open sheet, those that wait for somebody first."""
    waits = case((LedgerLine.status == LineStatus.SETTLED, 0), else_=1)
    return (
        visible(LedgerLine)
        .where(
            LedgerLine.street_code == sheet.street_code,
            LedgerLine.month == sheet.month,
            LedgerLine.outcome != Outcome.MATCHED,
        )
        .options(joinedload(LedgerLine.community))
        .order_by(waits, LedgerLine.community_code, LedgerLine.contract_number, LedgerLine.id)
    )


def names_of(codes: Collection[str]) -> Mapping[str, str]:
    """Return the short names of communities by code."""
    if not codes:
        return {}
    query = select(Community).where(Community.code.in_(codes))
    return {one.code: one.short_name for one in db.session.scalars(query)}


def happenings(row: LedgerLine | LedgerSheet) -> Sequence[Event]:
    """Return what both sides may know of a line or a sheet, newest first."""
    query = select(Event).where(Event.firm_id == row.firm_id, Event.subject_id == row.id)
    return db.session.scalars(query.order_by(Event.at.desc(), Event.id.desc())).all()
