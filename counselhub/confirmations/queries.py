"""Which sessions a community has confirmed, is asked about, disputes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.advisers.models import Adviser
from counselhub.confirmations import rules, seals
from counselhub.confirmations.kinds import Answer, Office, RequestStatus, Standing
from counselhub.confirmations.models import ConfirmationRequest, SessionAnswer
from counselhub.core import clock, sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.places.models import Community
from counselhub.services.kinds import ServiceKind
from counselhub.services.models import ServiceRecord

TONES = {
    Standing.LACKING: "neutral",
    Standing.ASKED: "info",
    Standing.OVERTAKEN: "warning",
    Standing.CONFIRMED: "success",
    Standing.DISPUTED: "danger",
    Standing.SETTLED: "warning",
}
SORTS: sorting.Sorts = {
    "day": (DutySession.signed_in_at, DutySession.id),
    "community": (Community.pinyin, DutySession.signed_in_at),
    "adviser": (Adviser.pinyin, DutySession.signed_in_at),
}


@dataclass(frozen=True, slots=True)
class Given:
    """The last answer on a session as pages show it."""

    row: SessionAnswer
    answer: Answer
    who: str
    """Office and masked name."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a session has of its community. request: the open one, None without."""

    standing: Standing
    last: Given | None
    request: ConfirmationRequest | None
    is_askable: bool

    @property
    def tone(self) -> str:
        """How a badge of the standing looks."""
        return TONES[self.standing]


def is_askable(session: DutySession) -> bool:
    """Tell whether a community can be asked about a session: it is over, and stands."""
    return session.status == SessionStatus.CLOSED and session.signed_out_at is not None


def cards(sessions: Sequence[DutySession]) -> dict[UUID, Card]:
    """Return what each session has of its community, with two statements for any number."""
    if not sessions:
        return {}
    last, asked = _last_answers(sessions), _open_requests(sessions)
    return {one.id: _card(one, last.get(one.id), asked) for one in sessions}


def _card(
    session: DutySession, row: SessionAnswer | None, asked: dict[object, ConfirmationRequest]
) -> Card:
    month = session.community_code, session.day.replace(day=1)
    request = asked.get(session.id) or asked.get(month)
    fact = row and rules.AnswerFact(
        Answer(row.answer), row.overtaken_at is not None, row.settled_at is not None
    )
    standing = rules.standing(
        fact or None, is_noted=session.community_confirmed is True, is_asked=request is not None
    )
    last = Given(row, Answer(row.answer), who(row.request)) if row else None
    return Card(standing, last, request, is_askable(session))


def who(request: ConfirmationRequest) -> str:
    """Return who answered, as pages show it: 社区工作人员 张**."""
    office = Office.of(request.office).label if request.office else ""
    return f"{office} {seals.masked(request)}".strip()


def _last_answers(sessions: Sequence[DutySession]) -> dict[UUID, SessionAnswer]:
    query = (
        select(SessionAnswer)
        .options(joinedload(SessionAnswer.request))
        .where(
            SessionAnswer.firm_id.in_({one.firm_id for one in sessions}),
            SessionAnswer.session_id.in_([one.id for one in sessions]),
        )
        .order_by(SessionAnswer.answered_at, SessionAnswer.id)
    )
    return {row.session_id: row for row in db.session.scalars(query)}


def _open_requests(sessions: Sequence[DutySession]) -> dict[object, ConfirmationRequest]:
    """Open requests by their session's id, or by community and month."""
    months = {(one.community_code, one.day.replace(day=1)) for one in sessions}
    query = select(ConfirmationRequest).where(
        ConfirmationRequest.firm_id.in_({one.firm_id for one in sessions}),
        _is_waiting(),
        or_(
            ConfirmationRequest.session_id.in_([one.id for one in sessions]),
            tuple_(ConfirmationRequest.community_code, ConfirmationRequest.month).in_(months),
        ),
    )
    found: dict[object, ConfirmationRequest] = {}
    for row in db.session.scalars(query):
        found[row.session_id or (row.community_code, row.month)] = row
    return found


def _is_waiting() -> ColumnElement[bool]:
    is_open = ConfirmationRequest.status == RequestStatus.OPEN
    return is_open & (ConfirmationRequest.expires_at > clock.now())


def session_list(first: date, last: date, asked: dict[str, str], sort: str) -> Select[Any]:
    """Select the finished sessions of the days from first to last.

    asked: community, state (a Standing, `open` for all that is not confirmed) and q (a name),
    '' for all. sort: a key of SORTS, with a minus before it for the other direction.
    """
    query = (
        visible(DutySession)
        .join(DutySession.community)
        .join(DutySession.adviser)
        .options(contains_eager(DutySession.community), contains_eager(DutySession.adviser))
        .where(DutySession.day.between(first, last), *_finished())
    )
    if code := asked["community"]:
        query = query.where(DutySession.community_code == code)
    if words := asked["q"].lower():
        found = (Community.search.contains(words, autoescape=True),)
        query = query.where(or_(*found, Adviser.search.contains(words, autoescape=True)))
    if state := asked["state"]:
        query = _standing(query, state)
    return sorting.ordered(query, SORTS, sort)


