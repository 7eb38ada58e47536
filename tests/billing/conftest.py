"""A firm with five advisers, a plan, and a Stripe of our own to pay by."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from counselhub.advisers.models import Adviser
from counselhub.billing import gateway, queries, standing
from counselhub.billing.kinds import Interval
from counselhub.billing.models import Subscription
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.people.models import Firm
from tests import factories
from tests.billing.plans import add_plan
from tests.factories import Tenant
from tests.stripe.own import SECRET, OwnStripe
from tests.stripe.server import served

BEGAN = date(2027, 3, 1)
"""The firm's first day; its trial ends on the 31st."""
PAID = date(2027, 4, 10)


@contextmanager
def on(day: date) -> Iterator[None]:
    """Let the clock stand at nine."""
    with clock.frozen(clock.instant(day, time(9))):
        yield


def advisers(tenant: Tenant, count: int) -> None:
    """Give the firm `count` more active advisers."""
    with as_scope(tenant.scope):
        for _each in range(count):
            name = f"试用{factories.number()}"
            db.session.add(
                Adviser(name=name, pinyin=name, search=name, licence_number=name, category="lawyer")
            )
        db.session.flush()


@pytest.fixture
def paying(app: Flask, tenant: Tenant) -> Tenant:
    """A firm of five active advisers, two of them charged, since BEGAN."""
    with app.app_context():
        with as_platform():
            add_plan()
            began = clock.instant(BEGAN, time(9))
            db.session.execute(
                update(Firm).where(Firm.id == tenant.firm_id).values(created_at=began)
            )
        advisers(tenant, 3)
        db.session.commit()
    return tenant


@dataclass
class Card:
    """A firm that pays by card at our own Stripe."""

    tenant: Tenant
    own: OwnStripe
    app: Flask

    def subscription(self) -> Subscription:
        """Return how the firm pays, freshly read."""
        db.session.expire_all()
        found = queries.subscription_of(self.tenant.firm_id)
        assert found is not None
        return found

    def bought(self) -> dict[str, Any]:
        """Let the firm buy its seats on the checkout; return the subscription at Stripe."""
        with self.app.app_context(), as_platform(), on(PAID):
            row = standing.hold(self.tenant.firm_id)
            assert row is not None
            if row.stripe_customer is None:
                row.stripe_customer = gateway.make_customer(self.tenant.firm_id, "某某所")
            price = gateway.price_id("standard", Interval.MONTH, 9_900)
            customer = row.stripe_customer
            gateway.checkout_url(
                customer, price, 2, PAID, done="http://localhost/done", back="http://localhost/"
            )
            db.session.commit()
        self.own.complete(self.own.all("checkout.session", customer=customer)[0])
        return self.own.all("subscription", customer=customer)[0]


@pytest.fixture
def card(app: Flask, paying: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    """The firm, and our own Stripe on the loopback."""
    own = OwnStripe(datetime(PAID.year, PAID.month, PAID.day, 1, tzinfo=UTC))
    with served(own) as address:
        monkeypatch.setitem(app.config, "STRIPE_KEY", "sk_test_our_own")
        monkeypatch.setitem(app.config, "STRIPE_WEBHOOK_SECRET", SECRET)
        monkeypatch.setitem(app.config, "STRIPE_API", address)
        yield Card(paying, own, app)
