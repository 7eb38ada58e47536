"""A firm that is deleted pays nothing more: at Stripe, in the night, and when Stripe is away."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Row, select, update

from counselhub.billing import leaving, nightly
from counselhub.billing.gateway import StripeRefusedError
from counselhub.billing.models import Subscription
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.job_faults import SomeFailedError
from counselhub.core.tenancy import as_platform
from counselhub.leaving import deleting, queries
from counselhub.people.states import DepartureStatus
from tests.billing.conftest import PAID, Card, advisers, on
from tests.billing.test_stripe import hear
from tests.factories import Tenant
from tests.leaving.conftest import asked, departure_of, hurry

__all__ = ["hurry"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files go to a folder of the test."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))


@pytest.fixture
def due(card: Card, hurry: Callable[[UUID], None]) -> UUID:
    """The departure of a firm that pays by card; its day has come."""
    card.bought()
    with on(PAID):
        hear(card, card.own.events)
    departure_id = asked(card.app, card.tenant)
    hurry(departure_id)
    return departure_id


def carry_out(card: Card, departure_id: UUID) -> DepartureStatus:
    with card.app.app_context():
        deleting.carry_out(departure_id)
    return DepartureStatus.of(departure_of(card.app, departure_id).status)


def status_at_stripe(card: Card) -> str:
    return str(card.own.all("subscription")[0]["status"])


def test_a_deletion_ends_the_subscription_at_once(card: Card, due: UUID) -> None:
    assert carry_out(card, due) is DepartureStatus.DELETED
    assert status_at_stripe(card) == "canceled"
    with card.app.app_context(), as_platform():
        assert card.subscription().is_ending


def test_stripe_away_stops_it_before_anything_is_gone_and_it_is_tried_again(
    card: Card, due: UUID
) -> None:
    card.own.is_away = True
    with pytest.raises(StripeRefusedError):
        carry_out(card, due)
    stopped = departure_of(card.app, due)
    assert (stopped.status, stopped.counts) == (DepartureStatus.DELETING, {})
    assert status_at_stripe(card) == "active"
    card.own.is_away = False
    assert carry_out(card, due) is DepartureStatus.DELETED
    assert status_at_stripe(card) == "canceled"


def test_one_that_cannot_be_deleted_holds_up_no_other(
    app: Flask,
    card: Card,
    due: UUID,
    outsider: Tenant,
    hurry: Callable[[UUID], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other, every = asked(app, outsider), queries.waiting
    hurry(other)

    def only_ours(today: date) -> list[Row[UUID, UUID]]:
        return [one for one in every(today) if one[0] in (due, other)]

    monkeypatch.setattr(queries, "waiting", only_ours)
    card.own.is_away = True
    with app.app_context():
        assert [one for one, _firm in only_ours(clock.today())] == [due, other]
        with pytest.raises(SomeFailedError) as failed:
            deleting.run()
    whose = f"firm:{card.tenant.firm_id}"
    assert [(one.whose, one.error) for one in failed.value.faults] == [
        (whose, "StripeRefusedError")
    ]
    assert departure_of(app, due).status == DepartureStatus.DELETING
    assert departure_of(app, other).status == DepartureStatus.DELETED


def test_ending_twice_asks_once(card: Card, due: UUID) -> None:
    """Killed after Stripe ended it, the deletion begins anew and finds nothing that runs."""
    for _each in range(2):
        with card.app.app_context(), as_platform():
            leaving.end(card.tenant.firm_id)
            db.session.commit()
    told = [one for one in card.own.requests if one.startswith("DELETE ")]
    assert len(told) == 1


def test_without_keys_it_ends_here_alone(
    card: Card, due: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(card.app.config, "STRIPE_KEY", "")
    asked_before = len(card.own.requests)
    assert carry_out(card, due) is DepartureStatus.DELETED
    assert len(card.own.requests) == asked_before
    with card.app.app_context(), as_platform():
        assert card.subscription().is_ending


def test_the_night_leaves_a_deleted_firm_alone(
    card: Card, due: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Advisers that stay for its offices are no seats, and Stripe is not asked."""
    firm_id, every = card.tenant.firm_id, nightly.every_paying_firm

    def only_ours() -> list[tuple[UUID, str]]:
        return [one for one in every() if one[0] == firm_id]

    monkeypatch.setattr(nightly, "every_paying_firm", only_ours)
    with card.app.app_context():
        assert len(only_ours()) == 1
    assert carry_out(card, due) is DepartureStatus.DELETED
    with card.app.app_context(), as_platform():
        advisers(card.tenant, 5)
        mine = Subscription.firm_id == firm_id
        db.session.execute(update(Subscription).where(mine).values(read_only_on=None))
        db.session.commit()
        card.own.requests.clear()
        with on(PAID + timedelta(days=400)):
            nightly.run()
        row = db.session.scalars(select(Subscription).where(mine)).one()
        assert row.read_only_on is None
    assert card.own.requests == []
