"""Who pays a statement's total (M12)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from counselhub.core.money import apportion
from counselhub.statements.facts import CarryFact
from counselhub.statements.lines import Line
from counselhub.statements.terms import Shares, Source


def funding(lines: Iterable[Line], carry: CarryFact | None) -> tuple[tuple[Source, int], ...]:
    """Share the lines out among the sources, in the order of `Source`; the parts sum to the total.

    M12: the lines of one scheme version are shared out as one amount by its percentages, by largest
    remainder. A carried rest stays with the sources it came from. Sources without a share are left
    out.
    """
    subtotals: Counter[tuple[str, date]] = Counter()
    shares_of: dict[tuple[str, date], Shares] = {}
    for line in lines:
        if line.terms is not None:
            version = (line.terms.scheme, line.terms.effective_on)
            subtotals[version] += line.amount_fen
            shares_of[version] = line.terms.shares
    parts: Counter[Source] = Counter()
    for version, subtotal_fen in subtotals.items():
        shares = [(source, percent) for source, percent in shares_of[version] if percent]
        amounts = apportion(subtotal_fen, [percent for _, percent in shares])
        for (source, _), amount_fen in zip(shares, amounts, strict=True):
            parts[source] += amount_fen
    for source, amount_fen in carry.sources if carry else ():
        parts[source] += amount_fen
    return tuple((source, parts[source]) for source in Source if source in parts)
