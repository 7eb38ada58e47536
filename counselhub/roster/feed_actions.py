"""Hand out and end the address of a lawyer's calendar; who holds it reads planned duty, no more."""

import secrets
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from counselhub.advisers.models import Adviser
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_firm, as_platform
from counselhub.people.sign_ins import digest
from counselhub.roster import slot_queries
from counselhub.roster.feed_rules import Entry, calendar
from counselhub.roster.models import CalendarFeed

BEHIND, AHEAD = timedelta(days=31), timedelta(days=92)
TOKEN_BYTES = 32


def renew(adviser: Adviser, *, by: Member) -> str:
    """Return the token of a new address, which ends the old one; only its digest is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with as_platform():
        _forget(by.firm_id, adviser.id)
        feed = CalendarFeed(
            firm_id=by.firm_id, adviser_id=adviser.id, digest=digest(token), made_at=clock.now()
        )
        db.session.add(feed)
        db.session.flush()
    history.note("feed_made", scope=by.scope, by=by, whom=adviser.name)
    return token


def end(adviser: Adviser, *, by: Member) -> None:
    """End the address; who asks for it finds nothing any more."""
    with as_platform():
        _forget(by.firm_id, adviser.id)
    history.note("feed_ended", scope=by.scope, by=by, whom=adviser.name)


def _forget(firm_id: UUID, adviser_id: UUID) -> None:
    db.session.execute(
        delete(CalendarFeed).where(
            CalendarFeed.firm_id == firm_id, CalendarFeed.adviser_id == adviser_id
        )
    )


def feed_of(adviser: Adviser) -> CalendarFeed | None:
    """Return the feed that a lawyer of the firm has, None without one."""
    with as_platform():
        return db.session.get(CalendarFeed, (adviser.firm_id, adviser.id))


def read(token: str) -> str:
    """Return the calendar of who holds `token`. Raises NotFoundError for one that opens nothing."""
    with as_platform():
        feed = db.session.scalar(select(CalendarFeed).where(CalendarFeed.digest == digest(token)))
    if feed is None:
        raise NotFoundError(_("这个日历链接已停用，请在律师页面重新生成。"))
    with as_firm(feed.firm_id):
        adviser = db.session.get_one(Adviser, (feed.firm_id, feed.adviser_id))
        today = clock.today()
        slots = slot_queries.of_adviser(adviser.id, today - BEHIND, today + AHEAD)
        entries = [
            Entry(
                uid=f"{slot.id}@counselhub",
                sequence=slot.revision,
                day=slot.day,
                starts=slot.starts,
                ends=slot.ends,
                title=_("值班：%(place)s", place=slot.community.short_name),
                place=slot.community.name,
            )
            for slot in slots
        ]
        return calendar(entries, name=_("%(name)s的值班", name=adviser.name))
