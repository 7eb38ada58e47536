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

from counselhub.contracts.kinds import IN_FORCE
from counselhub.core.db import db
from counselhub.core.tenancy import current_firm_id
from counselhub.statements import carried, codes, from_json, proven, released
from counselhub.statements.adjusted import Adjusted, facts_of, taken
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
from counselhub.statements.from_json import day_of
from counselhub.statements.months import Month
from counselhub.statements.pack_facts import PackRecords, pack_records
from counselhub.statements.reach import reach
from counselhub.statements.released import Released
from counselhub.statements.rules.periods import settlement_of
from counselhub.statements.sources import CONTRACTS, RECORDS
from counselhub.statements.terms import SchemeTerms
from counselhub.statements.versions import terms_of


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
    """The firm's contracts, and what of them the other reads need.

    waiting: streets where something of earlier months is to be settled, with a contract or without.
    """

    contracts: list[ContractFact]
    ids: dict[str, UUID]
    waiting: Sequence[str]

    def streets(self, wanted: Collection[str] | None) -> list[str]:
        """Return the streets that have a statement to make, of those wanted if given."""
        found = {code[:9] for contract in self.contracts for code in contract.communities}
        found.update(self.waiting)
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
    month: Month,
    streets: Collection[str] | None = None,
    *,
    live: bool = False,
    instead: SchemeTerms | None = None,
) -> list[Gathered]:
    """Return the facts of the firm in scope, one of each street, by code.

    A street has a contract with an active day since January, or something of earlier months to
    settle.

    streets: only these. live: also the presence of periods that end later than the month. instead:
    terms that stand in for every contract's scheme, to rehearse them. Sends two statements, one
    when there is nothing to settle, three more where a scheme asks for a grade of evidence, and
    another where a rule pack pays services or points. Raises RefusedError naming the scheme that
    nothing can be computed from.
    """
    firm_id = current_firm_id()
    held = _contracts(firm_id, month, instead)
    codes_wanted = held.streets(streets)
    if not codes_wanted:
        return []
    since = _since(held, codes_wanted, month, live)
    records = _records(firm_id, month, codes_wanted, held.communities(codes_wanted), since)
    proven.grade(
        records.sessions, {code: since[code] for code in asking(held.contracts) if code in since}
    )
    packed = pack_records(firm_id, held.contracts, month, held.communities(codes_wanted))
    return [_of_street(street, month, held, records, packed) for street in codes_wanted]


def _rows(statement: str, **values: Any) -> Sequence[Any]:
    """Send one statement past the ORM, under the scope of the transaction."""
    return db.session.connection().exec_driver_sql(statement, values).fetchall()


def _contracts(firm_id: UUID, month: Month, instead: SchemeTerms | None) -> _Held:
    """Read the contracts active since January, and all versions of their schemes."""
    ((rows, schemes, waiting),) = _rows(
        CONTRACTS,
        firm=firm_id,
        statuses=[status.value for status in IN_FORCE],
        opens=date(month.year, 1, 1),
        closes=month.last,
        month=month.first,
    )
    versions: defaultdict[str, list[SchemeTerms]] = defaultdict(list)
    for scheme_id, scheme, *values in schemes or ():
        versions[scheme_id].append(terms_of(scheme, values))
    heads = [row for row in rows or () if row[1] in versions]
    given = [instead] if instead else None
    contracts = [_contract(head, given or versions[scheme_id]) for _, scheme_id, *head in heads]
    return _Held(contracts, {row[2]: UUID(row[0]) for row in heads}, waiting)


def _contract(head: Sequence[Any], versions: Sequence[SchemeTerms]) -> ContractFact:
    number, kind, starts_on, ends_on, terminated_on, annual_fen, communities = head
    return ContractFact(
        number=number,
        kind=codes.CONTRACT_KINDS[kind],
        communities=communities,
        starts_on=day_of(starts_on),
        ends_on=day_of(ends_on),
        terminated_on=None if terminated_on is None else day_of(terminated_on),
        annual_fen=annual_fen,
        scheme_versions=versions,
    )


def _since(held: _Held, streets: Collection[str], month: Month, live: bool) -> dict[str, date]:
    """Return from which day on each community's presence matters to the month."""
    since: dict[str, date] = {}
    for contract in held.contracts:
        settlement = settlement_of(contract, month)
        if settlement is None:
            continue
        first = settlement.opens.first
        if not (live or settlement.last == month):
            if not settlement.terms.pack.pays_presence:
                continue
            first = month.first
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
    carries: dict[str, list[CarryFact]]
    standing: dict[str, list[str]]
    adjusted: dict[str, list[Adjusted]]
    released: dict[str, list[Released]]


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
    ((sessions, assigned, lectures, claims, shifts, carries, standing, adjusted, freed),) = _rows(
        RECORDS,
        firm=firm_id,
        streets=list(streets),
        places=list(communities),
        present=list(since),
        since=list(since.values()),
        led_since=date(month.year - 1, 1, 1),
        year_opens=date(month.year, 1, 1),
        quarter_opens=quarter.first,
        opens=month.first,
        closes=month.last,
        after=month.plus(1).first,
    )
    return _Records(
        {code: from_json.sessions(*columns) for code, *columns in sessions or ()},
        _by_place((row[0], from_json.assignment(*row)) for row in assigned or ()),
        _by_place((row[0], from_json.lecture(*row)) for row in lectures or ()),
        _by_place((row[0], from_json.claim(*row)) for row in claims or ()),
        _by_place((row[0], from_json.shift(*row)) for row in shifts or ()),
        _by_place(carried.facts_of(carries or ())),
        _by_place(tuple(pair) for pair in standing or ()),
        _by_place(facts_of(adjusted or ())),
        _by_place(released.facts_of(freed or ())),
    )


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
    packed: PackRecords,
) -> Gathered:
    """Put together what belongs to one street."""
    contracts, own, here = reach(street, held.contracts)
    adjusted = taken(records.adjusted.get(street, ()))
    freed = records.released.get(street, ())
    rests = records.carries.get(street, ())
    facts = MonthFacts(
        street=street,
        month=month,
        contracts=contracts,
        assignments=_of(records.assignments, here),
        sessions={code: records.sessions[code] for code in here if code in records.sessions},
        lectures=_of(records.lectures, here),
        shifts=records.shifts.get(street, ()),
        claims=_of(records.claims, own),
        adjustments=[each.fact for each in adjusted],
        releases=[each.fact for each in freed],
        activities=_of(packed.activities, here),
        points=_of(packed.points, here),
        carry=rests[-1] if rests else None,
        older_carries=rests[:-1],
    )
    ids = {each.fact.contract: each.contract_id for each in (*adjusted, *freed)}
    return Gathered(
        facts, {**held.ids, **ids} if ids else held.ids, records.standing.get(street, ())
    )


def _of(arranged: Mapping[str, list[Any]], places: Iterable[str]) -> list[Any]:
    return [fact for facts in map(arranged.get, places, repeat([])) for fact in facts or ()]
