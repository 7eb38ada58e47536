"""Unions of stretches of time, on whole minutes."""

from collections.abc import Iterable

Interval = tuple[int, int]
"""First minute, and the minute after the last one."""


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Merge intervals that overlap or touch; the result is in order and apart. Empty ones go."""
    merged: list[Interval] = []
    reached = None
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if reached is None or start > reached:
            merged.append((start, end))
        elif end > reached:
            merged[-1] = (merged[-1][0], end)
        else:
            continue
        reached = end
    return merged


def length(intervals: list[Interval]) -> int:
    """Return the minutes that the union of the intervals has."""
    if len(intervals) == 1:
        start, end = intervals[0]
        return max(0, end - start)
    if len(intervals) == 2:  # as most are: both, less what they share
        (start, end), (other_start, other_end) = intervals
        minutes = max(0, end - start) + max(0, other_end - other_start)
        shared = (end if end < other_end else other_end) - max(start, other_start)
        return minutes - shared if shared > 0 else minutes
    return sum(end - start for start, end in union(intervals))
