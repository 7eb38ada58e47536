"""What is done for duty every night: slots judged, requests ended that nobody took."""

from datetime import date

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.rounds import Round
from counselhub.cover import actions
from counselhub.duty import settling
from counselhub.people.commands import for_firm
from counselhub.people.queries import every_firm
from counselhub.roster.settling import Settled


def settle(code: str | None, until: date) -> list[tuple[str, Settled]]:
    """Judge one firm's slots up to a day, or every firm's; each is kept before the next begins.

    Raises NotFoundError for a firm that there is not, SomeFailedError when some of all failed.
    """
    if code:
        with for_firm(code) as member:
            return [(code, _settle_one(until, member))]
    done = []
    with Round() as each:
        for firm_id, one in every_firm():
            with each.firm(firm_id) as member:
                done.append((one, _settle_one(until, member)))
    return done


def _settle_one(until: date, by: Member) -> Settled:
    done = settling.settle_past(until, by=by)
    actions.expire(by=by)
    db.session.commit()
    return done


def run() -> None:
    """Judge the slots of all days past, of every firm."""
    settle(None, clock.today())
