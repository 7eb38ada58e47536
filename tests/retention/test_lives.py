"""Lines of packs, kept promises, liaisons who left and old wishes go when their time is over."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.assignments.models import Assignment
from counselhub.choosing.models import ChoiceRound, ChoiceWish
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.handovers.models import HandoverLine, HandoverPack, Promise
from counselhub.liaisons.models import Liaison
from counselhub.retention import actions
from counselhub.retention.kinds import Kept
from counselhub.retention.rules import due_before, periods
from tests.factories import Tenant

pytestmark = pytest.mark.sweeping

NOW = datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(NOW):
        yield


def line(tenant: Tenant, day: date) -> HandoverLine:
    """A line of a pack that was signed on a day, if only by an assignment of another role."""
    place = tenant.town.communities[2]
    old, new = (
        Assignment(
            community_code=place, street_code=tenant.town.street_code, adviser_id=who,
            role="backup", starts_on=day,
        )
        for who in (tenant.adviser_id, tenant.backup_id)
    )  # fmt: skip
    db.session.add_all([old, new])
    db.session.flush()
    pack = HandoverPack(
        ended_id=old.id, begun_id=new.id, community_code=place, role="backup", cause="left",
        from_adviser_id=tenant.adviser_id, to_adviser_id=tenant.backup_id, starts_on=day,
        made_at=NOW, made_by_name="某", status="signed", signed_by_name="某",
        signed_at=datetime.combine(day, time(12), clock.SHANGHAI),
    )  # fmt: skip
    db.session.add(pack)
    db.session.flush()
    return HandoverLine(pack_id=pack.id, place=1, kind="paper", words="钥匙")


def promise(tenant: Tenant, day: date) -> Promise:
    return Promise(
        community_code=tenant.town.communities[0], adviser_id=tenant.adviser_id,
        to_whom="某人", words="某事", made_on=day, done_on=day,
    )  # fmt: skip


def liaison(tenant: Tenant, day: date) -> Liaison:
    return Liaison(
        street_code=tenant.town.street_code, name="某人", post="主任", phone="020-00000000",
        starts_on=day, checked_on=day, ends_on=day,
    )  # fmt: skip


def wish(tenant: Tenant, day: date) -> ChoiceWish:
    found = ChoiceRound(
        name="某轮", closes_on=day - timedelta(1), starts_on=day, most=5, made_at=NOW
    )
    db.session.add(found)
    db.session.flush()
    return ChoiceWish(
        round_id=found.id, side="lawyer", adviser_id=tenant.adviser_id,
        community_code=tenant.town.communities[0], rank=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "make"),
    [
        (Kept.HANDOVER_LINE, line),
        (Kept.PROMISE, promise),
        (Kept.LIAISON, liaison),
        (Kept.CHOICE_WISH, wish),
    ],
    ids=["line", "promise", "liaison", "wish"],
)
def test_what_is_over_goes_and_what_is_due_stays(
    app: Flask, tenant: Tenant, kept: Kept, make: Callable[[Tenant, date], Any]
) -> None:
    days = periods("")[kept]
    assert days is not None
    before = due_before(clock.today(), days)
    with app.app_context(), as_scope(tenant.scope):
        rows = [make(tenant, before - timedelta(1)), make(tenant, before)]
        db.session.add_all(rows)
        db.session.commit()
        model = type(rows[0])
        over, due = (row.id for row in rows)
    with app.app_context():
        sweep = actions.Sweep(kept, days, before)
        actions.sweep(sweep)
    assert sweep.ids[tenant.code] == [str(over)]
    with app.app_context(), as_scope(tenant.scope):
        left: list[UUID] = list(db.session.scalars(select(model.id)))
        assert left == [due]
