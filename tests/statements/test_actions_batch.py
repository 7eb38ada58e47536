"""The month of every firm and street at once."""

import sys

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.statements import actions
from counselhub.statements.models import Statement, StatementLine
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
