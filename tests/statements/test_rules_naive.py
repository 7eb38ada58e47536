"""The rules against a second, naive writing of them, and what must hold of any statement."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counselhub.core.money import in_capitals
from counselhub.statements.facts import MonthFacts, SessionFact
from counselhub.statements.lines import LineKind
from counselhub.statements.reach import reach
from counselhub.statements.rules.statement import compute
from tests.statements.drawn import firms_with_cases, months_of_facts
from tests.statements.make import ELSEWHERE, STREET
from tests.statements.naive import Naive
from tests.statements.read import fen_of_capitals


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(months_of_facts(), st.randoms(use_true_random=False), st.integers(0, 1440))
def test_any_month(facts: MonthFacts, random: Random, minute: int) -> None:
    """All that must hold is asked of each month: to draw one takes longer than to compute it."""
    both_writings_agree(facts)
    the_order_of_records_does_not_matter(facts, random)
    a_statement_adds_up(facts)
    shortfalls_never_exceed_the_base(facts)
    splitting_sessions_changes_nothing(facts, minute)


@settings(max_examples=300)
@given(firms_with_cases(), st.sampled_from([STREET, ELSEWHERE[:9]]))
def test_what_is_out_of_reach_changes_nothing(firm: MonthFacts, street: str) -> None:
    """M8: of a street's facts the rules make what the other writing makes of the whole firm's."""
    contracts, communities, _here = reach(street, firm.contracts)
    claims = [claim for claim in firm.claims if claim.community in communities]
    facts = replace(firm, street=street, contracts=contracts, claims=claims)
    amounts = {
        (line.community, line.contract, str(line.month), line.kind.value): line.amount_fen
        for line in compute(facts).lines
    }
    assert amounts == Naive(replace(firm, street=street)).amounts


def both_writings_agree(facts: MonthFacts) -> None:
    statement, naive = compute(facts), Naive(facts)
    amounts = {
        (line.community, line.contract, str(line.month), line.kind.value): line.amount_fen
        for line in statement.lines
    }
    assert amounts == naive.amounts
    assert len(amounts) == len(statement.lines)
    funded = dict(statement.funding)
    assert {source.value: fen for source, fen in funded.items()} == naive.funding()


def the_order_of_records_does_not_matter(facts: MonthFacts, random: Random) -> None:
    def shuffled(records: Iterable[Any]) -> list[Any]:
        mixed = list(records)
        random.shuffle(mixed)
        return mixed

    names = ("contracts", "assignments", "lectures", "shifts", "claims", "activities", "points")
    changes: dict[str, Any] = {name: shuffled(getattr(facts, name)) for name in names}
    sessions = {code: shuffled(records) for code, records in shuffled(facts.sessions.items())}
    assert compute(replace(facts, **changes, sessions=sessions)) == compute(facts)


def a_statement_adds_up(facts: MonthFacts) -> None:
    statement = compute(facts)
    total_fen = statement.total_fen
    assert total_fen == sum(line.amount_fen for line in statement.lines)
    assert total_fen == fen_of_capitals(in_capitals(total_fen))
    assert total_fen == sum(amount_fen for _, amount_fen in statement.funding)
    assert total_fen == statement.payable_fen + statement.carried_fen
    assert list(statement.lines) == sorted(statement.lines, key=lambda line: line.place)
    assert compute(facts) == statement


def shortfalls_never_exceed_the_base(facts: MonthFacts) -> None:
    left: dict[tuple[str, str], int] = {}
    for line in compute(facts).lines:
        if line.kind in (LineKind.BASE, LineKind.SHORTFALL):
            key = (line.contract, line.community)
            left[key] = left.get(key, 0) + line.amount_fen
        if line.kind in (LineKind.SHORTFALL, LineKind.WITHHOLD):
            assert line.amount_fen <= 0
    assert all(amount_fen >= 0 for amount_fen in left.values())


def splitting_sessions_changes_nothing(facts: MonthFacts, minute: int) -> None:
    split: dict[str, list[SessionFact]] = {}
    for community, sessions in facts.sessions.items():
        split[community] = []
        for session in sessions:
            if session.sign_out is not None and session.sign_in <= minute <= session.sign_out:
                split[community].append(session._replace(sign_out=minute))
                split[community].append(session._replace(sign_in=minute))
            else:
                split[community].append(session)
    assert compute(replace(facts, sessions=split)) == compute(facts)
