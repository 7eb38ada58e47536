"""A firm with a term in its contract, in October of 2026."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.roster.models import DutyTerm
from tests.factories import Tenant

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def september() -> Iterator[None]:
    """Noon of 20 September 2026 in Shanghai: October is to be planned."""
    with clock.frozen(datetime(2026, 9, 20, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def make_term(app: Flask, tenant: Tenant) -> Callable[..., UUID]:
    """Write a term into the firm's contract; by default Thursday mornings everywhere."""

    def make(**given: Any) -> UUID:
        with app.app_context(), as_scope(tenant.scope):
            values = {"kind": "weekly", "weekday": 3, "starts": time(9), "ends": time(12)}
            term = DutyTerm(contract_id=tenant.contract_id, **values | given)
            db.session.add(term)
            db.session.commit()
            return term.id

    return make
