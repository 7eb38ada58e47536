"""A rota of the made-up firm: its two lawyers take turns from 22 November 2026 on."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.rota import actions, making
from counselhub.rota.actions import RotaEntry
from counselhub.rota.kinds import TurnLength
from tests import factories
from tests.factories import Tenant

FIRST = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, 0, 30, tzinfo=clock.SHANGHAI)


def entry(tenant: Tenant, **given: object) -> RotaEntry:
    values: dict[str, object] = {
        "name": "湾南片区",
        "length": TurnLength.HALF_DAY,
        "changes_at": time(8),
        "again_at": time(20),
        "starts_on": FIRST,
        "last_on": None,
        "desk_phone": "0755-88880000",
        "streets": (tenant.town.street_code,),
        "people": (tenant.adviser_id, tenant.backup_id),
    } | given
    return RotaEntry(**values)


@pytest.fixture
def noon() -> Iterator[None]:
    """It is 22 November 2026, noon and 30 seconds."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def desk(context: None, noon: None, tenant: Tenant) -> Iterator[Member]:
    """The firm's clerk, acting in the firm."""
    with as_scope(tenant.scope):
        yield tenant.member(Role.CLERK)


@pytest.fixture
def make_rota(app: Flask, tenant: Tenant) -> Callable[..., UUID]:
    """Commit a rota with its turns up to 5 December; returns its id."""

    def make(until: date | None = date(2026, 12, 5), **given: object) -> UUID:
        by = tenant.member(Role.CLERK)
        with app.test_request_context(), as_scope(tenant.scope):
            rota = actions.add(entry(tenant, **given), by=by)
            if until is not None:
                making.make(rota, until, making.preview(rota, until).digest, by=by)
            made = rota.id
            db.session.commit()
        return made

    return make


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    """An instant of November 2026 on Shanghai's wall clock."""
    return clock.instant(date(2026, 11, day), time(hour, minute))


EVENING = at(19, 30)


@pytest.fixture
def evening() -> Iterator[None]:
    """Half an hour before a change: one turn can still be taken over, the next one already."""
    with clock.frozen(EVENING):
        yield


@pytest.fixture
def rota_id(make_rota: Callable[..., UUID]) -> UUID:
    return make_rota()


@pytest.fixture
def as_second(app: Flask, tenant: Tenant) -> Iterator[FlaskClient]:
    """The firm's second adviser, whose turn it is at noon."""
    return factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
