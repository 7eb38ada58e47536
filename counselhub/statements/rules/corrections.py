"""What later statements settle of earlier ones: releases, adjustments, a carried rest (M9-M11)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from counselhub.core.money import percent_of
from counselhub.statements.facts import AdjustmentFact, CarryFact, MonthFacts, ReleaseFact
from counselhub.statements.lines import Line, LineKind, TraceStep
from counselhub.statements.months import Month


def correction_lines(facts: MonthFacts) -> Iterator[Line]:
    """Give the statement's release and adjustment lines and the line of a carried rest."""
    yield from release_lines(facts.releases, facts.month)
    yield from adjustment_lines(facts.adjustments)
    if facts.carry is not None:
        yield carry_line(facts.carry)


def release_lines(releases: Iterable[ReleaseFact], month: Month) -> Iterator[Line]:
    """Give a line, in the statement's own month, to each contract and community released.

    M9: round(withheld x the grade's percentage / 100), each year for itself; several years are
    steps of one line, funded as the latest of them.
    """
    by_line: dict[tuple[str, str], list[ReleaseFact]] = defaultdict(list)
    for release in sorted(releases, key=_release_order):
        by_line[release.contract, release.community].append(release)
    for (number, community), facts in by_line.items():
        amount_fen = sum(released(fact) for fact in facts)
        years = " ".join(str(fact.year) for fact in facts)
        trace = tuple(release_step(fact) for fact in facts)
        kind, terms = LineKind.RELEASE, facts[-1].terms
        yield Line(number, community, kind, month, years, amount_fen, trace, terms)


def _release_order(fact: ReleaseFact) -> tuple[object, ...]:
    """Order releases by year, the rest only to make it sure."""
    return fact.year, fact.terms.effective_on, fact.grade, fact.withheld_fen


def released(fact: ReleaseFact) -> int:
    """M9: what is paid of a year's withholding; a grade the scheme lacks releases nothing."""
    percent = fact.terms.release_percents.get(fact.grade)
    return 0 if percent is None else percent_of(fact.withheld_fen, percent)


def release_step(fact: ReleaseFact) -> TraceStep:
    """Show what was withheld, the grade and its percentage."""
    inputs = {
        "year": fact.year,
        "grade": fact.grade,
        "withheld_fen": fact.withheld_fen,
        "percent": fact.terms.release_percents.get(fact.grade),
        "released_fen": released(fact),
    }
    return TraceStep("M9", "released", inputs)


def adjustment_lines(adjustments: Iterable[AdjustmentFact]) -> Iterator[Line]:
    """Give a line to each contract, community and corrected month; its month is the corrected one.

    M10: several reasons for one month are steps of one line.
    """
    by_line: dict[tuple[str, str, Month], list[AdjustmentFact]] = defaultdict(list)
    for fact in sorted(adjustments, key=lambda fact: (fact.terms.effective_on, fact.reason)):
        by_line[fact.contract, fact.community, fact.month].append(fact)
    for (number, community, month), facts in by_line.items():
        amount_fen = sum(fact.amount_fen for fact in facts)
        trace = tuple(adjustment_step(fact) for fact in facts)
        kind, terms = LineKind.ADJUSTMENT, facts[-1].terms
        yield Line(number, community, kind, month, str(month), amount_fen, trace, terms)


def adjustment_step(fact: AdjustmentFact) -> TraceStep:
    """Show the month corrected, why, and by how much."""
    inputs = {"month": str(fact.month), "reason": fact.reason, "amount_fen": fact.amount_fen}
    return TraceStep("M10", "adjusted", inputs)


def carry_line(carry: CarryFact) -> Line:
    """Give the unpaid rest of an earlier statement, of no contract or community (M11)."""
    amount_fen = sum(amount_fen for _, amount_fen in carry.sources)
    inputs = {"month": str(carry.month), "sources": carry.sources, "amount_fen": amount_fen}
    month, kind = carry.month, LineKind.ADJUSTMENT
    step = TraceStep("M11", "carried", inputs)
    return Line("", "", kind, month, str(month), amount_fen, (step,), None)


def differences(
    approved: Iterable[Line], recomputed: Iterable[Line], reason: str
) -> list[AdjustmentFact]:
    """Return what a recomputation changes in what was approved, a fact for each that differs (M10).

    By contract, community and month. approved: also the adjustments already made for those months,
    so that none is made twice. Carried rests stay out. A line's terms must be there (not None).
    """
    totals: Counter[tuple[str, str, Month]] = Counter()
    terms_of = {}
    for sign, lines in ((-1, approved), (1, recomputed)):
        for line in lines:
            if line.terms is not None:
                key = (line.contract, line.community, line.month)
                totals[key] += sign * line.amount_fen
                terms_of[key] = line.terms
    return [
        AdjustmentFact(
            contract=contract,
            community=community,
            month=month,
            amount_fen=amount_fen,
            reason=reason,
            terms=terms_of[contract, community, month],
        )
        for (contract, community, month), amount_fen in sorted(totals.items())
        if amount_fen
    ]
