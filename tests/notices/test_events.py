"""What happens in other features is told to whom it concerns."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.billing.announcing import tell_standing
from counselhub.billing.models import Subscription
from counselhub.billing.rules import Facts, lapses_on, read_only_on
from counselhub.core import clock
from counselhub.core.clock import SHANGHAI
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.leave import actions as leave
from counselhub.leave.actions import Wanted
from counselhub.leave.kinds import LeaveKind
from counselhub.leave.rules import Absence
from counselhub.notices.models import Notice
from counselhub.people import actions as people
from tests import factories
from tests.factories import Tenant

OWES = Facts(
    charged_seats=2,
    trial_ends_on=date(2026, 10, 31),
    covered_until=None,
    grace_from=date(2026, 1, 1),
    is_ending=False,
)


def join(tenant: Tenant, role: Role, adviser_id: UUID | None = None) -> UUID:
    email = f"event-{factories.number()}@firm.example"
    return people.join(email, "甲示例", tenant.scope, role, adviser_id=adviser_id).id


def kinds(membership_id: UUID) -> list[str]:
    query = select(Notice.kind).where(Notice.membership_id == membership_id)
    with as_platform():
        return list(db.session.scalars(query.order_by(Notice.id)))


@pytest.mark.usefixtures("context")
def test_leave_is_told_to_who_decides_and_then_to_who_asked(tenant: Tenant) -> None:
    with as_scope(tenant.scope):
        manager = join(tenant, Role.MANAGER)
        lawyer = join(tenant, Role.ADVISER, tenant.adviser_id)
        day = clock.today() + timedelta(days=9)
        wanted = Wanted(tenant.adviser_id, LeaveKind.ANNUAL, Absence(day, day), "家里有事")
        row = leave.ask(wanted, by=tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id))
        assert (kinds(manager), kinds(lawyer)) == (["leave_asked"], [])
        leave.approve(row, "", revision=None, by=tenant.member())
        assert (kinds(manager), kinds(lawyer)) == (["leave_asked"], ["leave_decided"])
        with as_platform():
            told = db.session.scalars(select(Notice).where(Notice.membership_id == manager)).one()
        assert "家里有事" not in str(told.facts), "a reason may be about health"


def test_a_firm_that_owes_is_told_once_for_each_day_that_counts(app: Flask, tenant: Tenant) -> None:
    owes, closes = lapses_on(OWES), read_only_on(OWES)
    assert closes is not None
    subscription = Subscription(firm_id=tenant.firm_id)
    with app.app_context():
        with as_scope(tenant.scope):
            manager, clerk = join(tenant, Role.MANAGER), join(tenant, Role.CLERK)
        for step in range(-2, 40):
            day = owes + timedelta(days=step)
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
            for _twice in range(2):
                with clock.frozen(noon):
                    tell_standing(subscription, OWES)
        assert kinds(manager) == ["payment_due", "read_only_soon", "read_only_soon", "read_only"]
        assert kinds(clerk) == []
        db.session.rollback()
