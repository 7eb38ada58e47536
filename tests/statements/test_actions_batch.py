"""The month of every firm and street at once."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select, text

from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.money import LARGEST_FEN
from counselhub.core.tenancy import as_scope
from counselhub.statements import actions
from counselhub.statements.actions.batch import run_part
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from tests import factories
from tests.factories import Tenant
from tests.statements.work import OCTOBER

pytestmark = pytest.mark.sweeping

LIVE = select(Statement).where(Statement.status != "void")
"""The honey row of a new firm is a void one."""


@pytest.mark.usefixtures("context")
def test_run_makes_drafts_and_leaves_the_rest(app: Flask, tenant: Tenant, outsider: Tenant) -> None:
    with as_scope(tenant.scope):
        certified = actions.compute(tenant.town.street_code, OCTOBER, tenant.member())
        actions.certify(certified, tenant.member())
        db.session.commit()
    first = actions.run(OCTOBER)
    again = actions.run(OCTOBER)
    assert first.skipped >= 1
    assert (again.computed, again.skipped, again.total_fen) == (
        first.computed,
        first.skipped,
        first.total_fen,
    )
    refused = {code for code, _why in first.refused}  # other tests leave firms that cannot be done
    assert refused.isdisjoint({tenant.code, outsider.code})
    with as_scope(outsider.scope):
        assert db.session.scalars(LIVE.with_only_columns(Statement.status)).all() == ["draft"]
        assert len(db.session.scalars(select(StatementLine)).all()) == 6


def test_processes_share_a_run(app: Flask, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = sys.modules["counselhub.statements.actions.batch"]
    monkeypatch.setattr(batch, "FIRMS_A_COMMIT", 1)
    factories.tenant(app, tenant.town)
    with app.app_context():
        alone = actions.run(OCTOBER)
        shared = actions.run(OCTOBER, jobs=2)
        assert (shared.firms, shared.computed, shared.total_fen) == (
            alone.firms,
            alone.computed,
            alone.total_fen,
        )
        with as_scope(tenant.scope):
            assert len(db.session.scalars(LIVE).all()) == 1


@pytest.mark.usefixtures("context")
def test_more_money_than_can_be_said_stops_its_firm_alone(app: Flask, tenant: Tenant) -> None:
    """What no form takes any more may still be stored: two communities a year of this."""
    rich = factories.tenant(app, tenant.town, annual_fen=LARGEST_FEN, cycle="year")
    december = Month(2026, 12)
    outcome = run_part(december, [(rich.firm_id, rich.code), (tenant.firm_id, tenant.code)])
    ((code, words),) = outcome.refused
    assert (code, outcome.firms, outcome.computed) == (rich.code, 1, 1)
    assert f"合同 {rich.code}-001 在社区" in words
    with as_scope(rich.scope), pytest.raises(RefusedError, match="超出可结算的范围"):
        actions.compute(rich.town.street_code, december.first, rich.member())


@contextmanager
def impatient() -> Iterator[None]:
    """Let no statement of the application wait long for a lock."""

    def hurry(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")

    event.listen(db.engine, "begin", hurry)
    try:
        yield
    finally:
        event.remove(db.engine, "begin", hurry)


@pytest.mark.usefixtures("context")
def test_what_the_database_refuses_stops_its_firm_alone(
    app: Flask, tenant: Tenant, outsider: Tenant
) -> None:
    """Somebody else holds the turn of one firm's month, and gives it back only afterwards."""
    october = Month.of(OCTOBER)
    turn = f"statement {tenant.firm_id} {october}"
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:turn, 0))")
    firms = [(tenant.firm_id, tenant.code), (outsider.firm_id, outsider.code)]
    with db.engine.connect() as other:
        other.execute(lock, {"turn": turn})
        with impatient():
            outcome = run_part(october, firms)
    ((code, words),) = outcome.refused
    assert (code, outcome.firms, outcome.computed) == (tenant.code, 1, 1)
    assert words.startswith("数据库没有接受：")
    assert run_part(october, firms).refused == []
