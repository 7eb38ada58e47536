"""Rows of a month's work, made directly as the features of duty and services write them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from counselhub.claims.models import CaseClaim
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.services.models import ServiceRecord
from counselhub.statements import actions
from counselhub.statements.models import Statement
from tests.factories import Tenant, number

OCTOBER = date(2026, 10, 1)
NOVEMBER_3 = clock.instant(date(2026, 11, 3), time(9))


def session(tenant: Tenant, day: date, minutes: int | None = 120, **more: Any) -> DutySession:
    """A presence from nine in the morning; minutes None was never signed out."""
    starts = clock.instant(day, more.pop("at", time(9)))
    given: dict[str, Any] = {
        "adviser_id": tenant.adviser_id,
        "community_code": tenant.town.communities[0],
        "street_code": tenant.town.street_code,
        "day": day,
        "signed_in_at": starts,
        "signed_out_at": None if minutes is None else starts + timedelta(minutes=minutes),
        "status": "open" if minutes is None else "closed",
        "source": "phone",
    }
    return _add(DutySession(**(given | more)))


def lecture(tenant: Tenant, day: date, **more: Any) -> ServiceRecord:
    """A lecture in the first community."""
    given: dict[str, Any] = {
        "number": f"FW-{number()}",
        "day": day,
        "community_code": tenant.town.communities[0],
        "street_code": tenant.town.street_code,
        "adviser_id": tenant.adviser_id,
        "kind": "lecture",
        "created_at": clock.now(),
    }
    return _add(ServiceRecord(**(given | more)))


def claim(tenant: Tenant, closed_on: date, **more: Any) -> CaseClaim:
    """A simple oral case of the first community, fulfilled, its dossier complete."""
    given: dict[str, Any] = {
        "number": f"AJ-{tenant.code}-{number()}",
        "accepted_on": closed_on,
        "closed_on": closed_on,
        "community_code": tenant.town.communities[0],
        "street_code": tenant.town.street_code,
        "adviser_id": tenant.adviser_id,
        "difficulty": "simple",
        "form": "oral",
        "fulfilled": True,
        "dossier_complete": True,
    }
    return _add(CaseClaim(**(given | more)))


def shift(tenant: Tenant, starts_at: datetime, ends_at: datetime) -> OnlineShift:
    """An online shift of the first adviser."""
    return _add(
        OnlineShift(
            adviser_id=tenant.adviser_id,
            street_code=tenant.town.street_code,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )


def _add(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def example(tenant: Tenant) -> None:
    """The month of money.md's worked example, in the first community."""
    with as_scope(tenant.scope):
        for day in (12, 19, 26):
            session(tenant, date(2026, 10, day))
        lecture(tenant, date(2026, 10, 14))
        claim(tenant, date(2026, 10, 20))
        db.session.commit()


def hand_over(tenant: Tenant) -> Statement:
    """Submit October's statement, in the firm's scope; nothing is committed."""
    by = tenant.member(Role.MANAGER)
    made = actions.compute(tenant.town.street_code, OCTOBER, by)
    actions.certify(made, by)
    actions.submit(made, by)
    return made


def compute(tenant: Tenant, month: date = OCTOBER) -> Statement:
    return actions.compute(tenant.town.street_code, month, tenant.member())
