"""A contract that ends in mid month: its last days, and what is settled of them afterwards."""

from collections.abc import Iterator
from datetime import date, datetime, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from counselhub.adjustments import actions as adjustments
from counselhub.adjustments.actions import Difference
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.contracts.models import Contract
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.tenancy import as_scope
from counselhub.statements.models import Statement
from counselhub.statements.queries import lines_with_queries, streets_without
from tests.factories import Tenant
from tests.statements import work
from tests.statements.sealed import submitted
from tests.statements.work import NOVEMBER_3

JANUARY = date(2027, 1, 1)
FEBRUARY_5: datetime = clock.instant(date(2027, 2, 5), time(9))


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with clock.frozen(NOVEMBER_3):
        yield


@pytest.fixture
def ended(app: Flask, tenant: Tenant) -> Tenant:
    """Its only contract was terminated on 20 October, after one visit."""
    with app.app_context(), as_scope(tenant.scope):
        end = {"status": "terminated", "terminated_on": date(2026, 10, 20)}
        db.session.execute(update(Contract).values(end))
        work.session(tenant, date(2026, 10, 5))
        db.session.commit()
    return tenant


def late(tenant: Tenant, month: date = work.OCTOBER) -> None:
    """The firm enters a difference to the contract's last month."""
    difference = Difference(
        firm_id=tenant.firm_id,
        contract_id=tenant.contract_id,
        community_code=tenant.town.communities[0],
        month=month,
        amount_fen=12_300,
        cause=AdjustmentCause.OTHER,
        words="漏算的讲座",
    )
    adjustments.enter(difference, by=tenant.member())


def amounts(statement: Statement) -> dict[tuple[str | None, str], tuple[str, int]]:
    return {
        (line.community_code, line.kind): (line.quantity, line.amount_fen)
        for line in lines_with_queries(statement.id)
    }


def test_the_last_month_counts_its_days_only(app: Flask, ended: Tenant) -> None:
    """Base, required duty, shortfall and withholding: 20 of 31 days, to the fen."""
    with app.app_context(), as_scope(ended.scope):
        found = amounts(work.compute(ended))
        one, other = ended.town.communities[:2]
        assert found[one, "base"] == ("20/31", 107_527)  # 166,667 × 20 ÷ 31
        assert found[one, "shortfall"] == ("4", -20_000)  # 309 − 120 minutes: a fourth hour begun
        assert found[other, "shortfall"] == ("6", -30_000)  # 309 minutes: a sixth hour begun
        assert found[one, "withhold"] == ("10", -10_753)
        db.session.rollback()


def test_the_page_says_which_days_counted(
    app: Flask, as_manager: FlaskClient, as_checker: FlaskClient, ended: Tenant
) -> None:
    words = "合同在本期只有 2026-10-01 至 2026-10-20 有效"
    with app.app_context(), as_scope(ended.scope):
        made = submitted(ended)
        (base, *_rest) = lines_with_queries(made.id)
        db.session.commit()
        firms, offices = f"/statements/{made.id}", f"/review/{made.id}/lines/{base.id}"
    assert words in as_manager.get(firms).text
    assert words in as_checker.get(offices).text


@pytest.mark.parametrize(
    ("month", "now"),
    [
        pytest.param(date(2026, 11, 1), clock.instant(date(2026, 12, 5), time(9)), id="same year"),
        pytest.param(JANUARY, FEBRUARY_5, id="the year after, without any contract"),
    ],
)
def test_a_later_month_still_settles_the_difference(
    app: Flask, ended: Tenant, month: date, now: datetime
) -> None:
    with app.app_context(), as_scope(ended.scope):
        submitted(ended)
        with clock.frozen(now):
            late(ended)
            assert [row.code for row in streets_without(month)] == [ended.town.street_code]
            made = submitted(ended, month)
            key = (ended.town.communities[0], "adjustment")
            assert amounts(made) == {key: ("2026-10", 12_300)}
            assert made.funding == [["区级", 6_150], ["街道", 6_150]]
            assert list(streets_without(month)) == []
        db.session.rollback()


def test_without_anything_left_the_year_after_is_refused(app: Flask, ended: Tenant) -> None:
    with app.app_context(), as_scope(ended.scope), clock.frozen(FEBRUARY_5):
        assert list(streets_without(JANUARY)) == []
        with pytest.raises(RefusedError, match="没有待结的以前月份调整"):
            work.compute(ended, JANUARY)
        late(ended, JANUARY)  # of the very month: the next one settles it
        with pytest.raises(RefusedError, match="没有履行中的合同"):
            work.compute(ended, JANUARY)
        db.session.rollback()
