"""A statement that the firm has submitted, for the tests of the office's side."""

import pytest
from flask import Flask

from tests.factories import Tenant
from tests.review import factories
from tests.review.factories import Made


@pytest.fixture
def submitted(app: Flask, tenant: Tenant) -> Made:
    """The October statement of `tenant` with its records, submitted; two lines carry a warning."""
    factories.records(app, tenant)
    return factories.statement(app, tenant, warned=2)


@pytest.fixture
def in_review(app: Flask, tenant: Tenant) -> Made:
    """The same, already in review."""
    factories.records(app, tenant)
    return factories.statement(app, tenant, until=("certify", "submit", "open_review"), warned=2)
