"""What goes when a matter ended long ago: everything that tells who its parties were."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.matters import seals
from counselhub.matters.models import (
    ConflictCheck,
    Matter,
    MatterPaper,
    MatterParty,
    PartyKey,
)


def due(before: date) -> Select[UUID]:
    """Select the matters of the firm in scope that ended before a day and still name somebody."""
    ended = select(Matter.id).where(Matter.ended_on < before, Matter.wiped_at.is_(None))
    return ended.order_by(Matter.id)


def checks_due(until: datetime) -> Select[UUID]:
    """Select the checks without a matter that were made before an instant and hold digests."""
    return (
        select(ConflictCheck.id)
        .where(
            ConflictCheck.matter_id.is_(None),
            ConflictCheck.at < until,
            func.cardinality(ConflictCheck.digests) > 0,
        )
        .order_by(ConflictCheck.id)
    )


def wipe(ids: Sequence[UUID], before: date, *, by: Member, days: int) -> int:
    """Wipe parties, papers and digests of these matters, if they are due; return how many."""
    query = select(Matter).where(Matter.id.in_(due(before)), Matter.id.in_(ids))
    rows = db.session.scalars(query.with_for_update()).all()
    gone = [row.id for row in rows]
    parties = select(MatterParty.id).where(MatterParty.matter_id.in_(gone))
    blank = dict.fromkeys([*seals.COLUMNS.values(), "near", "client_id"])
    for statement in (
        delete(PartyKey).where(PartyKey.party_id.in_(parties)),
        update(MatterParty).where(MatterParty.matter_id.in_(gone)).values(blank),
        delete(MatterPaper).where(MatterPaper.matter_id.in_(gone)),
        update(ConflictCheck).where(ConflictCheck.matter_id.in_(gone)).values(digests=[]),
    ):
        db.session.execute(statement, execution_options={"synchronize_session": False})
    for row in rows:
        row.wiped_at = clock.now()
        history.record(row, "expire_parties", by=by, days=days)
    return len(rows)
