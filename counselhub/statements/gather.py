"""From rows to the facts of a month: a fixed number of statements for any number of contracts.

Everything is read under the scope of one firm and named by it; minutes and days are worked out by
the database, and all arrives as JSON, a community's sessions as arrays, so that a batch over a
province spends its time on the rules and not on rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from counselhub.contracts.kinds import IN_FORCE
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.tenancy import current_firm_id
from counselhub.statements import codes, proven
from counselhub.statements.facts import (
    AssignmentFact,
    CarryFact,
    ClaimFact,
    ContractFact,
    LectureFact,
    MonthFacts,
    SessionFact,
    ShiftFact,
    asking,
)
from counselhub.statements.months import Month
from counselhub.statements.rules.periods import settlement_of
from counselhub.statements.sources import CONTRACTS, RECORDS
from counselhub.statements.terms import SchemeRefusedError, SchemeTerms, Source


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts of one street's month, and what a statement of them needs beside.

    contract_ids: by number. standing: the states of the month's statements, void ones too.
    """

    facts: MonthFacts
    contract_ids: Mapping[str, UUID]
    standing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Held:
    """The firm's contracts, and what of them the other reads need."""

    contracts: list[ContractFact]
    ids: dict[str, UUID]

    def streets(self, wanted: Collection[str] | None) -> list[str]:
        """Return the streets of the contracts' communities, of those wanted if given."""
        found = {code[:9] for contract in self.contracts for code in contract.communities}
        return sorted(found if wanted is None else found.intersection(wanted))

    def communities(self, streets: Collection[str]) -> list[str]:
        """Return every community whose claims share a cap with one of the streets'."""
        return sorted(
            {
                code
                for contract in self.contracts
                if any(code[:9] in streets for code in contract.communities)
                for code in contract.communities
            }
        )


def gather(
    month: Month, streets: Collection[str] | None = None, *, live: bool = False
) -> list[Gathered]:
    """Return the facts of the firm in scope, one of each street with an active contract, by code.

    streets: only these. live: also the presence of periods that end later than the month. Sends
    two statements, one when no contract is active, three more where a scheme asks for a grade of
    evidence. Raises RefusedError naming the
    scheme that nothing can be computed from.
    """
    firm_id = current_firm_id()
    held = _contracts(firm_id, month)
    codes_wanted = held.streets(streets)
    if not codes_wanted:
        return []
    since = _since(held, codes_wanted, month, live)
    records = _records(firm_id, month, codes_wanted, held.communities(codes_wanted), since)
    proven.grade(
        records.sessions, {code: since[code] for code in asking(held.contracts) if code in since}
    )
    return [_of_street(street, month, held, records) for street in codes_wanted]


def _rows(statement: str, **values: Any) -> Sequence[Any]:
    """Send one statement past the ORM, under the scope of the transaction."""
    return db.session.connection().exec_driver_sql(statement, values).fetchall()


def _contracts(firm_id: UUID, month: Month) -> _Held:
    """Read the contracts active since January, and all versions of their schemes."""
    ((rows, schemes),) = _rows(
        CONTRACTS,
        firm=firm_id,
        statuses=[status.value for status in IN_FORCE],
        opens=date(month.year, 1, 1),
        closes=month.last,
    )
    versions: defaultdict[str, list[SchemeTerms]] = defaultdict(list)
    for scheme_id, scheme, *values in schemes or ():
        versions[scheme_id].append(_terms(scheme, codes.version_of(values)))
    heads = [row for row in rows or () if row[1] in versions]
    contracts = [_contract(head, versions[scheme_id]) for _, scheme_id, *head in heads]
    return _Held(contracts, {row[2]: UUID(row[0]) for row in heads})


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


def _terms(scheme: str, version: dict[str, Any]) -> SchemeTerms:
    try:
        return codes.terms_of(scheme, version)
    except SchemeRefusedError as refusal:
        raise RefusedError(
            _(
                "补贴方案“%(scheme)s”的内容不完整或不一致（%(column)s），无法计算。请先改正方案。",
                scheme=scheme,
                column=refusal.column,
            )
        ) from refusal


def _since(held: _Held, streets: Collection[str], month: Month, live: bool) -> dict[str, date]:
    """Return from which day on each community's presence matters to the month."""
    since: dict[str, date] = {}
    for contract in held.contracts:
        settlement = settlement_of(contract, month)
        if settlement is None or not (live or settlement.last == month):
            continue
        first = settlement.opens.first
        for code in contract.communities:
            if code[:9] in streets:
                since[code] = min(first, since.get(code, first))
    return since


