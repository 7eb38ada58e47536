"""Duty points of the made-up firm."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.places.models import Community
from counselhub.points import choice_actions, code_actions
from counselhub.points.actions import Place, put
from counselhub.points.geo import Spot
from tests import factories
from tests.duty.conftest import NOON
from tests.factories import Tenant

HALL = Spot(22.543847, 113.912316)
PAIR = "113.912316,22.543847"
STEP = 1 / 111_195
"""A metre of latitude, in degrees."""


@pytest.fixture
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon and 30 seconds."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def manager(context: None, noon: None, tenant: Tenant) -> Iterator[Member]:
    """The firm's manager, acting."""
    with as_scope(tenant.scope):
        yield tenant.member(Role.MANAGER)


@pytest.fixture
def adviser(manager: Member, tenant: Tenant) -> Member:
    """The firm's first adviser, acting."""
    return tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)


@pytest.fixture
def as_leader(app: Flask, tenant: Tenant) -> FlaskClient:
    """A team leader without a lawyer of the roll, signed in."""
    return factories.signed_in(app, tenant.scope, Role.TEAM_LEADER)


def hall(tenant: Tenant, place: int = 0) -> Community:
    return db.session.get_one(Community, tenant.town.communities[place])


def set_point(tenant: Tenant, by: Member, radius_m: int = 200) -> None:
    put(hall(tenant), Place(HALL, radius_m), revision=None, by=by)


def agree(adviser: Member) -> None:
    assert adviser.adviser_id
    choice_actions.agree(adviser.adviser_id, by=adviser)


def screen_code(tenant: Tenant, by: Member) -> str:
    """Open a screen; return the code that it shows now."""
    return str(code_actions.screen(code_actions.open_screen(hall(tenant), by=by)).code)
