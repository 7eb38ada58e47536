"""A month of leave as its page draws it: one row for each lawyer, a bar for each absence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from counselhub.leave.kinds import TONES, LeaveKind, LeaveStatus
from counselhub.leave.models import LeaveRequest
from counselhub.leave.wording import when


@dataclass(frozen=True, slots=True)
class Bar:
    """One absence within the month: from the `day`-th on, `length` days."""

    id: UUID
    day: int
    length: int
    when: str
    kind: LeaveKind
    status: LeaveStatus

    @property
    def tone(self) -> str:
        """The tone of its status."""
        return TONES[self.status]


@dataclass(frozen=True, slots=True)
class Line:
    """One lawyer with what lies in the month, in the order of time."""

    name: str
    bars: Sequence[Bar]


def lines(rows: Iterable[LeaveRequest], first: date, last: date) -> list[Line]:
    """Arrange requests, which come lawyer by lawyer, for the days from first to last."""
    return [
        Line(own[0].adviser.name, [_bar(one, first, last) for one in own])
        for own in (list(group) for _who, group in groupby(rows, key=lambda one: one.adviser_id))
    ]


def _bar(row: LeaveRequest, first: date, last: date) -> Bar:
    begin, end = max(first, row.first_on), min(last, row.last_on)
    return Bar(
        row.id,
        begin.day,
        (end - begin).days + 1,
        when(row.absence),
        LeaveKind(row.kind),
        LeaveStatus(row.status),
    )


def days_of(first: date, last: date) -> list[date]:
    """Return every day of the month, for its head."""
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]
