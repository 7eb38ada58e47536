"""An empty firm, and the clock of the examples."""

from collections.abc import Iterator

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from tests.workbook.books import NOW
from tests.workbook.firms import Newcomer, newcomer


@pytest.fixture
def firm(app: Flask) -> Newcomer:
    """A law firm that has just joined: no data yet."""
    return newcomer(app)


@pytest.fixture
def inside(app: Flask, firm: Newcomer) -> Iterator[Newcomer]:
    """The firm's own scope, in November 2026; what is left open is rolled back."""
    with app.test_request_context(), clock.frozen(NOW), as_scope(firm.scope):
        yield firm
        db.session.rollback()
