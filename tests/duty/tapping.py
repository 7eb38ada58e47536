"""Taps for tests, as an adviser's phone sends them."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.duty.kinds import PunchKind
from counselhub.duty.punch_rules import Claim
from counselhub.duty.punches import Sent
from tests.duty.conftest import DAY, NOON
from tests.factories import Tenant


def at(hours: int, minutes: int = 0) -> datetime:
    return datetime.combine(DAY, time(hours, minutes), clock.SHANGHAI)


def sign_in(tenant: Tenant, when: datetime, place: int = 0, **more: Any) -> Sent:
    return Sent(
        key=uuid4(),
        kind=PunchKind.IN,
        community_code=tenant.town.communities[place],
        claim=Claim(when, NOON, timedelta()),
        **more,
    )


def sign_out(tenant: Tenant, when: datetime, ends: UUID, **more: Any) -> Sent:
    return Sent(
        key=uuid4(),
        kind=PunchKind.OUT,
        community_code=tenant.town.communities[0],
        claim=Claim(when, NOON, timedelta()),
        ends=ends,
        **more,
    )


def ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)


def as_sent(tenant: Tenant, **more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()),
        "kind": "in",
        "place": tenant.town.communities[0],
        "tapped": ms(at(9)),
        "sent": ms(NOON),
        "offset": 0,
    } | more


def post(client: FlaskClient, taps: Sequence[dict[str, Any]]) -> Any:
    return client.post("/duty/punches", data={"punches": json.dumps(list(taps))})
