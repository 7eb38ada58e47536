"""What is done every night: months whose last day is over are closed to their firms."""

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.rounds import Round
from counselhub.overdue import actions
from counselhub.people.queries import every_firm


def run() -> None:
    """Pass the day, firm by firm; each is kept before the next begins."""
    today = clock.today()
    with Round() as each:
        for firm_id, _code in every_firm():
            with each.firm(firm_id) as member:
                actions.pass_days(today, by=member)
                db.session.commit()
