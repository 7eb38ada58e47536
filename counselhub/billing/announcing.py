"""Who pays is told when nothing came, before the firm may only read, and when it may."""

from counselhub.billing.models import Subscription
from counselhub.billing.rules import Facts, lapses_on, read_only_on, reminder_days
from counselhub.core import clock
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.notices.actions import Note, page, tell_all
from counselhub.notices.kinds import Kind
from counselhub.notices.texts import Fact


def tell_standing(subscription: Subscription, facts: Facts) -> None:
    """Tell what today asks for, once for each of the days that `rules.reminder_days` names."""
    today, closes = clock.today(), read_only_on(facts)
    if closes is None:
        return
    told: dict[str, Fact] = {"day": closes}
    if today >= closes:
        _tell(Kind.READ_ONLY, subscription, f"{closes}", told)
    elif past := [day for day in reminder_days(facts) if day <= today]:
        on = max(past)
        if on == lapses_on(facts):
            _tell(Kind.PAYMENT_DUE, subscription, f"{closes}", told)
        else:
            left = {"days": (closes - today).days}
            _tell(Kind.READ_ONLY_SOON, subscription, f"{closes}:{on}", told | left)


def _tell(kind: Kind, subscription: Subscription, key: str, facts: dict[str, Fact]) -> None:
    scope = Scope(ScopeKind.FIRM, str(subscription.firm_id))
    path = page("billing.billing")
    tell_all([Note(kind=kind, scope=scope, key=key, path=path, facts=facts)])
