"""Tell everybody of an outage, and end it."""

from datetime import datetime

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.outages import Level, Outage
from counselhub.core.tenancy import PLATFORM


def announce(
    level: Level, words: tuple[str, str], span: tuple[datetime, datetime], *, by: Member
) -> None:
    """Show a banner, words in Chinese and English, during `span` (aware, the end excluded)."""
    outage = Outage(
        level=level,
        words_zh=words[0],
        words_en=words[1],
        starts_at=span[0],
        ends_at=span[1],
        by_name=by.name,
    )
    db.session.add(outage)
    db.session.flush()
    history.note("outage_announced", scope=PLATFORM, by=by, kind=level.value)


def end(outage: Outage, *, by: Member) -> None:
    """Take a banner off every page now; one that is over stays as it is."""
    now = clock.now()
    if outage.ends_at > now:
        outage.starts_at, outage.ends_at = min(outage.starts_at, now), now
        db.session.flush()
        history.note("outage_ended", scope=PLATFORM, by=by, kind=outage.level)
