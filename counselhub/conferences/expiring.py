"""What was said in a conference goes when its time is over; that it was, and who came, stays."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Update, select, update

from counselhub.conferences.models import (
    Conference,
    ConferenceMinutes,
    ConferenceSeat,
    ConferenceTask,
)
from counselhub.core import clock, history
from counselhub.core.db import db, reached
from counselhub.core.members import Member


def due(before: date) -> Select[UUID]:
    """Select the ids of conferences held or called off before a day that still say something."""
    return select(Conference.id).where(Conference.day < before, Conference.wiped_at.is_(None))


def _all(statement: Update, column: Any, ids: Sequence[UUID]) -> Update:
    return statement.where(column.in_(ids)).execution_options(synchronize_session=False)


def wipe(ids: Sequence[UUID], *, by: Member, days: int) -> int:
    """Empty what conferences of the firm in scope say; return how many there were."""
    blank = {"agenda": [], "disputes": [], "summary": "", "conclusion": "", "guests": ""}
    told = {"reason": None, "feedback_words": None, "wiped_at": clock.now()}
    wiped = reached(_all(update(Conference).values(**blank, **told), Conference.id, ids))
    emptied = update(ConferenceSeat).values(opinion=None)
    db.session.execute(_all(emptied, ConferenceSeat.conference_id, ids))
    done = update(ConferenceTask).values(words="")
    db.session.execute(_all(done, ConferenceTask.conference_id, ids))
    gone = update(ConferenceMinutes).values(content=None)
    db.session.execute(_all(gone, ConferenceMinutes.conference_id, ids))
    history.note("retention_sweep", scope=by.scope, by=by, what="conference", acts=wiped, days=days)
    return wiped
