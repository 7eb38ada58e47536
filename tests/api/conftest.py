"""Programs that keep a firm's duty."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.permissions import Role
from tests.api.duty import SESSIONS, SHIFTS, entry, shift
from tests.api.test_writing import post
from tests.factories import Tenant
from tests.programs import Program, member, program


@pytest.fixture
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)):
        yield


@pytest.fixture
def asks(app: Flask, tenant: Tenant, noon: None) -> Program:
    """A program of the firm's clerk, good for everything; threads ask by the real clock."""
    return program(app, member(app, tenant.scope, Role.CLERK), days=300)


@pytest.fixture
def session(asks: Program, tenant: Tenant) -> dict[str, Any]:
    """A session of yesterday, added by a program."""
    made = post(asks, SESSIONS, entry(tenant))
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json
    return told


@pytest.fixture
def planned(asks: Program, tenant: Tenant) -> dict[str, Any]:
    """A shift of tonight."""
    made = post(asks, SHIFTS, shift(tenant))
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json["items"][0]
    return told
