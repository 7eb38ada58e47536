"""What is done for agreements every night: those whose last day has passed are ended."""

from counselhub.core.db import db
from counselhub.pairings import actions
from counselhub.people.commands import for_firm
from counselhub.people.queries import every_firm


def run() -> None:
    """End what is over, firm by firm; each is kept before the next begins."""
    for _firm_id, code in every_firm():
        with for_firm(code) as member:
            actions.expire(by=member)
            db.session.commit()
