"""People whom the tests of accounts share."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Duty, Role
from tests import factories
from tests.factories import Tenant


@pytest.fixture
def as_security(app: Flask, tenant: Tenant) -> FlaskClient:
    """The firm's clerk, who looks after the safety of its accounts."""
    return factories.named(app, tenant.scope, Role.CLERK, Duty.SECURITY)


@pytest.fixture
def as_foreign_security(app: Flask, outsider: Tenant) -> FlaskClient:
    """The same of another firm."""
    return factories.named(app, outsider.scope, Role.CLERK, Duty.SECURITY)


@pytest.fixture
def email(app: Flask, tenant: Tenant) -> str:
    """A clerk's address."""
    return factories.account(app, tenant.scope, Role.CLERK)
