"""What is done every night: issues whose planned day is near or past are moved on."""

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.rounds import Round
from counselhub.core.tenancy import as_platform
from counselhub.people.models import Membership
from counselhub.premises import issue_actions


def run() -> None:
    """Move the issues of every office that has an account; each office's are kept at once."""
    with as_platform():
        query = select(Membership.street_code).where(Membership.street_code.is_not(None)).distinct()
        codes = [
            code for code in db.session.scalars(query.order_by(Membership.street_code)) if code
        ]
    today = clock.today()
    with Round() as each:
        for code in codes:
            with each.office(code) as by:
                issue_actions.pass_days(today, by=by)
                db.session.commit()
