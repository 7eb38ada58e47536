"""What the community does with a link: look at what it is asked, and answer once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from counselhub.closing.actions import guarded
from counselhub.confirmations import queries, rules, seals
from counselhub.confirmations.kinds import REQUEST_FLOW, Answer, Office, RequestStatus
from counselhub.confirmations.models import ConfirmationLink, ConfirmationRequest, SessionAnswer
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PUBLIC, as_firm, as_platform
from counselhub.duty import folding, punch_queries
from counselhub.duty.models import DutySession
from counselhub.people.sign_ins import digest


@dataclass(frozen=True, slots=True)
class Word:
    """What is said of one session; revision: of the session as it was shown."""

    answer: Answer
    words: str
    revision: int | None


@contextmanager
def opened(token: str) -> Iterator[ConfirmationRequest]:
    """Work as the firm whose request `token` opens. Raises NotFoundError for one that opens none.

    The request may be answered, taken back or over: the page says so.
    """
    with as_platform():
        link = db.session.get(ConfirmationLink, digest(token))
    if link is None:
        raise NotFoundError(_("这个确认链接无效。请核对网址，或请律师重新发一个。"))
    with as_firm(link.firm_id):
        query = (
            select(ConfirmationRequest)
            .options(joinedload(ConfirmationRequest.community))
            .where(ConfirmationRequest.id == link.request_id)
        )
        yield db.session.scalars(query).one()


def is_waiting(request: ConfirmationRequest) -> bool:
    """Tell whether a request can still be answered."""
    status = RequestStatus(request.status)
    is_over = rules.is_over(status, request.expires_at, clock.now())
    return status is RequestStatus.OPEN and not is_over


def sessions_of(request: ConfirmationRequest) -> Sequence[DutySession]:
    """Return what a request asks about, by time: what is confirmed already is asked no more."""
    if request.month is not None:
        return queries.lacking(request.community_code, request.month)
    query = (
        select(DutySession)
        .options(
            joinedload(DutySession.adviser),
            joinedload(DutySession.substitute_for),
            joinedload(DutySession.community),
        )
        .where(DutySession.id == request.session_id)
    )
    return [one for one in db.session.scalars(query) if queries.is_askable(one)]


def answers_of(request: ConfirmationRequest) -> Sequence[tuple[SessionAnswer, DutySession]]:
    """Return what was answered, with the sessions as they now are, by time."""
    query = (
        select(SessionAnswer, DutySession)
        .join(
            DutySession,
            (DutySession.firm_id == SessionAnswer.firm_id)
            & (DutySession.id == SessionAnswer.session_id),
        )
        .options(joinedload(DutySession.adviser), joinedload(DutySession.community))
        .where(SessionAnswer.request_id == request.id)
        .order_by(DutySession.signed_in_at)
    )
    return [(answer, session) for answer, session in db.session.execute(query)]


def answer(
    request: ConfirmationRequest,
    said: Mapping[UUID, Word],
    *,
    name: str,
    office: Office,
    address: str,
) -> int:
    """Take the community's answers, once; return how many.

    Sessions that are not named stay unconfirmed. Raises IllegalMoveError for a request that was
    answered, taken back or is over, ConflictError for a session that changed while it was shown,
    RefusedError when nothing is said, FrozenError in a closed month.
    """
    db.session.refresh(request, with_for_update={"of": ConfirmationRequest})
    if not is_waiting(request):
        raise IllegalMoveError(_("这个链接已经答复过或已失效，下面是最新情况。"), row=request)
    asked = {one.id: one for one in sessions_of(request)}
    told = {asked[named]: word for named, word in said.items() if named in asked}
    if not told:
        raise RefusedError(_("请至少对一次值班选择“属实”或“与实际不符”。"))
    if any(session.revision != word.revision for session, word in told.items()):
        raise ConflictError(_("有值班记录刚刚被改动，请看最新内容后再确认。"), row=request)
    by = _community(request)
    for session, word in told.items():
        _write(request, session, word, by=by)
    request.name_sealed = seals.seal(
        name, request
    )  # asks the database: before what belongs together
    request.answered_at, request.office = clock.now(), office
    request.address_digest = seals.address_digest(address, request.firm_id)
    history.advance(request, REQUEST_FLOW, "answer", by=by, street_code=request.street_code)
    return len(told)


def _community(request: ConfirmationRequest) -> Member:
    """Who acts: the community, by its link; the person's name stays sealed with the request."""
    name = _("%(place)s（确认链接）", place=request.community.short_name)
    return Member(None, name, Role.OPERATOR, PUBLIC, request.community.name)


def _write(request: ConfirmationRequest, session: DutySession, word: Word, *, by: Member) -> None:
    """Write one answer and the session's mark; its taps go on leading it if they did."""
    is_ours = punch_queries.is_as_tapped(session)
    is_confirmed = word.answer is Answer.CONFIRMED
    row = SessionAnswer(
        request_id=request.id,
        session_id=session.id,
        answer=word.answer,
        words=word.words or None,
        answered_at=clock.now(),
    )
    with guarded():
        session.community_confirmed = is_confirmed
        db.session.add(row)
    if is_ours:
        folding.agree(session)
    act = "community_confirm" if is_confirmed else "community_dispute"
    told = {"reason": word.words} if word.words else {}
    history.record(session, act, by=by, street_code=session.street_code, **told)
