"""From token to member: as whom a program acts in a request, and how often it may ask."""

import time
from dataclasses import replace

from flask import current_app, g, request
from flask_babel import gettext as _
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import update

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import TooManyError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform
from counselhub.people import session
from counselhub.tokens import actions, queries
from counselhub.tokens.models import ApiToken

RATE = parse("600/minute")
"""Of one token, whatever it asks for."""
POLICY = f'"token";q={RATE.amount};w={RATE.get_expiry()}'
SCHEME = "bearer"


def member_of_request() -> Member | None:
    """Return as whom the token in the request's header acts, None without a good one.

    It acts as its member in the token's role, which is never wider than what the member has now,
    and never with an administrator's duty. Raises TooManyError.
    """
    kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != SCHEME or not secret.startswith(actions.PREFIX):
        return None
    token = queries.live(actions.digest(secret.strip()), clock.today())
    if token is None:
        return None
    _count(token)
    found = (
        m for m in session.members_of(token.person_id) if m.membership_id == token.membership_id
    )
    member = next(found, None)
    role = Role(token.role)
    if member is None or role not in actions.roles_for(member):
        return None
    g.token = token
    _use(token)
    return replace(
        member, role=role, duties=frozenset(), factor_due=None, alarms=0, token_name=token.name
    )


def _use(token: ApiToken) -> None:
    """Note the day; once a day, so that reading does not write."""
    today = clock.today()
    if token.last_used_on == today:
        return
    with as_platform():
        db.session.execute(
            update(ApiToken).where(ApiToken.id == token.id).values(last_used_on=today),
            execution_options={"synchronize_session": False},
        )


def _count(token: ApiToken) -> None:
    limiter: FixedWindowRateLimiter | None = current_app.extensions.get("limiter")
    if limiter is None:  # the operator has switched limits off
        return
    key = RATE.key_for("token", str(token.id))
    hits = limiter.storage.incr(key, RATE.get_expiry())
    g.rate_left = max(0, RATE.amount - hits)
    if hits > RATE.amount:
        g.wait_seconds = max(1, round(limiter.storage.get_expiry(key) - time.time()))
        raise TooManyError(_("操作过于频繁，请在 %(seconds)d 秒后重试。", seconds=g.wait_seconds))
