"""Say of each session what its comparison came to: the word that an office reads, and the proof.

A session that was held against nothing has no word: its day lies after the last punch of its month,
or it was written since. A closed month keeps the proofs that its statement was reckoned with (by a
trigger).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
from sqlalchemy import func, or_, select, text

from counselhub.attendance.gather import Span
from counselhub.attendance.kinds import Finding, Verdict
from counselhub.attendance.models import AttendanceCheck, AttendancePunch
from counselhub.attendance.rules import Compared, is_proof, word
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import current_firm_id
from counselhub.duty.kinds import DutySource, SessionStatus
from counselhub.duty.models import DutySession

Values = dict[str, Any]
Reach = dict[date, date]
"""The last day with a punch, by month."""

MATCHES = """
INSERT INTO punch_match (firm_id, id, session_id, session_revision, street_code, verdict, is_proof,
    compared_at)
SELECT firm_id, id, session_id, session_revision, street_code, verdict, is_proof, compared_at
FROM jsonb_populate_recordset(null::punch_match, CAST(:rows AS jsonb))
ON CONFLICT (firm_id, session_id) DO UPDATE
SET session_revision = excluded.session_revision, verdict = excluded.verdict,
    is_proof = excluded.is_proof, compared_at = excluded.compared_at
WHERE (punch_match.session_revision, punch_match.verdict, punch_match.is_proof)
    IS DISTINCT FROM (excluded.session_revision, excluded.verdict, excluded.is_proof)
"""


def keep(span: Span) -> None:
    """Bring the words of the sessions in the months of `span` in step with the checks."""
    first, last = span.first.replace(day=1), clock.last_day(span.last)
    whole = Span(first, last, span.advisers)
    reach = _reach(whole)
    if not reach:
        return
    rows = list(_words(whole, reach))
    if rows:
        db.session.execute(text(MATCHES), {"rows": orjson.dumps(rows).decode()})


def _reach(span: Span) -> Reach:
    """Return how far the firm has punches of each month, whoever made them."""
    query = (
        select(func.max(AttendancePunch.day))
        .where(AttendancePunch.day.between(span.first, span.last))
        .group_by(func.date_trunc("month", AttendancePunch.day))
    )
    return {last.replace(day=1): last for last in db.session.scalars(query)}


def _words(span: Span, reach: Reach) -> Iterator[Values]:
    checks = _checks(span)
    shared = {"firm_id": current_firm_id(), "compared_at": clock.now()}
    for row in _sessions(span):
        check = checks.get((row.adviser_id, row.day, row.community_code)) or checks.get(row.id)
        if check is None and row.day > reach.get(row.day.replace(day=1), date.min):
            continue
        yield shared | {
            "id": uuid7(),
            "session_id": row.id,
            "session_revision": row.revision,
            "street_code": row.street_code,
            "verdict": word(check).value,
            "is_proof": row.source != DutySource.DINGTALK and is_proof(check),
        }


def _checks(span: Span) -> dict[Any, Compared]:
    """Return the comparisons by adviser, day and place, and by the session elsewhere."""
    columns = (
        AttendanceCheck.adviser_id,
        AttendanceCheck.day,
        AttendanceCheck.community_code,
        AttendanceCheck.session_id,
        AttendanceCheck.finding,
        AttendanceCheck.verdict,
        AttendanceCheck.is_placed,
    )
    found: dict[Any, Compared] = {}
    for row in db.session.execute(select(*columns).where(*span.of(AttendanceCheck))):
        verdict = Verdict.of(row.verdict) if row.verdict else None
        compared = Compared(Finding.of(row.finding), verdict, row.is_placed)
        found[row.adviser_id, row.day, row.community_code] = compared
        if row.session_id:
            found[row.session_id] = compared
    return found


def _sessions(span: Span) -> Any:
    """Return the sessions that are over, in the order of time."""
    query = (
        select(
            DutySession.id,
            DutySession.revision,
            DutySession.adviser_id,
            DutySession.community_code,
            DutySession.street_code,
            DutySession.day,
            DutySession.source,
        )
        .where(*span.of(DutySession), DutySession.status != SessionStatus.VOIDED)
        .where(or_(DutySession.status != SessionStatus.OPEN, DutySession.day < clock.today()))
        .order_by(DutySession.signed_in_at)
    )
    return db.session.execute(query)
