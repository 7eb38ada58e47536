"""What is done for contracts every night: notices of their end, and what falls due by its day."""

from counselhub.contracts import notices
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.rounds import Round
from counselhub.instalments import plan_actions
from counselhub.people.queries import every_firm


def run() -> None:
    """Pass the day, firm by firm; each is kept before the next begins."""
    today = clock.today()
    with Round() as each:
        for firm_id, _code in every_firm():
            with each.firm(firm_id) as member:
                notices.give(today, by=member)
                plan_actions.pass_days(today, by=member)
                db.session.commit()
