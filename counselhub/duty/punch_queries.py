"""Taps as the database holds them, and what they are merged from."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select

from counselhub.core.db import db
from counselhub.duty.kinds import PunchKind, PunchVerdict
from counselhub.duty.models import DutyPunch, DutySession
from counselhub.places.models import Community

UNFIT = PunchVerdict.NOT_ASSIGNED


def known(adviser_id: UUID, keys: Collection[UUID]) -> dict[UUID, DutyPunch]:
    """Return the adviser's taps with these keys, by key."""
    query = select(DutyPunch).where(DutyPunch.adviser_id == adviser_id, DutyPunch.key.in_(keys))
    return {punch.key: punch for punch in db.session.scalars(query)}


def places(codes: Collection[str]) -> set[str]:
    """Return which of the codes are communities."""
    return set(db.session.scalars(select(Community.code).where(Community.code.in_(codes))))


def beginning(adviser_id: UUID, key: UUID) -> tuple[UUID, date] | None:
    """Return what a sign-out ends (a sign-in's key or a session's id) and its day, None: not there.

    A session that a sign-in made is told by the sign-in.
    """
    query = (
        select(DutyPunch.key, DutyPunch.day)
        .where(
            DutyPunch.adviser_id == adviser_id,
            DutyPunch.kind == PunchKind.IN,
            or_(DutyPunch.key == key, DutyPunch.session_id == key),
        )
        .order_by(DutyPunch.counts_at)
        .limit(1)
    )
    if found := db.session.execute(query).first():
        return found.key, found.day
    of_session = select(DutySession.id, DutySession.day).where(
        DutySession.adviser_id == adviser_id, DutySession.id == key
    )
    row = db.session.execute(of_session).first()
    return (row.id, row.day) if row else None


def of_day(adviser_id: UUID, day: date) -> tuple[list[DutyPunch], list[DutySession]]:
    """Return the taps that the sessions of a day follow from, and the sessions there are.

    The sign-ins of the day, and the sign-outs that end one of them or one of the sessions.
    """
    mine = DutySession.adviser_id == adviser_id
    sessions = list(db.session.scalars(select(DutySession).where(mine, DutySession.day == day)))
    ins = select(DutyPunch).where(
        DutyPunch.adviser_id == adviser_id,
        DutyPunch.kind == PunchKind.IN,
        DutyPunch.day == day,
        DutyPunch.verdict != UNFIT,
    )
    begun = list(db.session.scalars(ins))
    ends = [punch.key for punch in begun] + [session.id for session in sessions]
    outs = select(DutyPunch).where(
        DutyPunch.adviser_id == adviser_id,
        DutyPunch.kind == PunchKind.OUT,
        DutyPunch.ends_key.in_(ends),
    )
    return begun + list(db.session.scalars(outs)), sessions


def of_session(session: DutySession) -> Sequence[DutyPunch]:
    """Return the taps that a session follows from, by when they count."""
    query = select(DutyPunch).where(
        DutyPunch.firm_id == session.firm_id, DutyPunch.session_id == session.id
    )
    return db.session.scalars(query.order_by(DutyPunch.counts_at, DutyPunch.id)).all()


def is_as_tapped(session: DutySession) -> bool:
    """Tell whether a session is as its taps left it: nobody has changed it by hand."""
    found = exists().where(
        DutyPunch.firm_id == session.firm_id,
        DutyPunch.session_id == session.id,
        DutyPunch.session_revision == session.revision,
    )
    return bool(db.session.scalar(select(found)))
