"""What is done for duty every night: slots judged, requests ended that nobody took."""

from collections.abc import Iterator
from datetime import date

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.cover import actions
from counselhub.duty import settling
from counselhub.people.commands import for_firm
from counselhub.people.queries import every_firm
from counselhub.roster.settling import Settled


def settle(code: str | None, until: date) -> Iterator[tuple[str, Settled]]:
    """Judge one firm's slots up to a day, or every firm's; each is kept before the next begins.

    Raises NotFoundError for a firm that there is not.
    """
    for one in [code] if code else [other for _firm_id, other in every_firm()]:
        with for_firm(one) as member:
            done = settling.settle_past(until, by=member)
            actions.expire(by=member)
            db.session.commit()
        yield one, done


def run() -> None:
    """Judge the slots of all days past, of every firm."""
    for _firm in settle(None, clock.today()):
        pass
