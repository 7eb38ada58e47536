"""What happens to a firm that pays by card, and how it then stands with us: six cases.

The same functions run against our own server (`make test`) and against Stripe's test mode
(`make test-stripe`). What we do ourselves goes through `billing.gateway`, what Stripe tells through
`billing.events`; only what a customer, a bank or time does is the desk's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask

from counselhub.billing import events, gateway, queries, standing, syncing
from counselhub.billing.kinds import BillStatus, Interval, PaymentKind, Standing
from counselhub.billing.remote import Account, RemoteSubscription
from counselhub.billing.rules import A_DAY, GRACE_DAYS, period_of
from counselhub.billing.rules import standing as standing_on
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from tests.factories import Tenant
from tests.stripe.desk import DISPUTED, FAILING, GOOD, Card, Desk

SEAT_FEN = 9_900
SEATS = 2
"""Charged seats that the firm buys."""
A_FEN = 1
"""Stripe rounds each line of a proration by itself."""


@dataclass
class Scene:
    """A firm of five advisers, two of them charged, and its customer at Stripe."""

    app: Flask
    tenant: Tenant
    desk: Desk

    def __post_init__(self) -> None:
        """Remember the day on which periods begin."""
        self.began = clock.local(self.desk.now).date()

    @property
    def first(self) -> date:
        """The last day that the first bill pays for."""
        return period_of(self.began, Interval.MONTH).end

    @property
    def second(self) -> date:
        """The last day that the second bill pays for."""
        return period_of(self.began, Interval.MONTH, 1).end

    def buy(self, card: Card = GOOD) -> None:
        """Let the firm buy its seats with a card."""
        with self.app.app_context(), as_platform(), clock.frozen(self.desk.now):
            row = standing.hold(self.tenant.firm_id)
            assert row is not None
            row.stripe_customer = self.desk.customer
            price = gateway.price_id(row.plan.code, Interval.MONTH, SEAT_FEN)
            db.session.commit()
        self.desk.pay_with(card)
        self.desk.subscribe(price, SEATS)

    def change_seats(self, quantity: int) -> None:
        """Let us tell Stripe how many seats are charged."""
        with self.app.app_context():
            gateway.change_items(self._running(), quantity, None)

    def cancel(self) -> None:
        """Let the firm end its subscription with the paid period."""
        with self.app.app_context():
            gateway.set_ending(self._running().id, is_ending=True)

    def _running(self) -> RemoteSubscription:
        live = self.account().live
        assert live is not None
        return live

    def account(self) -> Account:
        """Return what Stripe has."""
        with self.app.app_context():
            return gateway.read(self.desk.customer)

    def newest_total(self) -> int:
        """Return what Stripe's newest bill comes to, in fen."""
        newest = max(self.account().invoices, key=lambda one: (one.end, one.made_at))
        return newest.total_fen

    def hear(self) -> dict[str, str]:
        """Let us handle what Stripe has told since; return how the firm stands with us now."""
        for body in self.desk.told():
            with self.app.app_context(), clock.frozen(self.desk.now):
                event_id = events.store(body)
                db.session.commit()
                assert events.handle(event_id), "Stripe did not answer"
        with self.app.app_context(), as_platform():
            found = queries.subscription_of(self.tenant.firm_id)
            assert found is not None
            return syncing.picture(found)

    def standing(self, day: date) -> Standing:
        """Return where the firm stands on a day."""
        with self.app.app_context(), as_platform():
            found = queries.subscription_of(self.tenant.firm_id)
            assert found is not None
            return standing_on(standing.facts_of(found, SEATS + found.plan.free_seats), day)

    def moved(self) -> list[tuple[str, int]]:
        """Return what money moved with us: its kind and fen, in order of kinds."""
        with self.app.app_context(), as_platform():
            bills = queries.bills_with_payments(self.tenant.firm_id)
            assert {one.status for one in bills} == {BillStatus.PAID}
            return sorted((one.kind, one.amount_fen) for bill in bills for one in bill.payments)


def upgrade(scene: Scene) -> None:
    """More seats count at once and put their days onto the next bill (BILL-3)."""
    _change(scene, 4)


def downgrade(scene: Scene) -> None:
    """Fewer seats count at once and take their days off the next bill (BILL-3)."""
    _change(scene, 1)


def _change(scene: Scene, quantity: int) -> None:
    scene.buy()
    bought = scene.hear()
    assert (bought["provider"], bought["covered_until"]) == ("stripe", str(scene.first))
    scene.desk.move_to(scene.desk.now + timedelta(days=12))
    scene.change_seats(quantity)
    changed = scene.hear()
    assert (changed["seats"], changed["covered_until"]) == (f"{3 + quantity}", str(scene.first))
    scene.desk.end_period()
    renewed = scene.hear()
    assert (renewed["seats"], renewed["covered_until"]) == (f"{3 + quantity}", str(scene.second))
    days = (scene.first - scene.began).days + 1
    for_days = SEAT_FEN * (quantity - SEATS) * (days - 12) / days
    assert abs(scene.newest_total() - quantity * SEAT_FEN - for_days) <= A_FEN


def failure(scene: Scene) -> None:
    """A card that pays no longer leaves the firm its time of grace (BILL-5)."""
    scene.buy()
    scene.hear()
    scene.desk.pay_with(FAILING)
    scene.desk.end_period()
    stands = scene.hear()
    closes = scene.first + (GRACE_DAYS + 1) * A_DAY
    assert (stands["covered_until"], stands["read_only_on"]) == (str(scene.first), str(closes))
    assert scene.standing(scene.first + A_DAY) is Standing.PAST_DUE
    assert scene.standing(closes) is Standing.READ_ONLY


def cancellation(scene: Scene) -> None:
    """Who cancels has what was paid for, and no grace after it (BILL-6)."""
    scene.buy()
    scene.cancel()
    ending = scene.hear()
    assert (ending["ending"], ending["provider"]) == ("True", "stripe")
    scene.desk.end_period()
    ended = scene.hear()
    assert (ended["provider"], ended["read_only_on"]) == ("none", str(scene.first + A_DAY))
    assert scene.standing(scene.first) is Standing.ACTIVE
    assert scene.standing(scene.first + A_DAY) is Standing.CANCELLED


def refund(scene: Scene) -> None:
    """Days whose whole money went back are not covered any more (BILL-4)."""
    scene.buy()
    assert scene.hear()["covered_until"] == str(scene.first)
    scene.desk.refund()
    _money_is_back(scene, PaymentKind.REFUND)


def dispute(scene: Scene) -> None:
    """A dispute that was lost is money that went back (BILL-4)."""
    scene.buy(DISPUTED)
    assert scene.hear()["covered_until"] == str(scene.first)
    scene.desk.lose_dispute()
    _money_is_back(scene, PaymentKind.DISPUTE)


def _money_is_back(scene: Scene, kind: PaymentKind) -> None:
    assert scene.hear()["covered_until"] == ""
    paid = SEATS * SEAT_FEN
    assert scene.moved() == sorted([(PaymentKind.CARD.value, paid), (kind.value, -paid)])
    assert scene.standing(scene.first) is not Standing.ACTIVE


CASES: Mapping[str, Callable[[Scene], None]] = {
    case.__name__: case for case in (upgrade, downgrade, failure, cancellation, refund, dispute)
}
