"""How well sessions are proven, for the schemes that count the better grades only (M3)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.duty import evidence
from counselhub.duty.kinds import DutySource, SessionStatus
from counselhub.duty.models import DutySession
from counselhub.statements.facts import SessionFact

Known = Mapping[tuple[Any, ...], str]
"""Grades by community, day, minutes of signing in and out, and adviser."""


def grade(sessions: dict[str, list[SessionFact]], since: Mapping[str, date]) -> None:
    """Give the sessions of some communities their grades.

    sessions: by community. since: from which day on, by community; nothing is asked for none.
    """
    places = [code for code in since if code in sessions]
    if not places:
        return
    last = max(session.day for code in places for session in sessions[code])
    known = grades_of(places, min(since[code] for code in places), last)
    for code in places:
        sessions[code] = graded(code, sessions[code], known)


def grades_of(places: Collection[str], first: date, last: date) -> Known:
    """Return the grades of all sessions in scope at some communities; two statements."""
    rows = db.session.scalars(
        select(DutySession).where(
            DutySession.community_code.in_(places), DutySession.day.between(first, last)
        )
    ).all()
    found = evidence.of(rows)
    return {(row.community_code, *fact_of(row, "")[:4]): found[row.id].grade for row in rows}


def graded(community: str, sessions: Iterable[SessionFact], known: Known) -> list[SessionFact]:
    """Return the sessions with their grades; one written this moment has the poorest."""
    return [one._replace(grade=known.get((community, *one[:4]), "D")) for one in sessions]


def fact_of(row: DutySession, grade: str) -> SessionFact:
    """Read one session as the rules do (M3). grade: how well it is proven."""
    signed_in = clock.local(row.signed_in_at)
    sign_out = None
    if row.signed_out_at is not None:
        signed_out = clock.local(row.signed_out_at)
        after_midnight = signed_out.date() > row.day
        sign_out = 24 * 60 if after_midnight else signed_out.hour * 60 + signed_out.minute
    substitute = row.substitute_for_id
    return SessionFact(
        row.day,
        signed_in.hour * 60 + signed_in.minute,
        sign_out,
        str(row.adviser_id),
        str(substitute) if substitute else None,
        row.status == SessionStatus.VOIDED,
        row.source == DutySource.MANUAL,
        row.community_confirmed is False,
        grade,
    )
