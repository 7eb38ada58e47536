"""Failed sign-ins: counted in the database, before a password is looked at, for all workers alike.

A try is taken first and given back when it was right, so that tries made at the same moment never
get more than the limit between them.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, delete, select, text, update

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.tenancy import PLATFORM, apart
from counselhub.people.models import SignInTries

MINUTES = 15
LOCKED = _l("尝试次数过多，已暂停登录15分钟。请稍后再试；如果忘记了密码，请联系本单位管理员重置。")
"""The same for an account that exists, one that does not, and an address."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures within MINUTES lock what the key names, for MINUTES after the last."""

    key: str
    tries: int


class LockedError(RefusedError):
    """Too many failures: nobody's password is looked at for a while."""

    def __init__(self) -> None:
        """With the one sentence."""
        super().__init__(LOCKED)


def of_account(email: str) -> Limit:
    """Return the limit of the account with this address, whether there is one or not."""
    return Limit(account_key(email), 5)


def of_address(address: str) -> Limit:
    """Return the limit of a network address: an office shares one, so it is larger."""
    return Limit(f"address:{address}", 20)


def account_key(email: str) -> str:
    """Return the key of an account: a digest, for some type their password in the wrong field."""
    return "account:" + hashlib.sha256(email.strip().lower().encode()).hexdigest()


TAKE = text(
    """
    INSERT INTO sign_in_tries AS t (key, failures, since, last_at) VALUES (:key, 1, :now, :now)
    ON CONFLICT (key) DO UPDATE SET
        failures = CASE WHEN t.failures >= :tries OR t.since <= :begin
                   THEN 1 ELSE t.failures + 1 END,
        since = CASE WHEN t.failures >= :tries OR t.since <= :begin THEN :now ELSE t.since END,
        last_at = :now
    WHERE t.failures < :tries OR t.last_at <= :begin
    RETURNING failures
    """
)
"""No row comes back from a locked key; a lock that is over, or a window, begins anew."""


def take(*limits: Limit) -> bool:
    """Count a try against each limit, at once and for good; say whether it is the last one.

    Give the limits in one order everywhere, so that two never wait for one another. Raises
    LockedError, and counts nothing, when one of them is used up.
    """
    with apart(db.engine, PLATFORM) as connection:
        taken = [_take(connection, limit) >= limit.tries for limit in limits]
    return any(taken)


def _take(connection: Connection, limit: Limit) -> int:
    now = clock.now()
    values = {"key": limit.key, "tries": limit.tries, "now": now, "begin": _begin(now)}
    failures: int | None = connection.scalar(TAKE, values)
    if failures is None:
        raise LockedError()
    return failures


def give_back(*limits: Limit) -> None:
    """Take one try off each limit again: it was no failure."""
    with apart(db.engine, PLATFORM) as connection:
        for limit in limits:
            connection.execute(
                update(SignInTries)
                .where(SignInTries.key == limit.key, SignInTries.failures > 0)
                .values(failures=SignInTries.failures - 1)
            )


def clear(email: str) -> None:
    """Forget the failures of an account, which unlocks it; in a transaction of its own.

    Some of those that are long past go with them, whosever they were.
    """
    past = (
        select(SignInTries.key)
        .where(SignInTries.last_at < clock.now() - timedelta(days=1))
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    with apart(db.engine, PLATFORM) as connection:
        connection.execute(delete(SignInTries).where(SignInTries.key == account_key(email)))
        connection.execute(delete(SignInTries).where(SignInTries.key.in_(past)))


def locked_until(tries: SignInTries | None, limit: Limit) -> datetime | None:
    """Return until when `tries` lock, None when they do not (any more)."""
    if tries is None or tries.failures < limit.tries or tries.last_at <= _begin(clock.now()):
        return None
    return tries.last_at + timedelta(minutes=MINUTES)


def _begin(now: datetime) -> datetime:
    return now - timedelta(minutes=MINUTES)
