"""What is done for agreements every night: those whose last day has passed are ended."""

from counselhub.core.db import db
from counselhub.core.rounds import Round
from counselhub.pairings import actions
from counselhub.people.queries import every_firm


def run() -> None:
    """End what is over, firm by firm; each is kept before the next begins."""
    with Round() as each:
        for firm_id, _code in every_firm():
            with each.firm(firm_id) as member:
                actions.expire(by=member)
                db.session.commit()
