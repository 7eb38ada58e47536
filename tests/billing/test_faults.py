"""An event that meets a fault of ours, not of Stripe's: all others are handled, and it is named."""

import json

import pytest
from sqlalchemy import text, update

from counselhub.billing import events, gateway
from counselhub.billing.models import StripeEvent
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.job_faults import SomeFailedError
from counselhub.core.tenancy import as_platform
from tests.billing.conftest import PAID, Card, on
from tests.billing.test_stripe import UNTIL, seen, waiting


def test_an_event_that_cannot_be_handled_holds_up_no_other(
    card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event of ours is not as it should be: the oldest of all that wait."""
    about = {"id": f"evt_{card.own.run}_odd", "type": "charge.refunded", "created": 0}
    told = json.dumps(about | {"data": {"object": {"charge": "ch"}}}).encode()
    with on(PAID):
        card.bought()
        with card.app.app_context():
            odd = events.store(told)
            for body in card.own.events:
                events.store(body)
            db.session.commit()
        with card.app.app_context():
            known = gateway.customer_of_charge

            def lost(charge: str) -> str:
                if charge == "ch":
                    db.session.execute(text("select 1 / 0"))
                return known(charge)

            monkeypatch.setattr(gateway, "customer_of_charge", lost)
            for _minute in range(2):
                with pytest.raises(SomeFailedError) as failed:
                    events.handle_waiting()
                assert [one.whose for one in failed.value.faults] == [odd]
                assert waiting(card) == [""]
            mended = update(StripeEvent).where(StripeEvent.id == odd).values(handled_at=clock.now())
            with as_platform():
                db.session.execute(mended)
                db.session.commit()
    assert seen(card)["covered_until"] == str(UNTIL)
