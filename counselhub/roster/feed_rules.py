"""A lawyer's planned duty as iCalendar (RFC 5545). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

LONGEST_LINE = 75
"""Octets of one line, without its end."""
ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One planned visit, wall-clock times of Shanghai. uid stays when it is moved.

    sequence: grows with each change, so that a calendar takes the newer one.
    """

    uid: str
    sequence: int
    day: date
    starts: time
    ends: time
    title: str
    place: str


def calendar(entries: Sequence[Entry], *, name: str) -> str:
    """Return the file: lines folded at 75 octets, ended by CRLF, the same for the same entries."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CounselHub//Duty//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        *ZONE,
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(entry: Entry) -> Iterable[str]:
    # The stamp is of the planned day: a stamp of now would change the file with every look.
    return (
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{entry.day:%Y%m%d}T000000Z",
        f"DTSTART;TZID=Asia/Shanghai:{_stamp(entry.day, entry.starts)}",
        f"DTEND;TZID=Asia/Shanghai:{_stamp(entry.day, entry.ends)}",
        f"SUMMARY:{escaped(entry.title)}",
        f"LOCATION:{escaped(entry.place)}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    )


def _stamp(day: date, at: time) -> str:
    return f"{datetime.combine(day, at):%Y%m%dT%H%M%S}"


def escaped(text: str) -> str:
    """Escape what has a meaning in a value."""
    kept = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return kept.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> str:
    """Break a line after at most 75 octets, never within a character."""
    parts: list[str] = []
    rest = line
    while len(rest.encode()) > (room := LONGEST_LINE - bool(parts)):
        cut = len(rest.encode()[:room].decode(errors="ignore"))
        parts.append(rest[:cut])
        rest = rest[cut:]
    return "\r\n ".join([*parts, rest])
