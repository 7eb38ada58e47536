"""The base subsidy of a settlement period and what is withheld of it (M2, M9)."""

from collections.abc import Iterator
from typing import NamedTuple

from counselhub.core.money import divide_half_up, percent_of
from counselhub.statements.facts import ContractFact
from counselhub.statements.lines import Line, LineKind, TraceStep
from counselhub.statements.months import Month
from counselhub.statements.rules.annual import Annual, annual
from counselhub.statements.rules.periods import Settlement, active_days
from counselhub.statements.terms import SchemeTerms


class PeriodBase(NamedTuple):
    """A period's base and its working (M2).

    reached_fen and before_fen: what of the year's amount is due by this period's end, and by the
    one's before. fen: the base, never below 0; days count the active ones of the whole period's.
    """

    annual: Annual
    reached_fen: int
    before_fen: int
    active_days: int
    days_in_period: int
    fen: int


def period_base(contract: ContractFact, settlement: Settlement, community: str) -> PeriodBase:
    """M2: the base of a period by its active days; over a full year the bases sum to its amount."""
    place, per_year = settlement.place, settlement.per_year
    of_year = annual(contract, settlement.terms, community)
    amount_fen = of_year.fen
    reached_fen = divide_half_up(amount_fen * place, per_year)
    before_fen = divide_half_up(amount_fen * (place - 1), per_year)
    active = active_days(contract, settlement.opens.first, settlement.last.last)
    days = settlement.days
    base_fen = divide_half_up((reached_fen - before_fen) * active, days)
    return PeriodBase(of_year, reached_fen, before_fen, active, days, base_fen)


def monthly_base(contract: ContractFact, terms: SchemeTerms, month: Month, community: str) -> int:
    """M5: the month's base as M2 would have it with n = 12, whatever the scheme's own period."""
    amount_fen = annual(contract, terms, community).fen
    reached_fen = divide_half_up(amount_fen * month.number, 12)
    full_fen = reached_fen - divide_half_up(amount_fen * (month.number - 1), 12)
    return divide_half_up(full_fen * active_days(contract, month.first, month.last), month.days)


def base_lines(
    contract: ContractFact, community: str, settlement: Settlement, base: PeriodBase
) -> Iterator[Line]:
    """Give the base line and, if a percentage is withheld, the line that takes it off (M2, M9).

    base: of a period with an active day.
    """
    number, month, terms = contract.number, settlement.last, settlement.terms
    days = f"{base.active_days}/{base.days_in_period}"
    steps = base_trace(contract, settlement, base)
    yield Line(number, community, LineKind.BASE, month, days, base.fen, steps, terms)
    if terms.withhold_percent:
        withheld_fen = percent_of(base.fen, terms.withhold_percent)
        inputs = {
            "base_fen": base.fen,
            "percent": terms.withhold_percent,
            "withheld_fen": withheld_fen,
        }
        step = (TraceStep("M9", "withheld", inputs),)
        kind, percent = LineKind.WITHHOLD, str(terms.withhold_percent)
        yield Line(number, community, kind, month, percent, -withheld_fen, step, terms)


def base_trace(
    contract: ContractFact, settlement: Settlement, base: PeriodBase
) -> tuple[TraceStep, ...]:
    """Show which period and version, the full base, and the part of it by active days."""
    full_fen = base.reached_fen - base.before_fen
    full: dict[str, object] = {
        "annual_fen": base.annual.fen,
        "is_of_contract": contract.annual_fen is not None,
        "place": settlement.place,
        "per_year": settlement.per_year,
        "reached_fen": base.reached_fen,
        "before_fen": base.before_fen,
        "full_fen": full_fen,
    }
    if base.annual.trace:
        full["is_of_community"] = True
    part = {
        "full_fen": full_fen,
        "active_days": base.active_days,
        "days_in_period": base.days_in_period,
        "base_fen": base.fen,
    }
    return (
        period_step(settlement),
        *base.annual.trace,
        TraceStep("M2", "full_base", full),
        TraceStep("M2", "active_part", part),
    )


def period_step(settlement: Settlement) -> TraceStep:
    """Show the period's days and the scheme version in force on its first active one."""
    inputs = {
        "scheme": settlement.terms.scheme,
        "effective_on": settlement.terms.effective_on,
        "cycle": settlement.terms.cycle,
        "first": settlement.opens.first,
        "last": settlement.last.last,
    }
    return TraceStep("M1", "period", inputs)
