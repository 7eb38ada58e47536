"""Answer for alarms."""

from collections.abc import Collection
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert

from counselhub.alarms import queries
from counselhub.core import clock, history
from counselhub.core.db import db, take_lock
from counselhub.core.errors import ConflictError, NotFoundError
from counselhub.core.foreign import SEEN
from counselhub.core.history import AccountEvent
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform


def acknowledge(ids: Collection[UUID], words: str, *, by: Member) -> int:
    """Answer for alarms of the own tenant with what was found out; return how many.

    An answer is an act of its own on the record, so neither it nor the alarm can be changed later.
    Raises NotFoundError for what is no alarm of the own tenant, ConflictError naming who was first.
    """
    wanted, name = set(ids), f"alarms {by.scope.kind}:{by.scope.key}"
    # Two who answer at once wait for one another: an alarm has one answer.
    take_lock(name)
    found = queries.chosen(by.scope, wanted)
    if not found or len(found) != len(wanted):
        raise NotFoundError()
    if taken := next((one for one in found if one.seen_at is not None), None):
        raise ConflictError(_taken(taken))
    rows = [
        history.account_act(SEEN, by.scope, by=by, alarm=str(one), words=words) for one in wanted
    ]
    with as_platform():
        db.session.execute(insert(AccountEvent), rows)
    return len(rows)


def _taken(alarm: queries.Alarm) -> str:
    return str(
        _(
            "%(at)s的警报已由%(name)s确认过，本次没有保存。请看最新内容，只勾选还没有确认的。",
            at=f"{clock.local(alarm.at):%m-%d %H:%M}",
            name=alarm.seen_by,
        )
    )
