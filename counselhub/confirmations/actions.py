"""Ask a community about a session or a month, take the question back, deal with a dispute."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from counselhub.confirmations import queries
from counselhub.confirmations.kinds import REQUEST_FLOW, Answer, RequestStatus
from counselhub.confirmations.models import ConfirmationLink, ConfirmationRequest, SessionAnswer
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_platform
from counselhub.duty.models import DutySession
from counselhub.people.queries import has_colleague_with
from counselhub.people.sign_ins import digest

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Asked:
    """A request just made with the token of its link, which nobody can learn again."""

    request: ConfirmationRequest
    token: str


def ask(session: DutySession, *, by: Member) -> Asked:
    """Make a link by which the community answers for one session; one before it is taken back.

    Raises IllegalMoveError for a session that is not over or was voided.
    """
    if not queries.is_askable(session):
        raise IllegalMoveError(_("签退以后才能请社区确认，作废的值班不用确认。"), row=session)
    if session.community_confirmed:
        raise IllegalMoveError(_("社区已经确认过这次值班，不用再发链接。"), row=session)
    _revoke_open(ConfirmationRequest.session_id == session.id, by=by)
    return _made(by, community_code=session.community_code, session_id=session.id)


def ask_month(community_code: str, month: date, *, by: Member) -> Asked:
    """Make one link for all of a community's month that is not confirmed yet.

    Raises RefusedError when nothing of it is left to confirm.
    """
    if not queries.lacking(community_code, month):
        raise RefusedError(_("这个社区当月没有待确认的值班。"))
    of_month = ConfirmationRequest.month == month
    _revoke_open((ConfirmationRequest.community_code == community_code) & of_month, by=by)
    return _made(by, community_code=community_code, month=month)


def _made(by: Member, *, community_code: str, **subject: Any) -> Asked:
    now, token = clock.now(), secrets.token_urlsafe(TOKEN_BYTES)
    lasts = timedelta(hours=current_app.config["COMMUNITY_LINK_HOURS"])
    request = ConfirmationRequest(
        community_code=community_code,
        street_code=community_code[:9],
        status=RequestStatus.OPEN,
        made_at=now,
        made_by=by.name,
        expires_at=now + lasts,
        **subject,
    )
    db.session.add(request)
    history.record(request, "ask", by=by, street_code=request.street_code)
    db.session.flush()
    with as_platform():
        db.session.add(
            ConfirmationLink(digest=digest(token), firm_id=request.firm_id, request_id=request.id)
        )
    return Asked(request, token)


def _revoke_open(which: ColumnElement[bool], *, by: Member) -> None:
    query = select(ConfirmationRequest).where(
        which, ConfirmationRequest.status == RequestStatus.OPEN
    )
    for request in db.session.scalars(query.with_for_update()):
        revoke(request, by=by)
    db.session.flush()


def revoke(request: ConfirmationRequest, *, by: Member) -> None:
    """Take a link back. Raises IllegalMoveError for one that was answered or taken back."""
    history.advance(request, REQUEST_FLOW, "revoke", by=by, street_code=request.street_code)


def settle(answer: SessionAnswer, words: str, *, by: Member) -> None:
    """Say what came of a dispute; the community's words stay. Raises IllegalMoveError when done,
    RefusedError for the own session while another may say it.
    """
    session = db.session.get_one(DutySession, (answer.firm_id, answer.session_id))
    if answer.answer != Answer.DISPUTED or answer.settled_at is not None:
        raise IllegalMoveError(_("这条意见已经处理过了，下面是最新内容。"), row=answer)
    if by.adviser_id == session.adviser_id and has_colleague_with(Permission.DUTY_MANAGE, by):
        raise RefusedError(_("社区对您本人值班的意见，要由另一位同事处理。"))
    answer.settled_at, answer.settled_words = clock.now(), words
    history.record(session, "dispute_settle", by=by, street_code=session.street_code, reason=words)
