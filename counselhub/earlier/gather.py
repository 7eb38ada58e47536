"""From rows to the facts that a late entry is judged by."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from counselhub.claims.kinds import AgreementForm
from counselhub.closing.models import ClosedMonth
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.corrections.kinds import CorrectionStatus
from counselhub.corrections.models import SessionCorrection
from counselhub.corrections.rules import Version
from counselhub.earlier import rules
from counselhub.earlier.kinds import LateKind, LateStatus
from counselhub.earlier.models import LateEntry
from counselhub.earlier.rules import Late, Visit
from counselhub.statements import codes
from counselhub.statements.facts import (
    AdjustmentFact,
    ClaimFact,
    LectureFact,
    MonthFacts,
    SessionFact,
)
from counselhub.statements.gather import gather
from counselhub.statements.models import Statement
from counselhub.statements.months import Month
from counselhub.statements.states import SEALED


def fact_of(row: LateEntry) -> Late:
    """Return a late entry as the money rules know it."""
    match row.kind:
        case LateKind.VISIT:
            return Late(row.community_code, _visit(row))
        case LateKind.LECTURE:
            lecture = LectureFact(row.day, row.community_code, row.times or 1)
            return Late(row.community_code, lecture)
    claim = ClaimFact(
        case_number=row.case_number or "",
        closed_on=row.day,
        community=row.community_code,
        difficulty=codes.DIFFICULTIES[row.difficulty or ""],
        is_oral=row.form == AgreementForm.ORAL,
    )
    return Late(row.community_code, claim)


def _visit(row: LateEntry) -> SessionFact:
    begin, end = (0 if at is None else _minute(at) for at in (row.signed_in_at, row.signed_out_at))
    return SessionFact(row.day, begin, end, str(row.adviser_id), is_manual=True)


def _minute(at: datetime) -> int:
    """Return the minute of the day, seconds dropped (M3)."""
    return clock.local(at).hour * 60 + clock.local(at).minute


def is_settled(places: Collection[str], day: date) -> bool:
    """Tell whether approved statements keep a day's records in all of these communities."""
    query = (
        select(ClosedMonth.place_code, Statement.status)
        .join(
            Statement,
            (ClosedMonth.firm_id == Statement.firm_id) & (ClosedMonth.statement_id == Statement.id),
        )
        .where(ClosedMonth.place_code.in_(places), ClosedMonth.month == day.replace(day=1))
    )
    found = [(place, status in SEALED) for place, status in db.session.execute(query)]
    return {place for place, _sealed in found} == set(places) and all(is_ for _p, is_ in found)


def settled_by(community_code: str, day: date) -> Statement:
    """Return the approved statement that keeps a day's records.

    Raises RefusedError while the month is open, and while its statement may still be sent back.
    """
    query = (
        select(Statement)
        .join(
            ClosedMonth,
            (ClosedMonth.firm_id == Statement.firm_id) & (ClosedMonth.statement_id == Statement.id),
        )
        .where(ClosedMonth.place_code == community_code, ClosedMonth.month == day.replace(day=1))
        .order_by(Statement.month)
    )
    found = db.session.scalars(query).all()
    if not found:
        raise RefusedError(
            _("%(month)s还没有提交结算单，请直接登记，不用补录。", month=f"{day:%Y-%m}"), at="day"
        )
    for statement in found:
        if statement.status not in SEALED:
            raise RefusedError(
                _(
                    "结算单 %(number)s 还在审核，请司法所把这个社区的明细退回，改正后重新提交。",
                    number=statement.number,
                ),
                at="day",
            )
    return found[0]


@dataclass(frozen=True, slots=True)
class Judged:
    """What an entry changes; contract_ids by number."""

    facts: list[AdjustmentFact]
    contract_ids: dict[str, UUID]

    @property
    def amount_fen(self) -> int:
        """All of it together."""
        return sum(fact.amount_fen for fact in self.facts)


def judge(row: LateEntry) -> Judged:
    """Work out what an entry changes in the settled months of its year (LATE-4)."""
    known = changes_of(_known_corrections([row.street_code], row.day))
    return _judged([row.street_code], row.day, known, fact_of(row), row.words)


def judge_correction(row: SessionCorrection) -> Judged:
    """Work out what a correction changes in the settled months of its year, as `judge` does."""
    streets = sorted({code[:9] for code in places_of(row)})
    *known, change = changes_of([*_known_corrections(streets, row.day), row])
    return _judged(streets, row.day, known, change, row.words)


def places_of(row: SessionCorrection) -> set[str]:
    """Return the communities that a correction is about."""
    return {code for code in (row.community_code, row.was_community_code) if code}


def changes_of(rows: Iterable[SessionCorrection]) -> list[Late]:
    """Return corrections as the money rules know them, in their order.

    A second one of a session replaces what the first one made of it, for the session itself is
    frozen.
    """
    made: dict[UUID, Visit] = {}
    found = []
    for row in rows:
        before = made.get(row.session_id) if row.session_id else None
        was = before or (_version(row.was, row) if row.was else None)
        community, session = wanted = _version(row.wanted, row)
        found.append(Late(community, session, replaces=was))
        if row.session_id:
            made[row.session_id] = wanted
    return found


def _version(version: Version, row: SessionCorrection) -> Visit:
    substituted = str(version.substitute_for) if version.substitute_for else None
    fact = SessionFact(
        row.day,
        _minute(version.begin),
        None if version.end is None else _minute(version.end),
        str(row.adviser_id),
        substitute_for=substituted,
        is_manual=True,
    )
    return version.community, fact


def _judged(
    streets: Sequence[str], day: date, corrected: list[Late], change: Late, reason: str
) -> Judged:
    months: list[MonthFacts] = []
    ids: dict[str, UUID] = {}
    for street, month in _settled_months(streets, day):
        for each in gather(Month.of(month), [street]):
            months.append(each.facts)
            ids |= each.contract_ids
    known = [fact_of(other) for other in _known_visits(streets, day)] + corrected
    return Judged(rules.worth(months, known, change, reason), ids)


def _settled_months(streets: Sequence[str], day: date) -> list[tuple[str, date]]:
    query = select(Statement.street_code, Statement.month).where(
        Statement.street_code.in_(streets),
        Statement.status.in_(SEALED),
        Statement.month.between(day.replace(day=1), date(day.year, 12, 1)),
    )
    rows = db.session.execute(query.order_by(Statement.month, Statement.street_code))
    return [(street, month) for street, month in rows]


def _known_visits(streets: Sequence[str], day: date) -> list[LateEntry]:
    """Return the late visits agreed to; lectures and cases the statements' own gathering reads."""
    query = select(LateEntry).where(
        LateEntry.kind == LateKind.VISIT,
        LateEntry.status == LateStatus.APPROVED,
        LateEntry.street_code.in_(streets),
        LateEntry.day.between(*_year_of(day)),
    )
    return list(db.session.scalars(query))


def _known_corrections(streets: Sequence[str], day: date) -> list[SessionCorrection]:
    """Return the corrections that were entered before, in the order in which they were agreed."""
    row = SessionCorrection
    query = select(row).where(
        row.status == CorrectionStatus.ADJUSTED,
        or_(row.street_code.in_(streets), func.left(row.was_community_code, 9).in_(streets)),
        row.day.between(*_year_of(day)),
    )
    return list(db.session.scalars(query.order_by(row.decided_at, row.id)))


def _year_of(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)
