"""Shares of statements, read off what was frozen with each: nothing of them is stored."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select

from counselhub.advisers.models import Adviser
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.places.models import Community
from counselhub.statements import frozen
from counselhub.statements.facts import MonthFacts
from counselhub.statements.frozen import FrozenBrokenError
from counselhub.statements.gather import gather
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from counselhub.statements.rules.split import Amount, SplitLine, split
from counselhub.statements.sealed_models import StatementFreeze
from counselhub.statements.states import StatementStatus


class Shares(NamedTuple):
    """A statement's lines in printing order, each with its parts.

    names: of the advisers, by id. places: of the communities, by code. is_frozen: read off the
    submission as it was handed over; else off the records of now, which may still change.
    """

    lines: list[SplitLine]
    names: Mapping[str, str]
    places: Mapping[str, str]
    is_frozen: bool


class MonthShares(NamedTuple):
    """The lines of all statements of one month."""

    month: date
    lines: list[SplitLine]


def of_statement(statement: Statement) -> Shares:
    """Share a statement out. Raises ConflictError when what was frozen cannot be read any more."""
    is_handed_in = statement.submitted_at and statement.status != StatementStatus.QUERIED
    frozen_facts = _frozen_facts(statement) if is_handed_in else None
    facts = frozen_facts or _facts_of_now(statement)
    lines = split(facts, _amounts([statement.id])[statement.id])
    return Shares(lines, names_of(lines), _places(lines), frozen_facts is not None)


def of_months(first: date, last: date) -> list[MonthShares]:
    """Share out every submitted statement of the firm, by month; without those sent back.

    first, last: first days of months. Three statements, whatever there is to share.
    Raises ConflictError when what was frozen cannot be read any more.
    """
    rows = db.session.execute(
        select(Statement.id, Statement.month, Statement.number, StatementFreeze)
        .join(StatementFreeze, _freeze_of_statement())
        .where(Statement.month.between(first, last))
        .where(Statement.status.not_in([StatementStatus.VOID, StatementStatus.QUERIED]))
        .order_by(Statement.month, Statement.street_code)
    ).all()
    amounts = _amounts([row.id for row in rows])
    found: dict[date, list[SplitLine]] = {}
    for statement_id, month, number, freeze in rows:
        facts = _opened(freeze, number)
        found.setdefault(month, []).extend(split(facts, amounts[statement_id]))
    return [MonthShares(month, lines) for month, lines in found.items()]


def names_of(lines: Iterable[SplitLine]) -> dict[str, str]:
    """Return the names of everybody with a part, by id."""
    found = {part.adviser for one in lines for part in one.parts if part.adviser}
    query = select(Adviser.id, Adviser.name).where(Adviser.id.in_([UUID(key) for key in found]))
    return {str(key): name for key, name in db.session.execute(query)} if found else {}


def _places(lines: Iterable[SplitLine]) -> dict[str, str]:
    codes = {one.line.community for one in lines}
    rows = db.session.scalars(select(Community).where(Community.code.in_(codes)))
    return {row.code: row.short_name for row in rows}


def _amounts(statement_ids: Sequence[UUID]) -> dict[UUID, list[Amount]]:
    """Return the lines of statements in printing order, as they stand now."""
    found: dict[UUID, list[Amount]] = {key: [] for key in statement_ids}
    line = StatementLine
    query = (
        select(
            line.statement_id,
            line.contract_number,
            line.community_code,
            line.kind,
            line.month,
            line.amount_fen,
        )
        .where(line.statement_id.in_(statement_ids))
        .order_by(line.statement_id, line.position)
    )
    for key, number, code, kind, month, amount_fen in db.session.execute(query):
        amount = Amount(number, code or "", LineKind(kind), Month.of(month), amount_fen)
        found[key].append(amount)
    return found


def _facts_of_now(statement: Statement) -> MonthFacts:
    month = Month.of(statement.month)
    found = gather(month, [statement.street_code])
    nothing = MonthFacts(street=statement.street_code, month=month, contracts=())
    return found[0].facts if found else nothing


def _frozen_facts(statement: Statement) -> MonthFacts | None:
    """Return what the submission froze, None for one older than freezing."""
    query = (
        select(StatementFreeze)
        .join(Statement, _freeze_of_statement())
        .where(Statement.id == statement.id)
    )
    freeze = db.session.scalars(query).one_or_none()
    return _opened(freeze, statement.number) if freeze else None


def _freeze_of_statement() -> ColumnElement[bool]:
    """The submission that the statement now is."""
    return and_(
        StatementFreeze.firm_id == Statement.firm_id,
        StatementFreeze.statement_id == Statement.id,
        StatementFreeze.version == Statement.version,
    )


def _opened(freeze: StatementFreeze, number: str) -> MonthFacts:
    try:
        return frozen.unpack(freeze.content, freeze.digest).facts
    except FrozenBrokenError as error:
        raise ConflictError(
            _(
                "结算单 %(number)s 提交时封存的记录读不出来，无法分配。"
                "请系统管理员运行 counselhub verify 核验。",
                number=number,
            )
        ) from error
