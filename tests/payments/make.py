"""Made-up statements that wait for payment, and lists of them."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask import Flask

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import as_office
from counselhub.payments import actions
from counselhub.payments.models import PaymentItem, PaymentList
from counselhub.payments.queries import items
from tests.factories import Tenant, Town
from tests.review import factories as review
from tests.review.factories import Made, at_office, officer


def payable(app: Flask, tenant: Tenant) -> Made:
    """The October statement of a firm, signed by its street."""
    made = review.statement(app, tenant, until=("certify", "submit", "open_review"))
    with at_office(app, tenant.town):
        review.payable(made, tenant.town)
    return made


def listed(app: Flask, town: Town, ids: Iterable[UUID], *, sent: bool = False) -> UUID:
    """A list of the statements with these ids, sent to finance when asked."""
    with at_office(app, town):
        found = actions.make(list(ids), by=officer(town))
        if sent:
            actions.send(found, by=officer(town))
        return found.id


def paid(app: Flask, town: Town, ids: Iterable[UUID], on: date | None = None) -> UUID:
    """A list of them that finance has paid."""
    list_id = listed(app, town, ids, sent=True)
    with at_office(app, town):
        found = db.session.get_one(PaymentList, list_id)
        pay(found, officer(town), on=on)
    return list_id


def pay(found: PaymentList, by: Member, *, on: date | None = None) -> int:
    """Record that finance has paid a list today."""
    return actions.pay(
        found, paid_on=on or clock.today(), reference="GK-0001", references={}, by=by
    )


def rows(app: Flask, town: Town, list_id: UUID) -> list[PaymentItem]:
    """The rows of a list as the office reads them."""
    with app.test_request_context(), as_office(town.street_code):
        found = items(list_id)
        db.session.expunge_all()
        return found
