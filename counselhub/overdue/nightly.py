"""What is done every night: months whose last day is over are closed to their firms."""

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.overdue import actions
from counselhub.people.commands import for_firm
from counselhub.people.queries import every_firm


def run() -> None:
    """Pass the day, firm by firm; each is kept before the next begins."""
    today = clock.today()
    for _firm_id, code in every_firm():
        with for_firm(code) as member:
            actions.pass_days(today, by=member)
            db.session.commit()
