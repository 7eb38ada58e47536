"""What services are paid by their kind, under a month's caps of the community (M16)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from counselhub.statements.facts import ActivityFact, ContractFact, MonthFacts
from counselhub.statements.lines import Line, LineKind, TraceStep
from counselhub.statements.months import Month
from counselhub.statements.rules.periods import payer_on
from counselhub.statements.terms import SchemeTerms


class PaidActivity(NamedTuple):
    """A service with the contract that pays it; times: what is paid of its own times."""

    activity: ActivityFact
    contract: ContractFact
    terms: SchemeTerms
    times: int


def activity_lines(facts: MonthFacts) -> Iterator[Line]:
    """Give a line to each contract and community with a paid kind of service in the month (M16)."""
    by_line: dict[tuple[str, str], list[PaidActivity]] = {}
    for paid in paid_activities(facts):
        community = paid.activity.community
        if community.startswith(facts.street):
            by_line.setdefault((paid.contract.number, community), []).append(paid)
    for (number, community), activities in by_line.items():
        terms = activities[0].terms
        steps = tuple(_steps(terms, activities))
        times = sum(paid.times for paid in activities)
        fees = terms.pack.activities
        amount_fen = sum(paid.times * fees[paid.activity.kind].fee_fen for paid in activities)
        kind = LineKind.ACTIVITY
        yield Line(number, community, kind, facts.month, str(times), amount_fen, steps, terms)


def paid_activities(facts: MonthFacts) -> list[PaidActivity]:
    """Go through the month's services by day.

    M16: a service is paid by the contract in force on its day whose scheme pays its kind; of two,
    the first by number. A kind's cap counts what the community was paid, whichever contract paid.
    """
    activities = [fact for fact in facts.activities if Month.of(fact.day) == facts.month]
    by_community = facts.contracts_by_community() if activities else {}
    taken: Counter[tuple[str, str]] = Counter()
    paid = []
    for activity in sorted(activities):
        payer = paying_contract(activity, by_community.get(activity.community, ()))
        if payer is None:
            continue
        key = activity.community, activity.kind
        cap = payer[1].pack.activities[activity.kind].cap
        times = activity.times if cap is None else min(activity.times, max(0, cap - taken[key]))
        taken[key] += times
        paid.append(PaidActivity(activity, *payer, times))
    return paid


def paying_contract(
    activity: ActivityFact, contracts: Sequence[ContractFact]
) -> tuple[ContractFact, SchemeTerms] | None:
    """Return who pays a service and under which terms, None when nobody does."""
    kind = activity.kind
    return payer_on(contracts, activity.day, lambda terms: terms.pack.pays(kind))


def _steps(terms: SchemeTerms, activities: Sequence[PaidActivity]) -> Iterator[TraceStep]:
    """Show each kind: its fee and cap, each service with what is paid of it."""
    for kind in sorted({paid.activity.kind for paid in activities}):
        fee = terms.pack.activities[kind]
        of_kind = [paid for paid in activities if paid.activity.kind == kind]
        shown = [
            {"day": paid.activity.day, "times": paid.activity.times, "paid": paid.times}
            for paid in of_kind
        ]
        times = sum(paid.times for paid in of_kind)
        inputs = {
            "kind": kind,
            "fee_fen": fee.fee_fen,
            "cap": fee.cap,
            "services": shown,
            "times": times,
            "amount_fen": times * fee.fee_fen,
        }
        yield TraceStep("M16", "activity", inputs)
