"""Adjustments and claw-backs in the books: faults planted past every rule are found."""

from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask

from counselhub.books.rules import Rule
from counselhub.clawbacks import actions as clawbacks
from counselhub.clawbacks.kinds import ClawbackReason
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.statements.queries import lines_with_queries
from tests.books.test_books import broken, plant
from tests.factories import Tenant
from tests.review.factories import officer
from tests.statements.sealed import paid, submitted

__all__ = ["plant"]
NOW = clock.instant(date(2026, 12, 3), time(9))


@pytest.fixture
def taken(app: Flask, tenant: Tenant) -> None:
    """October's base was paid and is taken back by November's statement, at the office."""
    with app.test_request_context(), clock.frozen(NOW), as_scope(tenant.scope):
        base = lines_with_queries(paid(tenant).id)[0]
        with as_scope(tenant.town.scope):
            by = officer(tenant.town)
            clawbacks.claw_back(base, ClawbackReason.AUDIT, "审计", 5_000, by=by)
        submitted(tenant, date(2026, 11, 1))
        db.session.commit()


@pytest.mark.parametrize(
    ("fault", "rules"),
    [
        pytest.param(
            "update adjustment set amount_fen = -4999 where firm_id = :firm",
            [Rule.ADJUSTED, Rule.CLAWED],
            id="another amount",
        ),
        pytest.param(
            "update adjustment set handed_in_at = null where firm_id = :firm",
            [Rule.ADJUSTED],
            id="open to be taken again",
        ),
        pytest.param(
            "update statement_line set trace = '[]' where firm_id = :firm and kind = 'adjustment'",
            [Rule.ADJUSTED],
            id="its line forgot it",
        ),
        pytest.param(
            "update statement_line set kind = 'adjustment', trace = (select l.trace from"
            " statement_line l where l.firm_id = :firm and l.kind = 'adjustment')"
            " where firm_id = :firm and kind = 'withhold' and position = 2",
            [Rule.ADJUSTED],
            id="other lines count it too",
        ),
        pytest.param(
            "update clawback set amount_fen = 166668 where firm_id = :firm",
            [Rule.CLAWED],
            id="more than was paid",
        ),
        pytest.param(
            "update clawback set status = 'withdrawn' where firm_id = :firm",
            [Rule.CLAWED],
            id="withdrawn, and taken off",
        ),
    ],
)
@pytest.mark.usefixtures("taken")
def test_a_planted_fault_is_found(
    app: Flask, tenant: Tenant, plant: Callable[..., None], fault: str, rules: list[Rule]
) -> None:
    assert broken(app, tenant.scope) == broken(app, tenant.town.scope) == []
    plant(fault, firm=tenant.firm_id)
    assert broken(app, tenant.scope) == rules
    assert broken(app, tenant.town.scope) == rules