def _finished() -> Iterable[ColumnElement[bool]]:
    yield DutySession.status == SessionStatus.CLOSED
    yield DutySession.signed_out_at.is_not(None)


def _standing(query: Select[Any], state: str) -> Select[Any]:
    """Keep the sessions of one state: what `rules.standing` says, said to the database."""
    last = (
        select(SessionAnswer.answer, SessionAnswer.overtaken_at, SessionAnswer.settled_at)
        .where(
            SessionAnswer.firm_id == DutySession.firm_id,
            SessionAnswer.session_id == DutySession.id,
        )
        .order_by(SessionAnswer.answered_at.desc(), SessionAnswer.id.desc())
        .limit(1)
        .lateral("last_answer")
    )
    is_asked = exists().where(
        ConfirmationRequest.firm_id == DutySession.firm_id,
        _is_waiting(),
        or_(
            ConfirmationRequest.session_id == DutySession.id,
            (ConfirmationRequest.community_code == DutySession.community_code)
            & (ConfirmationRequest.month == func.date_trunc("month", DutySession.day)),
        ),
    )
    is_disputed = last.c.answer == Answer.DISPUTED
    standing = case(
        (is_disputed & last.c.settled_at.is_(None), Standing.DISPUTED.value),
        (DutySession.community_confirmed.is_(True), Standing.CONFIRMED.value),
        (is_asked, Standing.ASKED.value),
        (is_disputed, Standing.SETTLED.value),
        (last.c.overtaken_at.is_not(None), Standing.OVERTAKEN.value),
        else_=Standing.LACKING.value,
    )
    query = query.outerjoin(last, true())
    if state == "open":
        return query.where(standing != Standing.CONFIRMED.value)
    return query.where(standing == state)


def lacking(community_code: str, month: date) -> Sequence[DutySession]:
    """Return the finished sessions of a community's month that it has not confirmed, by time."""
    query = (
        select(DutySession)
        .options(
            joinedload(DutySession.adviser),
            joinedload(DutySession.substitute_for),
            joinedload(DutySession.community),
        )
        .where(
            DutySession.community_code == community_code,
            DutySession.day.between(month, clock.last_day(month)),
            DutySession.community_confirmed.is_not(True),
            *_finished(),
        )
        .order_by(DutySession.signed_in_at, DutySession.id)
    )
    return db.session.scalars(query).all()


def months_lacking(month: date) -> list[tuple[str, str, int]]:
    """Return (community, name, sessions it has not confirmed) of a month, by pinyin."""
    query = (
        select(Community.code, Community.name, func.count())
        .join(DutySession, DutySession.community_code == Community.code)
        .where(
            DutySession.day.between(month, clock.last_day(month)),
            DutySession.community_confirmed.is_not(True),
            *_finished(),
        )
        .group_by(Community.code, Community.name, Community.pinyin)
        .order_by(Community.pinyin, Community.code)
    )
    return [(code, name, many) for code, name, many in db.session.execute(query)]


def services_of(sessions: Sequence[DutySession]) -> dict[UUID, list[tuple[ServiceKind, int]]]:
    """Return what was logged with each session's lawyer, community and day: kinds and counts."""
    query = (
        select(
            ServiceRecord.adviser_id,
            ServiceRecord.community_code,
            ServiceRecord.day,
            ServiceRecord.kind,
            func.sum(ServiceRecord.count),
        )
        .where(
            ServiceRecord.community_code.in_({one.community_code for one in sessions}),
            ServiceRecord.adviser_id.in_({one.adviser_id for one in sessions}),
            ServiceRecord.day.in_({one.day for one in sessions}),
        )
        .group_by(*(c for c in _SERVICE_KEY))
    )
    found: defaultdict[object, dict[str, int]] = defaultdict(dict)
    for adviser_id, code, day, kind, count in db.session.execute(query):
        found[adviser_id, code, day][kind] = int(count)
    return {
        one.id: [
            (kind, found[one.adviser_id, one.community_code, one.day][kind.value])
            for kind in ServiceKind
            if kind.value in found[one.adviser_id, one.community_code, one.day]
        ]
        for one in sessions
    }


_SERVICE_KEY = (
    ServiceRecord.adviser_id,
    ServiceRecord.community_code,
    ServiceRecord.day,
    ServiceRecord.kind,
)
