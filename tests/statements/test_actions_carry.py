"""What is below nothing is carried into the statements that follow."""

from datetime import date

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.tenancy import as_scope
from counselhub.statements import actions
from counselhub.statements.models import Statement
from counselhub.statements.queries import lines_with_queries
from tests import factories
from tests.factories import Tenant, Town
from tests.statements.work import NOVEMBER_3, OCTOBER, compute


@pytest.fixture
def indebted(app: Flask, town: Town) -> Tenant:
    """A firm that did nothing: 10,000 less 8,000 deducted, less all of it withheld, two times."""
    terms = {"annual_fen": 120_000, "deduction_fen": 1_000, "withhold_percent": 100}
    return factories.tenant(app, town, **terms, deduction_mode="per_hour")


@pytest.mark.usefixtures("context")
def test_what_is_below_nothing_is_carried_over_two_months(indebted: Tenant) -> None:
    with as_scope(indebted.scope):
        august = compute(indebted, date(2026, 8, 1))
        assert august.total_fen == -16_000
        september = compute(indebted, date(2026, 9, 1))
        carried = lines_with_queries(september.id)[0]
        assert (carried.contract_number, carried.community_code) == ("", None)
        assert (carried.amount_fen, carried.month) == (-16_000, date(2026, 8, 1))
        assert september.total_fen == -32_000
        october = compute(indebted, OCTOBER)
        assert lines_with_queries(october.id)[0].amount_fen == -32_000
        assert sum(amount for _, amount in october.funding) == october.total_fen == -48_000


@pytest.mark.usefixtures("context")
def test_a_rest_waits_for_the_next_statement_that_is_made(indebted: Tenant) -> None:
    with as_scope(indebted.scope):
        compute(indebted, date(2026, 7, 1))
        october = compute(indebted, OCTOBER)
        carried = lines_with_queries(october.id)[0]
        assert (carried.amount_fen, carried.month) == (-16_000, date(2026, 7, 1))
        # One made late in between takes it over, and hands it on when October is worked out again.
        september = compute(indebted, date(2026, 9, 1))
        assert september.total_fen == -32_000
        carried = lines_with_queries(compute(indebted, OCTOBER).id)[0]
        assert (carried.amount_fen, carried.month) == (-32_000, date(2026, 9, 1))


@pytest.mark.usefixtures("context")
def test_a_rest_that_a_submitted_statement_took_is_not_taken_twice(indebted: Tenant) -> None:
    with as_scope(indebted.scope):
        compute(indebted, date(2026, 7, 1))
        october = compute(indebted, OCTOBER)
        actions.certify(october, indebted.member())
        actions.submit(october, indebted.member())
        assert compute(indebted, date(2026, 9, 1)).total_fen == -16_000


def handed_in(tenant: Tenant, month: date) -> Statement:
    made = compute(tenant, month)
    actions.certify(made, tenant.member())
    actions.submit(made, tenant.member())
    return made


def carried(statement: Statement) -> list[tuple[date, int]]:
    """What a statement takes off of earlier months."""
    lines = lines_with_queries(statement.id)
    return [(line.month, line.amount_fen) for line in lines if not line.contract_number]


@pytest.mark.usefixtures("context")
def test_a_rest_made_after_a_later_month_went_is_taken_by_the_next(indebted: Tenant) -> None:
    with as_scope(indebted.scope), clock.frozen(NOVEMBER_3):
        handed_in(indebted, date(2026, 9, 1))
        handed_in(indebted, date(2026, 8, 1))
        assert carried(compute(indebted)) == [
            (date(2026, 8, 1), -16_000),
            (date(2026, 9, 1), -16_000),
        ]


@pytest.mark.usefixtures("context")
def test_what_was_taken_of_a_rest_that_is_gone_is_given_back(indebted: Tenant) -> None:
    with as_scope(indebted.scope), clock.frozen(NOVEMBER_3):
        august = handed_in(indebted, date(2026, 8, 1))
        handed_in(indebted, date(2026, 9, 1))
        actions.void(august, indebted.member())
        october = compute(indebted)
        assert carried(october) == [(date(2026, 8, 1), 16_000), (date(2026, 9, 1), -32_000)]
        assert sum(fen for _source, fen in october.funding) == october.total_fen == -32_000
