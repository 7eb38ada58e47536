"""What the search is asked for, read from the address and written back into it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from werkzeug.datastructures import MultiDict

from counselhub.core import clock
from counselhub.core.history import Outcome

DAYS_AT_FIRST = 30
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One search; a blank part asks for everything. first, last: days of Shanghai's calendar."""

    who: str = ""
    subject: str = ""
    act: str = ""
    outcome: str = ""
    address: str = ""
    thing: UUID | None = None
    first: date | None = None
    last: date | None = None
    is_oldest_first: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether more than the days was asked for."""
        parts = (self.who, self.subject, self.act, self.outcome, self.address, self.thing)
        return any(parts)

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """The instants that the days begin and end at; the end is not part of them."""
        begin = clock.instant(self.first, datetime.min.time()) if self.first else None
        after = self.last + timedelta(days=1) if self.last else None
        return begin, clock.instant(after, datetime.min.time()) if after else None

    def words(self) -> dict[str, str]:
        """Return what was asked for, for the record of an export."""
        told = {name: str(value) for name, value in asdict(self).items() if value}
        told.pop("is_oldest_first", None)
        return told


def asked(args: "MultiDict[str, str]") -> Asked:
    """Read a search; nonsense asks for nothing. Without days, the last DAYS_AT_FIRST."""
    subject, _dot, act = args.get("act", "")[:LONGEST].partition(".")
    first, last = _day(args.get("first")), _day(args.get("last"))
    if first is None and "first" not in args:
        first = (last or clock.today()) - timedelta(days=DAYS_AT_FIRST)
    return Asked(
        who=_text(args.get("who")),
        subject=subject,
        act=act,
        outcome=args.get("outcome", "") if args.get("outcome") in set(Outcome) else "",
        address=_text(args.get("address")),
        thing=_id(args.get("thing")),
        first=first,
        last=last,
        is_oldest_first=args.get("direction") == "asc",
    )


@dataclass(frozen=True, slots=True)
class Cursor:
    """The act that a page begins after."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        """Write it as it stands in an address."""
        return f"{self.at.isoformat()}~{self.id}"


def cursor(text: str | None) -> Cursor | None:
    """Read a cursor, None for nonsense."""
    at, _tilde, key = (text or "").replace(" ", "+").partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return Cursor(moment, UUID(key)) if moment.tzinfo else None
    except ValueError:
        return None


def _text(given: str | None) -> str:
    return (given or "").strip().replace("\0", "")[:LONGEST]


def _day(given: str | None) -> date | None:
    try:
        day = date.fromisoformat(given or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _id(given: str | None) -> UUID | None:
    try:
        return UUID(given or "")
    except ValueError:
        return None