@dataclass(frozen=True, slots=True)
class _Records:
    """What happened, by the place that it happened in."""

    sessions: dict[str, list[SessionFact]]
    assignments: dict[str, list[AssignmentFact]]
    lectures: dict[str, list[LectureFact]]
    claims: dict[str, list[ClaimFact]]
    shifts: dict[str, list[ShiftFact]]
    carries: dict[str, CarryFact]
    standing: dict[str, list[str]]


def _records(
    firm_id: UUID,
    month: Month,
    streets: Sequence[str],
    communities: Sequence[str],
    since: Mapping[str, date],
) -> _Records:
    """Read all in one statement: each kind a JSON array of arrays, null when there is none.

    since: from which day on to read the presence of a community, for those to read it of.
    """
    quarter = Month(month.year, (month.number - 1) // 3 * 3 + 1)
    ((sessions, assigned, lectures, claims, shifts, carries, standing),) = _rows(
        RECORDS,
        firm=firm_id,
        streets=list(streets),
        places=list(communities),
        present=list(since),
        since=list(since.values()),
        year_opens=date(month.year, 1, 1),
        quarter_opens=quarter.first,
        opens=month.first,
        closes=month.last,
        after=month.plus(1).first,
    )
    return _Records(
        {code: _session_facts(*columns) for code, *columns in sessions or ()},
        _by_place((row[0], _assignment(*row)) for row in assigned or ()),
        _by_place((row[0], LectureFact(_day(row[1]), row[0], row[2])) for row in lectures or ()),
        _by_place((row[0], _claim(*row)) for row in claims or ()),
        _by_place((row[0], _shift(*row)) for row in shifts or ()),
        {
            street: CarryFact(
                Month.of(_day(before)), tuple((Source(name), fen) for name, fen in funding)
            )
            for street, before, funding in carries or ()
        },
        _by_place(tuple(pair) for pair in standing or ()),
    )


def _session_facts(days: Iterable[str], *columns: Iterable[Any]) -> list[SessionFact]:
    """Make the sessions of one community from its columns, in the order of SessionFact."""
    return list(map(SessionFact, map(_day, days), *columns))


def _assignment(code: str, adviser: str, first: str, last: str | None, role: str) -> AssignmentFact:
    ends_on = None if last is None else _day(last)
    return AssignmentFact(adviser, code, _day(first), ends_on, codes.ROLES[role])


def _shift(_street: str, first: str, start: int, last: str, end: int) -> ShiftFact:
    return ShiftFact(_day(first), start, _day(last), end)


def _claim(
    code: str,
    number: str,
    closed: str,
    difficulty: str,
    is_oral: bool,
    fulfilled: bool,
    complete: bool,
    taken: bool,
) -> ClaimFact:
    return ClaimFact(
        case_number=number,
        closed_on=_day(closed),
        community=code,
        difficulty=codes.DIFFICULTIES[difficulty],
        is_oral=is_oral,
        is_fulfilled=fulfilled,
        has_full_dossier=complete,
        taken_elsewhere=taken,
    )


_day = date.fromisoformat


def _by_place(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    arranged: defaultdict[str, list[Any]] = defaultdict(list)
    for place, fact in pairs:
        arranged[place].append(fact)
    return dict(arranged)


def _of_street(
    street: str,
    month: Month,
    held: _Held,
    records: _Records,
) -> Gathered:
    """Put together what belongs to one street."""
    contracts = [
        contract
        for contract in held.contracts
        if any(code.startswith(street) for code in contract.communities)
    ]
    own = {code for contract in contracts for code in contract.communities}
    here = [code for code in own if code.startswith(street)]
    facts = MonthFacts(
        street=street,
        month=month,
        contracts=contracts,
        assignments=_of(records.assignments, here),
        sessions={code: records.sessions[code] for code in here if code in records.sessions},
        lectures=_of(records.lectures, here),
        shifts=records.shifts.get(street, ()),
        claims=_of(records.claims, own),
        carry=records.carries.get(street),
    )
    return Gathered(facts, held.ids, records.standing.get(street, ()))


def _of(arranged: Mapping[str, list[Any]], places: Iterable[str]) -> list[Any]:
    return [fact for facts in map(arranged.get, places, repeat([])) for fact in facts or ()]
