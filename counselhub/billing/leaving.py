"""A firm leaves the service: nothing more is charged."""

from uuid import UUID

from counselhub.billing import gateway, queries
from counselhub.core.db import db


def end(firm_id: UUID) -> None:
    """End a firm's subscription now, at Stripe too; bills stay. Needs the platform's scope.

    Raises StripeRefusedError when Stripe does not answer.
    """
    found = queries.subscription_of(firm_id)
    if found is None:
        return
    if found.stripe_customer and queries.takes_cards():
        live = gateway.read(found.stripe_customer).live
        if live is not None:
            gateway.cancel(live.id)
    found.is_ending = True
    db.session.flush()
