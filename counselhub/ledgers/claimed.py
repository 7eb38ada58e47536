"""What the statements of a street and month say, as facts: three statements whatever their size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH

from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.ledgers.rules import Figures, StatementFact
from counselhub.ledgers.suggestions import Months
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import StatementStatus

AROUND = timedelta(days=190)
"""How far away a ledger's amount is looked for: half a year."""
SILENT = (LineKind.BASE, LineKind.WITHHOLD, LineKind.RELEASE, LineKind.ADJUSTMENT, LineKind.ONLINE)
"""Kinds whose traces tell no quantity that ledgers keep."""
TELLING = '$[*] ? (@.name == "presence" || @.name == "lectures" || @.name == "claim")'
"""The steps of a trace that tell one."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The facts of a month's statements, and the statement of each firm by its id as text."""

    facts: Sequence[StatementFact] = ()
    statements: Mapping[str, UUID] = field(default_factory=dict)


@dataclass(slots=True)
class _Sum:
    """What the lines of one community and contract add up to."""

    amount_fen: int = 0
    visits: int | None = None
    minutes: int | None = None
    lectures: int = 0
    cases: int = 0
    lectures_held: int = 0
    cases_closed: int = 0

    def add(self, steps: Iterable[Mapping[str, Any]]) -> None:
        """Add the telling steps of lines of the month."""
        for step in steps:
            given = step["inputs"]
            if step["name"] == "presence":
                self.visits = max(self.visits or 0, int(given["visits"]))
                self.minutes = max(self.minutes or 0, int(given["minutes"]))
            elif step["name"] == "lectures":
                self.lectures += sum(int(one["paid"]) for one in given["lectures"])
                self.lectures_held += sum(int(one["times"]) for one in given["lectures"])
            else:
                self.cases += not given["refusal"]
                self.cases_closed += 1

    def fact(self, firm: str, community: str, contract: str) -> StatementFact:
        """Return it as the rules take it."""
        figures = Figures(self.amount_fen, self.visits, self.minutes, self.lectures, self.cases)
        held = self.lectures_held, self.cases_closed
        return StatementFact(firm, community, contract, figures, held)


def _of_street(street: str) -> list[ColumnElement[bool]]:
    return [Statement.street_code == street, Statement.status != StatementStatus.VOID]


def submitted(street: str, month: date, firm_id: UUID | None = None) -> Claimed:
    """Return what the statements say that the office has seen; of one firm when it is named."""
    asked = [Statement.submitted_at.is_not(None)]
    return _claimed(month, [*_of_street(street), *asked], firm_id)


def is_submitted(street: str, month: date, firm_id: UUID | None = None) -> bool:
    """Say whether the office has seen any statement of the month; of one firm when it is named."""
    query = select(Statement.id).where(
        *_of_street(street), Statement.month == month, Statement.submitted_at.is_not(None)
    )
    if firm_id is not None:
        query = query.where(Statement.firm_id == firm_id)
    return db.session.scalar(query.limit(1)) is not None


def unsubmitted(street: str, month: date, firm_id: UUID) -> Claimed:
    """Return what the firm in scope has computed and not submitted: for a rehearsal only."""
    return _claimed(month, _of_street(street), firm_id)


def _claimed(month: date, conditions: list[ColumnElement[bool]], firm_id: UUID | None) -> Claimed:
    if firm_id is not None:
        conditions.append(Statement.firm_id == firm_id)
    line = StatementLine
    # Presence is told by lines of the month itself; those of earlier months have their own.
    told = line.month == month, line.kind.not_in(SILENT)
    steps = func.jsonb_path_query_array(line.trace, cast(TELLING, JSONPATH))
    keys = (line.firm_id, line.statement_id, line.community_code, line.contract_number)
    query = (
        select(*keys, func.sum(line.amount_fen), func.jsonb_agg(steps).filter(*told))
        .join(Statement, (Statement.firm_id == line.firm_id) & (Statement.id == line.statement_id))
        .where(Statement.month == month, line.community_code.is_not(None), *conditions)
        .group_by(*keys)
    )
    facts: list[StatementFact] = []
    statements: dict[str, UUID] = {}
    for firm_id, statement_id, community, contract, fen, told_steps in db.session.execute(query):
        firm = str(firm_id)
        statements[firm] = statement_id
        found = _Sum(int(fen))
        found.add(chain.from_iterable(told_steps or ()))
        facts.append(found.fact(firm, str(community), contract))
    return Claimed(facts, statements)


def other_months(street: str, month: date) -> Months:
    """Return what submitted statements of the months around say of each community."""
    line = StatementLine
    query = (
        select(line.community_code, line.firm_id, Statement.month, func.sum(line.amount_fen))
        .join(Statement, (Statement.firm_id == line.firm_id) & (Statement.id == line.statement_id))
        .where(*_of_street(street), Statement.submitted_at.is_not(None))
        .where(Statement.month.between(month - AROUND, month + AROUND), Statement.month != month)
        .where(line.community_code.is_not(None))
        .group_by(line.community_code, line.firm_id, Statement.month)
    )
    found: defaultdict[str, list[tuple[str, date, int]]] = defaultdict(list)
    for community, firm_id, of_month, fen in db.session.execute(query):
        found[str(community)].append((str(firm_id), of_month, int(fen)))
    return found


Served = Mapping[str, Sequence[tuple[str, str]]]
"""By community, firm and contract number of those who serve it in the month."""


def served(street: str, month: date) -> Served:
    """Return who serves the communities of a street in a month, by contract."""
    place = ContractCommunity
    query = (
        select(place.community_code, place.firm_id, Contract.number)
        .join(Contract, (Contract.firm_id == place.firm_id) & (Contract.id == place.contract_id))
        .where(place.street_code == street, place.starts_on <= clock.last_day(month))
        .where(place.last_on >= month)
    )
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for community, firm_id, number in db.session.execute(query):
        found[community].append((str(firm_id), number))
    return found


def firm_of(community: str, contract: str, known: Served) -> str:
    """Return the one firm that a row without a statement is about, "" when that is not clear."""
    found = known.get(community, ())
    named = {firm for firm, number in found if number == contract}
    firms = named or {firm for firm, _number in found}
    return firms.pop() if len(firms) == 1 else ""


def streets_firms(known: Served) -> Iterable[str]:
    """Return the firms that serve a street, each once, in order."""
    return sorted({firm for found in known.values() for firm, _number in found})
