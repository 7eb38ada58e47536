"""What Stripe has of a customer, as plain facts: nothing else knows the shape of its objects."""

from dataclasses import dataclass
from datetime import date, datetime

from counselhub.billing.kinds import Interval


@dataclass(frozen=True, slots=True)
class RemoteSubscription:
    """One subscription as Stripe has it. quantity: charged seats."""

    id: str
    item: str
    is_live: bool
    is_ending: bool
    quantity: int
    interval: Interval
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """One invoice as Stripe has it; status as Stripe says it, days of Shanghai."""

    id: str
    number: str
    status: str
    interval: Interval
    quantity: int
    start: date
    end: date
    total_fen: int
    made_at: datetime
    paid_on: date | None
    intents: tuple[str, ...]
    """Which payments were made for it."""


@dataclass(frozen=True, slots=True)
class RemoteMoney:
    """A charge, or (below 0) a refund or a lost dispute. intent: the payment it belongs to."""

    id: str
    kind: str
    amount_fen: int
    on_day: date
    intent: str


@dataclass(frozen=True, slots=True)
class Account:
    """All that Stripe has of one customer."""

    subscriptions: tuple[RemoteSubscription, ...]
    invoices: tuple[RemoteInvoice, ...]
    moneys: tuple[RemoteMoney, ...]

    @property
    def live(self) -> RemoteSubscription | None:
        """The newest subscription that runs."""
        running = [one for one in self.subscriptions if one.is_live]
        return max(running, key=lambda one: (one.created_at, one.id), default=None)

    @property
    def newest(self) -> RemoteSubscription | None:
        """The newest subscription, whether it runs or not."""
        return max(self.subscriptions, key=lambda one: (one.created_at, one.id), default=None)
