"""How a request becomes a signed-in one, and stops being one: the session and its cookie."""

from uuid import UUID

from flask import redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from counselhub.core import history
from counselhub.core.access import Member
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.people import sign_ins
from counselhub.people.kinds import SessionEnd
from counselhub.people.session import SignedIn, load


def complete_sign_in(person_id: UUID, back: str) -> ResponseReturnValue:
    """Begin the session of whoever has proved to be this person, and go `back` (a path of ours)."""
    member = begin_session(person_id)
    history.note("sign_in", scope=member.scope, by=member)
    return redirect(back, 303)


def begin_session(person_id: UUID) -> Member:
    """Begin a session under a new token; one that this browser had ends.

    Raises NotFoundError for whoever belongs to no place (any more).
    """
    if current_user.is_authenticated:
        earlier = current_user.session.id
        sign_ins.end(current_user.person_id, SessionEnd.ANEW, only=earlier)
    token = sign_ins.begin(
        person_id, address=request.remote_addr or "", agent=request.user_agent.string
    )
    db.session.flush()
    user = load(token)
    if user is None:
        raise NotFoundError(_("您的账号目前不属于任何单位，请联系管理员。"))
    _forget_cookie()
    login_user(user)
    return user.memberships[0]


def end_session(user: SignedIn) -> None:
    """End the session of this request at the owner's wish."""
    sign_ins.end(user.person_id, SessionEnd.SIGN_OUT, only=user.session.id)
    member = user.memberships[0]
    history.note("sign_out", scope=member.scope, by=member)
    logout_user()
    _forget_cookie()


def _forget_cookie() -> None:
    """Nothing of an earlier session goes over into the next one, but for the language."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
