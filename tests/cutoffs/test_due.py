"""Reminders of a street's cut-off, and a month with nothing to settle."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.cutoffs import actions
from counselhub.cutoffs.rules import Terms
from counselhub.statements import due
from counselhub.statements.documents import queries
from tests import factories
from tests.factories import Tenant, Town
from tests.review.factories import officer
from tests.statements.sealed import sealed, submitted
from tests.statements.work import compute


@pytest.fixture
def asked(app: Flask, tenant: Tenant) -> Iterator[Tenant]:
    """A firm whose street wants each month by the tenth of the next, told three days before."""
    with app.test_request_context():
        with as_scope(tenant.town.scope):
            actions.set_rule(Terms(cutoff_day=10), revision=None, by=officer(tenant.town))
            db.session.commit()
        with as_scope(tenant.scope):
            yield tenant


@pytest.mark.parametrize(
    ("day", "told"),
    [
        pytest.param(6, [], id="too early"),
        pytest.param(7, [False], id="three days before"),
        pytest.param(10, [False], id="the last day"),
        pytest.param(11, [True], id="overdue"),
    ],
)
def test_a_firm_is_reminded(asked: Tenant, day: int, told: list[bool]) -> None:
    with clock.frozen(clock.instant(date(2026, 11, day), time(9))):
        assert [one.is_over for one in due.notices(clock.this_month()).due] == told


def test_nobody_is_reminded_of_what_was_handed_in(asked: Tenant) -> None:
    with clock.frozen(clock.instant(date(2026, 11, 8), time(9))):
        draft = compute(asked)
        found = due.of_statement(draft).due
        assert found is not None
        assert found.due == date(2026, 11, 10)
        submitted(asked)
        assert due.notices(clock.this_month()).due == []
        assert due.of_statement(draft).due is None


def test_the_pages_say_so(app: Flask, asked: Tenant, as_manager: FlaskClient) -> None:
    with clock.frozen(clock.instant(date(2026, 11, 12), time(9))):
        assert "已过截止日" in as_manager.get("/month").text


def test_a_month_with_nothing_is_certified_submitted_and_signed(app: Flask, town: Town) -> None:
    tenant = factories.tenant(app, town, cycle="quarter")
    now = clock.instant(date(2026, 12, 3), time(9))
    with app.test_request_context(), as_scope(tenant.scope), clock.frozen(now):
        statement = sealed(tenant, date(2026, 11, 1))
        assert (statement.status, statement.total_fen, statement.lines) == ("payable", 0, [])
        assert queries.sheet(statement).note.startswith("本月无结算事项")
        db.session.commit()
        client = factories.signed_in(app, tenant.scope, factories.Role.MANAGER)
        page = client.get(f"/statements/{statement.id}").text
        assert page.count("零结算：本月无结算事项") == 2
