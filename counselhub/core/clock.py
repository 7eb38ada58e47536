"""The only reader of the time. Instants are aware UTC; days and months are of Asia/Shanghai."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Return the present day in Shanghai."""
    return local(now()).date()


def this_month() -> date:
    """Return the first day of the present month in Shanghai."""
    return today().replace(day=1)


def local(instant: datetime) -> datetime:
    """Return `instant` (aware) as the wall clock of Shanghai shows it."""
    return instant.astimezone(SHANGHAI)


def instant(day: date, at: time) -> datetime:
    """Return the aware UTC instant of a wall-clock time in Shanghai."""
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)


def to_minute(moment: datetime) -> datetime:
    """Drop seconds, as money rule M3 does at sign-in and sign-out."""
    return moment.replace(second=0, microsecond=0)


def next_month(month: date) -> date:
    """Return the first day of the month after the one that holds `month`."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def previous_month(month: date) -> date:
    """Return the first day of the month before the one that holds `month`."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def last_day(month: date) -> date:
    """Return the last day of the month that holds `month`."""
    return next_month(month) - timedelta(days=1)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Let the clock stand at `at` (aware) inside the block: for tests and the demonstration."""
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
