"""Who pays a statement's total (M12)."""

from collections import Counter
from collections.abc import Iterable

from counselhub.core.money import apportion
from counselhub.statements.facts import CarryFact
from counselhub.statements.lines import Line
from counselhub.statements.terms import Shares, Source

Parts = tuple[tuple[Source, int], ...]


def funding(lines: Iterable[Line], carries: Iterable[CarryFact]) -> Parts:
    """Share the lines out among the sources, in the order of `Source`; the parts sum to the total.

    M12: all lines under the same percentages are shared out as one amount, by largest remainder. A
    carried rest is a part of that amount when it was shared out like it; otherwise it stays with
    the sources it came from. Sources without a share are left out.
    """
    subtotals: Counter[Shares] = Counter()
    for line in lines:
        if line.terms is not None:
            subtotals[line.terms.shares] += line.amount_fen
    parts: Counter[Source] = Counter()
    alone = next(iter(subtotals)) if len(subtotals) == 1 else ()
    for carry in carries:
        rest_fen = sum(amount_fen for _, amount_fen in carry.sources)
        if alone and _shared_out(rest_fen, alone) == carry.sources:
            subtotals[alone] += rest_fen
        else:
            parts.update(dict(carry.sources))
    for shares, subtotal_fen in subtotals.items():
        parts.update(dict(_shared_out(subtotal_fen, shares)))
    return tuple((source, parts[source]) for source in Source if source in parts)


def _shared_out(amount_fen: int, shares: Shares) -> Parts:
    payers = [(source, percent) for source, percent in shares if percent]
    amounts = apportion(amount_fen, [percent for _, percent in payers])
    return tuple((source, part) for (source, _), part in zip(payers, amounts, strict=True))
