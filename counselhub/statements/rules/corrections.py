"""What later statements settle of earlier ones: releases, adjustments, a carried rest (M9-M11)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from counselhub.core.money import percent_of
from counselhub.statements.facts import AdjustmentFact, CarryFact, MonthFacts, ReleaseFact
from counselhub.statements.lines import Line, LineKind, Statement, TraceStep
from counselhub.statements.months import Month
from counselhub.statements.terms import SchemeTerms


def correction_lines(facts: MonthFacts) -> Iterator[Line]:
    """Give the statement's release and adjustment lines and a line for each carried rest."""
    yield from release_lines(facts.releases, facts.month)
    yield from grade_lines(facts.releases, facts.month)
    yield from adjustment_lines(facts.adjustments)
    yield from map(carry_line, facts.carries)


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


def grade_lines(releases: Iterable[ReleaseFact], month: Month) -> Iterator[Line]:
    """Give a line that takes off to each contract and community whose grade costs something.

    M9: −round(the year's base x the grade's percentage / 100); several years are steps of one line.
    """
    by_line: dict[tuple[str, str], list[ReleaseFact]] = defaultdict(list)
    for release in sorted(releases, key=_release_order):
        if release.terms.grade_deductions.get(release.grade):
            by_line[release.contract, release.community].append(release)
    for (number, community), facts in by_line.items():
        amount_fen = -sum(deducted(fact) for fact in facts)
        years = " ".join(str(fact.year) for fact in facts)
        trace = tuple(grade_step(fact) for fact in facts)
        kind, terms = LineKind.GRADE, facts[-1].terms
        yield Line(number, community, kind, month, years, amount_fen, trace, terms)


def deducted(fact: ReleaseFact) -> int:
    """M9: what a year's grade takes off its base; a grade without a percentage takes nothing."""
    percent = fact.terms.grade_deductions.get(fact.grade)
    return percent_of(fact.base_fen, percent) if percent else 0


def grade_step(fact: ReleaseFact) -> TraceStep:
    """Show the year's base, the grade and its percentage."""
    inputs = {
        "year": fact.year,
        "grade": fact.grade,
        "base_fen": fact.base_fen,
        "percent": fact.terms.grade_deductions.get(fact.grade),
        "deducted_fen": deducted(fact),
    }
    return TraceStep("M9", "deducted", inputs)


def _release_order(fact: ReleaseFact) -> tuple[object, ...]:
    """Order releases by year, the rest only to make it sure."""
    return fact.year, fact.terms.effective_on, fact.grade, fact.withheld_fen


def released(fact: ReleaseFact) -> int:
    """M9: what is paid of a year's withholding; a grade the scheme lacks releases nothing."""
    percent = fact.terms.release_percents.get(fact.grade)
    return 0 if percent is None else percent_of(fact.withheld_fen, percent)


def release_step(fact: ReleaseFact) -> TraceStep:
    """Show what was withheld, the grade and its percentage."""
    inputs: dict[str, object] = {
        "year": fact.year,
        "grade": fact.grade,
        "withheld_fen": fact.withheld_fen,
        "percent": fact.terms.release_percents.get(fact.grade),
        "released_fen": released(fact),
    }
    inputs |= {"release": fact.key} if fact.key else {}
    return TraceStep("M9", "released", inputs)


def adjustment_lines(adjustments: Iterable[AdjustmentFact]) -> Iterator[Line]:
    """Give a line to each contract, community and corrected month; its month is the corrected one.

    M10: several reasons for one month are steps of one line.
    """
    by_line: dict[tuple[str, str, Month], list[AdjustmentFact]] = defaultdict(list)
    for fact in sorted(adjustments, key=_adjustment_order):
        by_line[fact.contract, fact.community, fact.month].append(fact)
    for (number, community, month), facts in by_line.items():
        amount_fen = sum(fact.amount_fen for fact in facts)
        trace = tuple(adjustment_step(fact) for fact in facts)
        kind, terms = LineKind.ADJUSTMENT, facts[-1].terms
        yield Line(number, community, kind, month, str(month), amount_fen, trace, terms)


def _adjustment_order(fact: AdjustmentFact) -> tuple[object, ...]:
    """Order adjustments by the terms that fund them, then as they were entered."""
    return fact.terms.effective_on, fact.key, fact.reason, fact.amount_fen


def adjustment_step(fact: AdjustmentFact) -> TraceStep:
    """Show the month corrected, why, by how much, and where it comes from."""
    inputs: dict[str, object] = {
        "month": str(fact.month),
        "reason": fact.reason,
        "amount_fen": fact.amount_fen,
    }
    known = {"cause": fact.cause, "adjustment": fact.key, "line": fact.line}
    inputs |= {name: value for name, value in known.items() if value}
    return TraceStep("M10", "adjusted", inputs)


def carry_line(carry: CarryFact) -> Line:
    """Give the unpaid rest of an earlier statement, of no contract or community (M11)."""
    amount_fen = sum(amount_fen for _, amount_fen in carry.sources)
    inputs = {"month": str(carry.month), "sources": carry.sources, "amount_fen": amount_fen}
    month, kind = carry.month, LineKind.ADJUSTMENT
    step = TraceStep("M11", "carried", inputs)
    return Line("", "", kind, month, str(month), amount_fen, (step,), None)


def differences(
    approved: Statement, recomputed: Statement, made: Iterable[Line], reason: str
) -> list[AdjustmentFact]:
    """Return what a recomputation changes in an approved statement, by contract and community.

    M10: the facts are for the next open statement and name the approved one's month. made: lines of
    statements since then; the adjustments among them for that month are not made twice. What either
    statement itself adjusted or carried of other months stays out.
    """
    changes: Counter[tuple[str, str]] = Counter()
    terms_of: dict[tuple[str, str], SchemeTerms] = {}
    adjusted = [line for line in made if line.month == approved.month and _is_adjustment(line)]
    for sign, lines in ((1, _own(recomputed)), (-1, _own(approved)), (-1, adjusted)):
        for line in lines:
            if line.terms is not None:
                key = (line.contract, line.community)
                changes[key] += sign * line.amount_fen
                terms_of.setdefault(key, line.terms)
    return [
        AdjustmentFact(
            contract=contract,
            community=community,
            month=approved.month,
            amount_fen=amount_fen,
            reason=reason,
            terms=terms_of[contract, community],
        )
        for (contract, community), amount_fen in sorted(changes.items())
        if amount_fen
    ]


def _is_adjustment(line: Line) -> bool:
    """Tell whether a line corrects an earlier month."""
    return line.kind is LineKind.ADJUSTMENT


def _own(statement: Statement) -> list[Line]:
    """Return a statement's lines without those that correct earlier months."""
    return [line for line in statement.lines if not _is_adjustment(line)]
