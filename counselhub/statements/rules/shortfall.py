"""What a month owes of its required presence, and what that costs (M4, M5)."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from counselhub.core.money import divide_half_up
from counselhub.statements.facts import ContractFact
from counselhub.statements.lines import Line, LineKind, TraceStep
from counselhub.statements.months import Month, months_between
from counselhub.statements.rules.base import monthly_base
from counselhub.statements.rules.periods import Settlement, active_days
from counselhub.statements.rules.presence import OnSite, Presence, presence
from counselhub.statements.terms import Deduction, SchemeTerms


class Required(NamedTuple):
    """What a month asks for, in whole minutes and visits; 0 where nothing is required."""

    minutes: int
    visits: int


class Cost(NamedTuple):
    """What a month's shortfall costs before the period's cap, and the working."""

    fen: int
    quantity: str
    step: TraceStep


def required(terms: SchemeTerms, active: int, days_in_month: int) -> Required:
    """M4: the month's requirement by active days, rounded down to a whole minute and visit."""
    minutes, parts = (terms.required_minutes or Fraction()).as_integer_ratio()
    visits = terms.required_visits or 0
    return Required(minutes * active // (parts * days_in_month), visits * active // days_in_month)


def per_visit(owed: Required, present: Presence, rate_fen: int) -> Cost:
    """M5 按次: missing visits x 扣减标准."""
    missing = max(0, owed.visits - present.visits)
    inputs = {"missing_visits": missing, "rate_fen": rate_fen, "cost_fen": missing * rate_fen}
    return Cost(missing * rate_fen, str(missing), TraceStep("M5", "per_visit", inputs))


def per_hour(owed: Required, present: Presence, rate_fen: int) -> Cost:
    """M5 按小时: missing hours x 扣减标准, a started hour being a whole one."""
    missing = max(0, owed.minutes - present.minutes)
    hours = -(-missing // 60)
    inputs = {
        "missing_minutes": missing,
        "started_hours": hours,
        "rate_fen": rate_fen,
        "cost_fen": hours * rate_fen,
    }
    return Cost(hours * rate_fen, str(hours), TraceStep("M5", "per_hour", inputs))


def pro_rata(owed: Required, present: Presence, month_base_fen: int) -> Cost:
    """M5 按比例: the month's base by missing minutes of required ones; 0 when none are required."""
    missing = max(0, owed.minutes - present.minutes)
    cost_fen = divide_half_up(month_base_fen * missing, owed.minutes) if owed.minutes else 0
    inputs = {
        "missing_minutes": missing,
        "required_minutes": owed.minutes,
        "month_base_fen": month_base_fen,
        "cost_fen": cost_fen,
    }
    return Cost(cost_fen, f"{missing}/{owed.minutes}", TraceStep("M5", "pro_rata", inputs))


def shortfall_lines(
    contract: ContractFact, community: str, settlement: Settlement, base_fen: int, on_site: OnSite
) -> Iterator[Line]:
    """Give a line for each month of the period with an active day, 0 too; none under 不扣.

    M5: together they never exceed base_fen, the period's base: the month that would pass it takes
    what is left.
    """
    terms = settlement.terms
    if terms.deduction is Deduction.NONE:
        return
    left_fen = base_fen
    for month in months_between(settlement.opens, settlement.last):
        active = active_days(contract, month.first, month.last)
        if not active:
            continue
        owed = required(terms, active, month.days)
        days = on_site.days((community, terms.lowest_grade), month)
        present = presence(days, terms.shortest_visit_minutes)
        cost = cost_of((contract, community), terms, month, owed, present)
        taken_fen = min(cost.fen, left_fen)
        cap = {"base_fen": base_fen, "left_fen": left_fen, "taken_fen": taken_fen}
        left_fen -= taken_fen
        trace = (
            presence_step(present, terms),
            required_step(terms, owed, active, month),
            cost.step,
            TraceStep("M5", "period_cap", cap),
        )
        kind = LineKind.SHORTFALL
        yield Line(contract.number, community, kind, month, cost.quantity, -taken_fen, trace, terms)


def cost_of(
    at: tuple[ContractFact, str],
    terms: SchemeTerms,
    month: Month,
    owed: Required,
    present: Presence,
) -> Cost:
    """M5: what the month's shortfall costs in the scheme's way, before the period's cap.

    at: contract and community. Not for a scheme under 不扣.
    """
    if terms.deduction is Deduction.PRO_RATA:
        contract, community = at
        return pro_rata(owed, present, monthly_base(contract, terms, month, community))
    way = per_visit if terms.deduction is Deduction.PER_VISIT else per_hour
    return way(owed, present, terms.deduction_fen or 0)


def presence_step(present: Presence, terms: SchemeTerms) -> TraceStep:
    """Show the days that counted, and the lowest grade where not every one counts."""
    inputs: dict[str, object] = {
        "days": present.days,
        "shortest_visit_minutes": terms.shortest_visit_minutes,
        "minutes": present.minutes,
        "visits": present.visits,
    }
    if terms.lowest_grade < "D":
        inputs["lowest_grade"] = terms.lowest_grade
    return TraceStep("M3", "presence", inputs)


def required_step(terms: SchemeTerms, owed: Required, active: int, month: Month) -> TraceStep:
    """Show what the month asked for; a blank requirement is None."""
    inputs = {
        "minutes_a_month": terms.required_minutes,
        "visits_a_month": terms.required_visits,
        "active_days": active,
        "days_in_month": month.days,
        "minutes": owed.minutes,
        "visits": owed.visits,
    }
    return TraceStep("M4", "required", inputs)
