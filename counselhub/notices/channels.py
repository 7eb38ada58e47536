"""The ways out of the app: each takes what waits for it in the outbox and sends it.

`wiring` registers them; `actions.tell` lets those that `hear` put their own messages into the
outbox in the same transaction.
"""

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from flask import Flask, current_app

from counselhub.core.db import db
from counselhub.core.queueing import enqueue
from counselhub.core.rounds import Round
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.notices import outbox
from counselhub.notices.outbox import Batch

if TYPE_CHECKING:
    from counselhub.notices.actions import Note

SECONDS = 45
"""How long one job sends: the next one begins within the minute."""
TASK = "deliver_notices"


class RefusedError(Exception):
    """The message will never be taken. Its text is a code for the operator, never what was sent."""


class NotNowError(Exception):
    """The message was not taken this time; as RefusedError. after: how long to wait at least.

    is_whole: nothing can be sent at present, so that this run ends.
    """

    def __init__(
        self, problem: str, after: timedelta | None = None, *, is_whole: bool = False
    ) -> None:
        super().__init__(problem)
        self.after, self.is_whole = after, is_whole


class NeedlessError(Exception):
    """There is nobody to tell any more, or nothing that is not known: the message ends unsent."""


class BusyError(Exception):
    """Nothing was tried, for a limit is reached until then."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Channel(Protocol):
    """One way out. name: as deliveries have it; most: how many notices go in one message."""

    name: str
    most: int

    def hear(self, notes: Sequence["Note"]) -> None:
        """Put what concerns this channel into the outbox, in the transaction of who tells it."""

    def is_ready(self) -> bool:
        """Tell whether it can send at all; when not, everything waits."""

    def send(self, batch: Batch) -> None:
        """Send one message, outside any transaction, within ABANDONED_AFTER at the most.

        Raises RefusedError, NotNowError, BusyError, NeedlessError.
        """

    def fit(self, batch: Batch, at: datetime) -> datetime:
        """Return `at`, or when the quiet of the batch's target is over."""


def init_app(
    app: Flask, channels: Sequence[Channel], is_worked: Callable[[date], bool] | None = None
) -> None:
    """Register the channels, and which days are worked, for who rests on the others."""
    app.extensions["notice_channels"] = tuple(channels)
    app.extensions["notice_days"] = is_worked or (lambda _day: True)


def registered() -> tuple[Channel, ...]:
    """Return the channels, in the order in which they were registered."""
    found: tuple[Channel, ...] = current_app.extensions["notice_channels"]
    return found


def is_worked(day: date) -> bool:
    """Tell whether offices are open on a day."""
    return bool(current_app.extensions["notice_days"](day))


def deliver(channel: str) -> int:
    """Send what is due by one channel, for SECONDS at the most; return how many messages went.

    Raises LookupError for a channel that is not registered; SomeFailedError at the end, for what
    could not be tried: it is taken up again as after a killed worker, and holds up no other.
    """
    found = next((one for one in registered() if one.name == channel), None)
    if found is None:
        raise LookupError(channel)
    count, until = 0, time.monotonic() + SECONDS
    with Round() as each:
        while found.is_ready() and time.monotonic() < until:
            batch = outbox.claim(found.name, found.most)
            if batch is None:
                break
            with each.step(f"batch:{batch.id}"):
                try:
                    count += _try(found, batch)
                except BusyError as limit:
                    outbox.put_back(batch, limit.until)
                except NotNowError as problem:
                    _later(found, batch, problem)
                    if problem.is_whole:
                        break
    return count


def _try(channel: Channel, batch: Batch) -> bool:
    try:
        channel.send(batch)
    except RefusedError as problem:
        outbox.give_up(batch, str(problem))
    except NeedlessError:
        outbox.drop(batch)
    else:
        return outbox.sent(batch)
    return False


def _later(channel: Channel, batch: Batch, problem: NotNowError) -> None:
    def fit(at: datetime) -> datetime:
        return channel.fit(batch, at)

    outbox.try_again(batch, str(problem), after=problem.after, fit=fit)


def set_out() -> None:
    """Ask for the delivery of what is due, a job for each channel that can send; commits."""
    with as_platform():
        for one in registered():
            if one.is_ready():
                enqueue(TASK, scope=PLATFORM, once=one.name, channel=one.name)
        db.session.commit()
