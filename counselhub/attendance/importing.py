"""Try an export and import it: sound rows go in, each row at fault is named."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from counselhub.attendance.comparing import refresh
from counselhub.attendance.facts import Fault, Reading, Tap
from counselhub.attendance.gather import Span
from counselhub.attendance.models import AttendanceAccount, AttendanceFile, AttendancePunch
from counselhub.attendance.readers import read
from counselhub.attendance.storing import new_rows, store
from counselhub.core import clock, history
from counselhub.core.db import db, take_lock
from counselhub.core.members import Member

MOST_FAULTS = 500
"""Faults that the row of a file keeps; the answer to the import has all of them."""


@dataclass(frozen=True)
class Outcome:
    """What an export brings, or brought. rows: rows about somebody."""

    digest: str
    layout: str
    vendor: str
    first: date | None
    last: date | None
    rows: int
    matched: int
    """Rows of people who are known to be an adviser."""
    new: int
    """Rows that bring a punch nobody knew."""
    unmatched: Sequence[dict[str, Any]]
    """{name, userid, rows} of people of whom nobody has said who they are, most rows first."""
    faults: Sequence[Fault]
    file_id: UUID | None = None

    def document(self) -> dict[str, Any]:
        """Return it as the command prints it."""
        return {
            "rows": self.rows,
            "matched": self.matched,
            "new": self.new,
            "unmatched": list(self.unmatched),
            "faults": [fault.document() for fault in self.faults],
        }


def try_file(data: bytes) -> Outcome:
    """Return what importing `data` would bring; nothing is written. Raises UnreadableError."""
    reading = read(data, clock.today())
    known = _known_punches(reading)
    new = frozenset(tap.key for tap in reading.taps if tap.key not in known)
    return _outcome(data, reading, new_rows(reading, new))


def _known_punches(reading: Reading) -> set[tuple[str, Any]]:
    days = [tap.at.date() for tap in reading.taps]
    if not days:
        return set()
    query = (
        select(AttendanceAccount.known_as, AttendancePunch.minute)
        .join(AttendancePunch.account)
        .where(
            AttendanceAccount.vendor == reading.layout.vendor,
            AttendancePunch.day.between(min(days), max(days)),
        )
    )
    return {
        (known_as, clock.local(minute).replace(tzinfo=None))
        for known_as, minute in db.session.execute(query)
    }


def _outcome(data: bytes, reading: Reading, new: int, file_id: UUID | None = None) -> Outcome:
    bound, strangers = _told_of(reading)
    unmatched = [
        {"name": who.name, "userid": who.userid, "rows": reading.rows_of[key]}
        for key, who in reading.people.items()
        if key not in bound and key not in strangers
    ]
    return Outcome(
        digest=hashlib.sha256(data).hexdigest(),
        layout=reading.layout.value,
        vendor=reading.layout.vendor.value,
        first=reading.first,
        last=reading.last,
        rows=reading.rows,
        matched=sum(reading.rows_of[key] for key in bound),
        new=new,
        unmatched=sorted(unmatched, key=lambda one: (-one["rows"], one["name"], one["userid"])),
        faults=reading.faults,
        file_id=file_id,
    )


def _told_of(reading: Reading) -> tuple[set[str], set[str]]:
    """Return the keys of people who are advisers, and of those who are none of ours."""
    query = select(
        AttendanceAccount.known_as, AttendanceAccount.adviser_id, AttendanceAccount.is_stranger
    ).where(
        AttendanceAccount.vendor == reading.layout.vendor,
        AttendanceAccount.known_as.in_(list(reading.people)),
    )
    found = list(db.session.execute(query))
    bound = {row.known_as for row in found if row.adviser_id}
    return bound, {row.known_as for row in found if row.is_stranger}


def import_file(data: bytes, *, by: Member, name: str) -> Outcome:
    """Bring an export in and compare its days; a second time it brings nothing new.

    Raises UnreadableError for a file that is none; rows at fault are left out and named.
    """
    take_turn(by.firm_id)
    reading = read(data, clock.today())
    file = _file(data, reading, name, by)
    people = reading.people.values()
    stored = store(reading.layout.vendor, people, reading.taps, reading.days, file.id)
    new = new_rows(reading, stored.new)
    is_first = file.new == 0 and file.rows == 0
    if is_first:
        file.rows, file.new = reading.rows, new
    told: dict[str, Any] = {
        "file": name,
        "rows": reading.rows,
        "new": new,
        "faults": len(reading.faults),
    }
    history.record(file, "import_punches", by=by, **told)
    db.session.flush()
    compare_days(reading.taps, by=by)
    return _outcome(data, reading, new, file.id)


def take_turn(firm_id: UUID) -> None:
    """Let one import or comparison a firm run at a time, until the end of the transaction."""
    take_lock(f"attendance {firm_id}")


def _file(data: bytes, reading: Reading, name: str, by: Member) -> AttendanceFile:
    """Return the row of a file; the same bytes have one row, whatever their name."""
    digest = hashlib.sha256(data).hexdigest()
    known = db.session.scalar(select(AttendanceFile).where(AttendanceFile.digest == digest))
    if known is not None:
        return known
    file = AttendanceFile(
        digest=digest,
        name=name[:200],
        layout=reading.layout,
        first_on=reading.first,
        last_on=reading.last,
        imported_at=clock.now(),
        imported_by=by.name,
        rows=0,
        new=0,
        faults=[fault.document() for fault in reading.faults[:MOST_FAULTS]],
        fault_count=len(reading.faults),
    )
    db.session.add(file)
    db.session.flush()
    return file


def compare_days(taps: Sequence[Tap], *, by: Member) -> None:
    """Compare the days that punches are of, of whoever is known to be an adviser."""
    if not taps:
        return
    days = {tap.at.date() for tap in taps}
    refresh(Span(min(days), max(days)), by=by)
