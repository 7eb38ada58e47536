"""Which days of which communities count otherwise after a contract changes? Pure."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

ONE_DAY = timedelta(days=1)
Span = tuple[date, date]
CHANGEABLE = ("number", "kind", "scheme_id", "annual_fen", "communities")
"""What a change of a contract in force may touch besides its days."""
NOTICES = (30, 60, 90)
"""How many days before its end a contract asks to be renewed."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What statements take from a contract in force, from `first` to `last`, both included."""

    number: str
    kind: str
    scheme_id: UUID
    annual_fen: int | None
    communities: frozenset[str]
    first: date
    last: date

    @property
    def terms(self) -> tuple[object, ...]:
        """What a line is computed and named by, but for its days."""
        return self.number, self.kind, self.scheme_id, self.annual_fen


def changed_terms(before: InForce | None, after: InForce | None) -> tuple[str, ...]:
    """Return the names of what changes besides the days, none where one is not in force."""
    if before is None or after is None:
        return ()
    return tuple(one for one in CHANGEABLE if getattr(before, one) != getattr(after, one))


def changed_days(
    before: InForce | None, after: InForce | None
) -> dict[tuple[Span, ...], list[str]]:
    """Return the spans of days that count otherwise, each with its communities.

    None: not in force. Under the same terms only the days that are added or taken away count
    otherwise; under other terms all days of either.
    """
    result: defaultdict[tuple[Span, ...], list[str]] = defaultdict(list)
    old = before.communities if before else frozenset()
    new = after.communities if after else frozenset()
    for community in sorted(old | new):
        spans = _spans(before if community in old else None, after if community in new else None)
        if spans:
            result[spans].append(community)
    return dict(result)


def _spans(before: InForce | None, after: InForce | None) -> tuple[Span, ...]:
    if before is None or after is None or before.terms != after.terms:
        return tuple((one.first, one.last) for one in (before, after) if one is not None)
    if before.last < after.first or after.last < before.first:
        return (before.first, before.last), (after.first, after.last)
    heads = sorted((before.first, after.first))
    tails = sorted((before.last, after.last))
    spans = ((heads[0], heads[1] - ONE_DAY), (tails[0] + ONE_DAY, tails[1]))
    return tuple(span for span in spans if span[0] <= span[1])


def renewal(first: date, last: date) -> Span:
    """Return the days of the contract that follows: as many years, else as many days."""
    start = last + ONE_DAY
    years = start.year - first.year
    if years and (start.month, start.day) == (first.month, first.day):
        return start, date(start.year + years, start.month, start.day) - ONE_DAY
    return start, start + (last - first)


def notice_of(ends_on: date, today: date) -> int | None:
    """Return the notice that a contract's last day calls for, 30, 60 or 90; None when none yet.

    None too once the day has passed: then it is to be closed, not renewed.
    """
    left = (ends_on - today).days
    if left < 0:
        return None
    return next((days for days in NOTICES if left <= days), None)
