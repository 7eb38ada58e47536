"""A firm whose street wants each month by the tenth of the next, told long before."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.cutoffs import actions as cutoffs
from counselhub.cutoffs.rules import Terms
from tests.factories import Tenant
from tests.review.factories import officer

SET_ON = date(2026, 9, 20)


@contextmanager
def on(month: int, day: int) -> Iterator[None]:
    """Let the clock stand at nine on a day of 2026."""
    with clock.frozen(clock.instant(date(2026, month, day), time(9))):
        yield


@pytest.fixture
def asked(app: Flask, tenant: Tenant) -> Iterator[Tenant]:
    """The firm, under its scope."""
    with wanting(app, tenant):
        yield tenant


@contextmanager
def wanting(app: Flask, tenant: Tenant) -> Iterator[None]:
    """Work as the firm; the day was set in September, so that October is the first to close."""
    with app.test_request_context():
        with clock.frozen(clock.instant(SET_ON, time(9))), as_scope(tenant.town.scope):
            cutoffs.set_rule(Terms(cutoff_day=10), revision=None, by=officer(tenant.town))
            db.session.commit()
        with as_scope(tenant.scope):
            yield
