"""Corrections as the firm lists them, and the files that prove them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.advisers.models import Adviser
from counselhub.closing.models import ClosedMonth
from counselhub.closing.queries import closed_within
from counselhub.core import pinyin, sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.corrections.kinds import SHOWN_TO_OFFICE, CorrectionStatus, PaperKind
from counselhub.corrections.models import (
    CorrectionFile,
    CorrectionFileContent,
    SessionCorrection,
)
from counselhub.duty.models import DutySession
from counselhub.places.models import Community

SORTS: sorting.Sorts = {
    "asked": (SessionCorrection.asked_at, SessionCorrection.id),
    "day": (SessionCorrection.day, SessionCorrection.id),
    "community": (Community.pinyin, SessionCorrection.day),
    "adviser": (Adviser.pinyin, SessionCorrection.day),
}
NAMES = (
    joinedload(SessionCorrection.adviser),
    joinedload(SessionCorrection.community),
    joinedload(SessionCorrection.was_community),
    joinedload(SessionCorrection.substitute_for),
    joinedload(SessionCorrection.was_substitute_for),
)
"""What both versions name."""


def listed(asked: dict[str, str], sort: str) -> Select[SessionCorrection]:
    """Select the requests that the present member sees, with lawyer and community.

    asked: status, reason and q (a lawyer or a community), '' for all. sort: a key of SORTS.
    """
    query = (
        visible(SessionCorrection)
        .join(SessionCorrection.adviser)
        .join(SessionCorrection.community)
        .options(
            contains_eager(SessionCorrection.adviser), contains_eager(SessionCorrection.community)
        )
        .where(*_asked(asked))
    )
    return sorting.ordered(query, SORTS, sort)


def _asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if status := asked["status"]:
        yield SessionCorrection.status == status
    if reason := asked["reason"]:
        yield SessionCorrection.reason == reason
    for word in asked["q"].split():
        yield pinyin.finds(Adviser.search, word) | pinyin.finds(Community.search, word)


def counts() -> dict[str, int]:
    """Return how many requests that the present member sees stand in each state."""
    seen = visible(SessionCorrection).with_only_columns(
        SessionCorrection.status, func.count().label("total")
    )
    rows = db.session.execute(seen.group_by(SessionCorrection.status))
    return {one.status: one.total for one in rows}


def of_session(session: DutySession) -> Sequence[SessionCorrection]:
    """Return the requests on a session, newest first."""
    query = select(SessionCorrection).where(
        SessionCorrection.firm_id == session.firm_id, SessionCorrection.session_id == session.id
    )
    return db.session.scalars(query.order_by(SessionCorrection.asked_at.desc())).all()


def waiting_on(session_id: object) -> SessionCorrection | None:
    """Return the request on a session that nobody has decided, None when there is none."""
    return db.session.scalar(
        select(SessionCorrection).where(
            SessionCorrection.session_id == session_id,
            SessionCorrection.status == CorrectionStatus.ASKED,
        )
    )


def closed(row: SessionCorrection) -> ClosedMonth | None:
    """Return the statement that keeps either version's month, None while both are open."""
    days: list[tuple[str, date]] = [(row.community_code, row.day)]
    if row.was_community_code and row.was_signed_in_at:
        days.append((row.was_community_code, row.day))
    return closed_within({code for code, _day in days}, [(row.day, row.day)])


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as pages show it; has_content False when its time is over."""

    row: CorrectionFile
    has_content: bool

    @property
    def kind(self) -> PaperKind:
        """Whether it is a photo or a scan."""
        return PaperKind(self.row.kind)


_HAS_CONTENT = exists().where(
    CorrectionFileContent.firm_id == CorrectionFile.firm_id,
    CorrectionFileContent.file_id == CorrectionFile.id,
)


def files_of(row: SessionCorrection) -> list[Shown]:
    """Return the files of a request, in the order in which they were sent."""
    query = (
        select(CorrectionFile, _HAS_CONTENT)
        .where(CorrectionFile.firm_id == row.firm_id, CorrectionFile.correction_id == row.id)
        .order_by(CorrectionFile.place)
    )
    return [Shown(file, has_content) for file, has_content in db.session.execute(query)]


def files_on(sessions: Sequence[DutySession]) -> Mapping[UUID | None, list[Shown]]:
    """Return the files of what was agreed to about each session; one statement for any number."""
    if not sessions:
        return {}
    query = (
        select(SessionCorrection.session_id, CorrectionFile, _HAS_CONTENT)
        .join(
            CorrectionFile,
            (CorrectionFile.firm_id == SessionCorrection.firm_id)
            & (CorrectionFile.correction_id == SessionCorrection.id),
        )
        .where(
            SessionCorrection.firm_id.in_({one.firm_id for one in sessions}),
            SessionCorrection.session_id.in_([one.id for one in sessions]),
            SessionCorrection.status.in_(SHOWN_TO_OFFICE),
        )
        .order_by(SessionCorrection.asked_at, CorrectionFile.place)
    )
    found: defaultdict[UUID | None, list[Shown]] = defaultdict(list)
    for session_id, file, has_content in db.session.execute(query):
        found[session_id].append(Shown(file, has_content))
    return found


def content_of(file: CorrectionFile, *, small: bool) -> bytes | None:
    """Return what is kept of a file, None when its time is over or a scan has no small picture."""
    column = CorrectionFileContent.thumb if small else CorrectionFileContent.content
    return db.session.scalar(
        select(column).where(
            CorrectionFileContent.firm_id == file.firm_id,
            CorrectionFileContent.file_id == file.id,
        )
    )
