"""From cookie to member: who acts in a request, under which membership, in which scope."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask, current_app, flash, g, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user

from counselhub.admins.rules import duties_of
from counselhub.core import clock, history, htmx, programs, tenancy, visiting
from counselhub.core.access import to_sign_in
from counselhub.core.config import Settings
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.labels import N_
from counselhub.core.members import Member
from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import PLATFORM, PUBLIC, Scope, ScopeKind
from counselhub.people import sign_ins
from counselhub.people.kinds import SessionEnd
from counselhub.people.queries import memberships_of, session_rows
from counselhub.people.sign_ins import Limits, Running

MINUTE = timedelta(minutes=1)
WITH_AN_OLD_PASSWORD = {
    "static",
    "account.account",
    "account.create_password",
    "people.sign_out",
    "people.switch",
    "people.language",
}
"""What whose password is too old may still reach: where it is changed, and the way out."""

OVER = {
    SessionEnd.IDLE: N_(
        "您超过%(idle_minutes)d分钟没有操作，已自动退出。请重新登录，会回到原来的页面。"
    ),
    SessionEnd.AGE: N_("这次登录时间已满，已自动退出。请重新登录，会回到原来的页面。"),
}
"""What is said on the sign-in page after a session that ended by itself."""


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """A signed-in person with every running membership, the one in use first chosen."""

    token: str = field(repr=False)
    session: Running
    person_id: UUID
    name: str
    memberships: tuple[Member, ...]
    password_is_old: bool
    banner: dict[str, str] | None
    """What `core.outages` shows on every page."""

    def get_id(self) -> str:
        """The session's token, which the cookie carries."""
        return self.token


def load(token: str) -> SignedIn | None:
    """Return whose session this is, with one statement; None when it is over or nobody's.

    Nobody's too when its person has no running membership.
    """
    rows = session_rows(sign_ins.digest(str(token)))
    if not rows:
        return None
    row, now = rows[0], clock.now()
    running = Running(row.session_id, row.created_at, row.last_seen_at, row.confirmed_at)
    if why := running.end(_limits(), now):
        sign_ins.end_apart(running.id, why)
        flash(_(OVER[why], **durations()), "warning")
        return None
    days = [one.password_days for one in rows if one.password_days is not None]
    is_old = bool(days) and now - row.password_set_at > timedelta(days=min(days))
    members = tuple(map(_member, rows))
    return SignedIn(token, running, row.person_id, row.name, members, is_old, row.banner)


def durations() -> dict[str, int]:
    """Return in minutes, for pages: how long a session lasts idle and at all, a confirmation."""
    limits, confirmed = _limits(), current_app.extensions["confirmation_holds"]
    return {
        "idle_minutes": limits.idle // MINUTE,
        "session_minutes": limits.absolute // MINUTE,
        "confirm_minutes": confirmed // MINUTE,
    }


def begin_for(person_id: UUID) -> None:
    """Sign somebody in: whatever the browser's session held before is gone, but the language.

    Raises NotFoundError for a person without a running membership.
    """
    member = renew_for(person_id)
    history.note("sign_in", scope=member.scope, by=member)


def renew_for(person_id: UUID) -> Member:
    """Begin a session under a new token, and end the one that this browser had.

    Raises NotFoundError for a person without a running membership.
    """
    if current_user.is_authenticated:
        sign_ins.end(current_user.person_id, SessionEnd.ANEW, only=current_user.session.id)
    token = sign_ins.begin(
        person_id, address=request.remote_addr or "", agent=request.user_agent.string
    )
    db.session.flush()
    user = load(token)
    if user is None:
        raise NotFoundError(_("您的账号目前不属于任何单位，请联系管理员。"))
    restart()
    login_user(user)
    return user.memberships[0]


def switch_to(member: Member) -> None:
    """Act under another of one's own memberships from now on."""
    session["membership"] = str(member.membership_id)
    history.note("membership_switch", scope=member.scope, by=member)


def end_own() -> None:
    """End the session of this request at its owner's wish."""
    sign_ins.end(current_user.person_id, SessionEnd.SIGN_OUT, only=current_user.session.id)
    member: Member = current_user.memberships[0]
    history.note("sign_out", scope=member.scope, by=member)
    restart()


def restart() -> None:
    """Empty the browser's session, but for the language."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


def members_of(person_id: UUID) -> tuple[Member, ...]:
    """Return the running memberships of somebody who is not signed in yet, oldest first."""
    return tuple(map(_member, memberships_of(person_id)))


def _limits() -> Limits:
    limits: Limits = current_app.extensions["session_limits"]
    return limits


def _member(row: Any) -> Member:
    named = Duty(row.duty) if row.duty else None
    return Member(
        person_id=row.person_id,
        name=row.name,
        role=Role(row.role),
        scope=Scope(ScopeKind(row.kind), row.key),
        title=row.title,
        membership_id=row.id,
        adviser_id=row.adviser_id,
        duties=duties_of(Role(row.role), named, system_is_named=row.system_is_named),
        factor_due=row.factor_due,
        alarms=row.alarms,
        unread=row.unread,
        read_only_on=row.read_only_on,
        leaves_on=row.leaves_on,
    )


def begin() -> None:
    """Find the member of this request and put the request under the member's scope."""
    g.member = g.confirmed_at = None
    g.scope_token = tenancy.begin_request(PLATFORM)
    if programs.is_asked():
        g.member = programs.bearer()  # a cookie counts for nothing there
    elif current_user.is_authenticated:
        chosen = session.get("membership")
        members: tuple[Member, ...] = current_user.memberships
        g.member = next((m for m in members if str(m.membership_id) == chosen), members[0])
        g.confirmed_at = current_user.session.confirmed_at
        sign_ins.see(current_user.session, clock.now())
        g.member = visiting.guest(g.member, current_user.session.id)
    tenancy.name_visit(g.member is not None and g.member.visit is not None)
    tenancy.name_person(g.member.person_id if g.member else None)
    tenancy.change_scope(g.member.scope if g.member else PUBLIC)


def ask_for_a_new_password() -> ResponseReturnValue | None:
    """Lead whoever's password is older than the place allows to where it is changed."""
    if g.member is None or programs.is_asked() or not current_user.password_is_old:
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    if request.endpoint in WITH_AN_OLD_PASSWORD or hasattr(view, "sets_up_factor"):
        return None
    flash(_("您的密码已经超过本单位规定的使用期限，请先更改密码。"), "warning")
    return htmx.gone_to(url_for("account.account", _anchor="change-password"))


def end(_error: BaseException | None) -> None:
    """Take the scope off the thread."""
    if (token := g.pop("scope_token", None)) is not None:
        tenancy.end_request(token)


def init_app(app: Flask, settings: Settings) -> None:
    """Register Flask-Login, the scope of each request and how long a session lasts."""
    app.extensions["session_limits"] = Limits(
        timedelta(minutes=settings.idle_minutes),
        timedelta(minutes=settings.session_minutes),
    )
    manager = LoginManager(app)
    manager.user_loader(load)
    manager.unauthorized_handler(to_sign_in)
    app.before_request(begin)
    app.before_request(ask_for_a_new_password)
    app.teardown_request(end)
