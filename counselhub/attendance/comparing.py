"""Keep the checks of a span in step with punches and sessions; what a person settled stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import delete, text

from counselhub.attendance import matching
from counselhub.attendance.gather import Key, Known, Span, gather
from counselhub.attendance.kinds import CHECK_FLOW, CheckStatus, Finding
from counselhub.attendance.models import AttendanceCheck
from counselhub.attendance.rules import Stay, Visit, finding, meets, visits
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.tenancy import current_firm_id
from counselhub.duty.kinds import SessionStatus

CHECKS = """
INSERT INTO attendance_check (firm_id, id, adviser_id, day, community_code, first_at, last_at,
    punches, mark, is_placed, session_id, session_revision, finding, status, revision)
SELECT firm_id, id, adviser_id, day, community_code, first_at, last_at,
    punches, mark, is_placed, session_id, session_revision, finding, 'open', 1
FROM jsonb_populate_recordset(null::attendance_check, CAST(:rows AS jsonb))
ON CONFLICT (firm_id, adviser_id, day, community_code) DO UPDATE
SET first_at = excluded.first_at, last_at = excluded.last_at, punches = excluded.punches,
    mark = excluded.mark, is_placed = excluded.is_placed, session_id = excluded.session_id,
    session_revision = excluded.session_revision, finding = excluded.finding,
    revision = attendance_check.revision + 1
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the check of one visit is to say."""

    adviser_id: UUID
    day: date
    community_code: str
    first_at: datetime
    last_at: datetime
    punches: int
    mark: str
    is_placed: bool
    session_id: UUID | None
    session_revision: int | None
    finding: str

    @property
    def key(self) -> tuple[UUID, date, str]:
        """What tells checks apart."""
        return self.adviser_id, self.day, self.community_code

    def tells_otherwise(self, check: AttendanceCheck) -> bool:
        """Whether the other system's record is not what `check` was settled on."""
        told = (check.first_at, check.last_at, check.punches, check.mark)
        return told != (self.first_at, self.last_at, self.punches, self.mark)

    def is_of(self, check: AttendanceCheck) -> bool:
        """Whether `check` says all of it already."""
        same_session = (check.session_id, check.session_revision) == (
            self.session_id,
            self.session_revision,
        )
        same_words = (check.finding, check.is_placed) == (self.finding, self.is_placed)
        return same_session and same_words and not self.tells_otherwise(check)


def refresh(span: Span, *, by: Member) -> None:
    """Compare the days of `span` anew: new differences open, vanished ones go.

    A settled one stays settled while the other system tells the same; else it is opened again.
    """
    known = gather(span)
    wanted = {one.key: one for key in known.punches for one in _of_day(known, key)}
    _reopen(known, wanted, by)
    changed = [
        one
        for key, one in wanted.items()
        if key not in known.checks or not one.is_of(known.checks[key])
    ]
    if changed:
        _write(changed)
    gone = [
        check.id
        for key, check in known.checks.items()
        if key not in wanted and check.status == CheckStatus.OPEN
    ]
    if gone:
        db.session.execute(
            delete(AttendanceCheck).where(AttendanceCheck.id.in_(gone)),
            execution_options={"synchronize_session": False},
        )
    matching.keep(span)
    db.session.expire_all()


def _of_day(known: Known, key: Key) -> Iterator[Wanted]:
    """Return what is to be kept of an adviser's day; nothing while a session of today runs."""
    sessions = known.sessions[key]
    if key[1] >= clock.today() and any(one.status == SessionStatus.OPEN for one in sessions):
        return
    day = known.day(key)
    for visit in visits(known.punches[key], day):
        found = finding(visit, day.stays)
        session = _session(visit, sessions, day.stays, found)
        yield Wanted(
            *key,
            visit.community,
            visit.first,
            visit.last,
            visit.punches,
            visit.mark.value,
            visit.is_placed,
            session.id if session else None,
            session.revision if session else None,
            found.value,
        )


def _session(visit: Visit, sessions: list[Any], stays: Sequence[Stay], found: Finding) -> Any:
    """Return the phone's session that a visit is held against, None without any."""
    here = [one for one in sessions if one.community_code == visit.community]
    if here:
        return here[0]
    if found is not Finding.OTHER_PLACE:
        return None
    return next(one for one, stay in zip(sessions, stays, strict=True) if meets(visit, stay))


def _reopen(known: Known, wanted: dict[tuple[UUID, date, str], Wanted], by: Member) -> None:
    for key, check in known.checks.items():
        one = wanted.get(key)
        if check.status == CheckStatus.SETTLED and one and one.tells_otherwise(check):
            check.verdict = None
            history.advance(check, CHECK_FLOW, "reopen", by=by)
    db.session.flush()


def _write(changed: list[Wanted]) -> None:
    firm_id = current_firm_id()
    rows = [
        {"firm_id": firm_id, "id": uuid7()}
        | {name: getattr(one, name) for name in Wanted.__dataclass_fields__}
        for one in changed
    ]
    db.session.execute(text(CHECKS), {"rows": orjson.dumps(rows).decode()})


def compare(span: Span, *, by: Member) -> None:
    """Compare a span because somebody asked for it, and record that."""
    history.record(Whole(by.firm_id, by.firm_id), "compare", by=by, days=str(span.first))
    refresh(span, by=by)


@dataclass(frozen=True)
class Whole:
    """The subject of what is done to all of a firm's checks at once."""

    firm_id: UUID
    id: UUID
    __tablename__ = "attendance_link"
