"""How a firm's paying looks today: what its page and its bills say."""

from dataclasses import dataclass
from datetime import date

from counselhub.billing import ordering, queries, rules, standing
from counselhub.billing.kinds import Interval, Provider, Standing
from counselhub.billing.models import Plan, Subscription
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member
from counselhub.people.models import Firm


@dataclass(frozen=True, slots=True)
class Overview:
    """One firm today. next_fen: what its next bill costs, by interval; days_left: of grace."""

    plan: Plan
    subscription: Subscription
    seats: int
    charged: int
    standing: Standing
    trial_ends_on: date
    read_only_on: date | None
    days_left: int | None
    starts_on: date
    prices: dict[Interval, rules.Price]
    next_fen: dict[Interval, int]
    reminders: tuple[date, ...]


def overview(member: Member) -> Overview | None:
    """Return how the member's firm stands, None without a price; it writes nothing."""
    subscription = queries.subscription_of(member.firm_id) or _first(member)
    if subscription is None:
        return None
    today, seats = clock.today(), queries.count_seats(member.firm_id)
    facts = standing.facts_of(subscription, seats)
    starts_on = ordering.starts_on(subscription, seats)
    prices = queries.prices_on(subscription.plan, starts_on)
    closes = rules.read_only_on(facts)
    return Overview(
        plan=subscription.plan,
        subscription=subscription,
        seats=seats,
        charged=facts.charged_seats,
        standing=rules.standing(facts, today),
        trial_ends_on=facts.trial_ends_on,
        read_only_on=closes,
        days_left=(closes - today).days if closes else None,
        starts_on=starts_on,
        prices=prices,
        next_fen={one: ordering.next_fen(subscription, seats, prices[one]) for one in prices},
        reminders=tuple(day for day in rules.reminder_days(facts) if day <= today),
    )


def _first(member: Member) -> Subscription | None:
    """Return what the firm's subscription would be, before it was ever asked to pay."""
    plan = queries.offered_plan(clock.today())
    if plan is None:
        return None
    firm = db.session.get(Firm, member.firm_id)
    if firm is None:
        raise NotFoundError()
    return Subscription(
        firm=firm,
        firm_id=firm.id,
        plan=plan,
        provider=Provider.NONE.value,
        interval=Interval.MONTH.value,
        covered_until=None,
        is_ending=False,
        carried_fen=0,
        grace_from=clock.today(),
    )
