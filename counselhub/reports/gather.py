"""What a month requires and what was present, by the statement's own rules, under any scope.

A firm's contracts are its own; an office reads those of every firm that serves its street. Two
statements for any number of firms, contracts and sessions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from counselhub.contracts.kinds import IN_FORCE
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import ScopeKind
from counselhub.reports import sources
from counselhub.statements import codes, proven
from counselhub.statements.facts import (
    AssignmentFact,
    ContractFact,
    MonthFacts,
    SessionFact,
    asking,
)
from counselhub.statements.months import Month
from counselhub.statements.rules.presence import OnSite
from counselhub.statements.rules.standing import Standing, standing
from counselhub.statements.terms import SchemeRefusedError, SchemeTerms

_day = date.fromisoformat


@dataclass(frozen=True, slots=True)
class Owed:
    """How one community stands under one contract of a firm."""

    firm_id: UUID
    contract: str
    community: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Served:
    """One firm's contracts and presence in a month."""

    firm_id: UUID
    month: Month
    contracts: Sequence[ContractFact]
    assignments: Sequence[AssignmentFact]
    on_site: OnSite

    def standings(self) -> list[Owed]:
        """Judge every community of every contract that has an active day in the month."""
        return [
            Owed(self.firm_id, contract.number, community, found)
            for contract in self.contracts
            for community in contract.communities
            if (found := standing(contract, community, self.month, self.on_site))
        ]


@dataclass(frozen=True, slots=True)
class Gathered:
    """All firms in scope. unclear: (contract, column) of schemes that nothing follows from."""

    firms: Sequence[Served]
    unclear: Sequence[tuple[str, str]]

    def standings(self) -> list[Owed]:
        """Judge every community of every firm."""
        return [one for firm in self.firms for one in firm.standings()]


def gather(member: Member, month: Month, street: str = "") -> Gathered:
    """Read the contracts and the presence of a month.

    street: only its communities, '' for all in scope. Two statements, one without a contract, two
    more where a scheme asks for a grade of evidence.
    """
    firm_id = member.firm_id if member.scope.kind is ScopeKind.FIRM else None
    return gather_months([month], firm_id, street)


def gather_months(
    months: Sequence[Month], firm_id: UUID | None = None, street: str = ""
) -> Gathered:
    """Read the contracts and the presence of months in a row; each firm comes once a month.

    As many statements as for one month.
    """
    first, last = months[0].first, months[-1].last
    contracts, unclear = contracts_between(first, last, firm_id, street)
    if not contracts:
        return Gathered([], unclear)
    places = sorted(
        {
            (firm, code)
            for firm, held in contracts.items()
            for one in held
            for code in one.communities
        }
    )
    sessions, assigned = _presence(places, first, last)
    _grade(contracts, sessions, first, last)
    firms = [
        served
        for firm, held in contracts.items()
        for served in _served(firm, held, sessions.get(firm, {}), assigned.get(firm, []), months)
    ]
    return Gathered(firms, unclear)


def _rows(statement: str, **values: Any) -> Sequence[Any]:
    """Send one statement past the ORM, under the scope of the transaction."""
    return db.session.connection().exec_driver_sql(statement, values).fetchall()


def contracts_between(
    first: date, last: date, firm_id: UUID | None = None, street: str = ""
) -> tuple[dict[str, list[ContractFact]], list[tuple[str, str]]]:
    """Return the contracts with an active day from first to last, by firm, in one statement.

    Beside them (contract, column) of those whose scheme is refused.
    """
    asked = {
        "statuses": [one.value for one in IN_FORCE],
        "opens": first,
        "closes": last,
    }
    statement = sources.contracts(of_firm=firm_id is not None, of_street=bool(street))
    ((rows, schemes),) = _rows(statement, firm=firm_id, street=street, **asked)
    versions: defaultdict[tuple[str, str], list[SchemeTerms]] = defaultdict(list)
    refused: dict[tuple[str, str], str] = {}
    for firm, scheme_id, code, *values in schemes or ():
        try:
            versions[firm, scheme_id].append(codes.terms_of(code, codes.version_of(values)))
        except SchemeRefusedError as refusal:
            refused[firm, scheme_id] = refusal.column
    found: defaultdict[str, list[ContractFact]] = defaultdict(list)
    unclear = []
    for firm, scheme_id, *head in rows or ():
        if column := refused.get((firm, scheme_id)):
            unclear.append((str(head[0]), column))
        elif (firm, scheme_id) in versions:
            found[firm].append(_contract(head, versions[firm, scheme_id]))
    return dict(found), unclear


def _contract(head: Sequence[Any], versions: Sequence[SchemeTerms]) -> ContractFact:
    number, kind, starts_on, ends_on, terminated_on, annual_fen, communities = head
    return ContractFact(
        number=number,
        kind=codes.CONTRACT_KINDS[kind],
        communities=communities,
        starts_on=_day(starts_on),
        ends_on=_day(ends_on),
        terminated_on=None if terminated_on is None else _day(terminated_on),
        annual_fen=annual_fen,
        scheme_versions=versions,
    )


Sessions = Mapping[str, dict[str, list[SessionFact]]]
Assigned = Mapping[str, list[AssignmentFact]]


def _presence(
    places: Sequence[tuple[str, str]], first: date, last: date
) -> tuple[Sessions, Assigned]:
    """Return sessions by firm and community, and assignments by firm."""
    ((present, assigned),) = _rows(
        sources.PRESENCE,
        firms=[firm for firm, _code in places],
        communities=[code for _firm, code in places],
        opens=first,
        closes=last,
    )
    sessions: defaultdict[str, dict[str, list[SessionFact]]] = defaultdict(dict)
    for firm, code, days, *columns in present or ():
        sessions[firm][code] = list(map(SessionFact, map(_day, days), *columns))
    held: defaultdict[str, list[AssignmentFact]] = defaultdict(list)
    for firm, adviser, code, starts_on, ends_on, role in assigned or ():
        until = None if ends_on is None else _day(ends_on)
        held[firm].append(AssignmentFact(adviser, code, _day(starts_on), until, codes.ROLES[role]))
    return sessions, held


def _grade(
    contracts: Mapping[str, Sequence[ContractFact]],
    sessions: Mapping[str, dict[str, list[SessionFact]]],
    first: date,
    last: date,
) -> None:
    """Give the sessions their grades where a scheme asks for them (M3)."""
    places = {firm: asking(held) for firm, held in contracts.items()}
    if not any(places.values()):
        return
    known = proven.grades_of(set().union(*places.values()), first, last)
    for firm, codes_asked in places.items():
        for code in codes_asked & sessions.get(firm, {}).keys():
            sessions[firm][code] = proven.graded(code, sessions[firm][code], known)


def _served(
    firm: str,
    contracts: Sequence[ContractFact],
    sessions: Mapping[str, list[SessionFact]],
    assigned: Sequence[AssignmentFact],
    months: Sequence[Month],
) -> list[Served]:
    facts = MonthFacts(
        street="", month=months[0], contracts=contracts, assignments=assigned, sessions=sessions
    )
    on_site = OnSite(facts)
    return [Served(UUID(firm), month, contracts, assigned, on_site) for month in months]
