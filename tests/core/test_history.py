"""The record of acts on accounts: what is refused stays, and each tenant reads its own."""

from flask import Flask
from sqlalchemy import func, select, text

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.history import AccountEvent, Outcome
from counselhub.core.tenancy import Scope, as_scope
from tests.factories import Tenant


def _acts(scope: Scope, **which: str) -> list[str]:
    query = select(AccountEvent.act).filter_by(**which).order_by(AccountEvent.id)
    with as_scope(scope):
        acts = list(db.session.scalars(query))
    db.session.rollback()
    return acts


def test_a_refusal_outlives_the_request_that_was_rolled_back(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        history.note("sign_in", scope=tenant.scope, name="甲", outcome=Outcome.REFUSED)
        history.note("sign_in", scope=tenant.scope, name="乙")
        db.session.rollback()
        assert _acts(tenant.scope, name="甲") == ["sign_in"]
        assert _acts(tenant.scope, name="乙") == []


def test_a_tenant_reads_its_own_acts_only(app: Flask, tenant: Tenant, outsider: Tenant) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        history.note("sign_in", scope=tenant.scope, name="丙")
        db.session.commit()
    with app.app_context():
        assert _acts(tenant.scope, name="丙") == ["sign_in"]
        assert _acts(outsider.scope, name="丙") == []
        with as_scope(outsider.scope):
            query = select(func.count()).select_from(AccountEvent)
            assert db.session.scalar(query.where(AccountEvent.key == tenant.scope.key)) == 0
            db.session.rollback()


def test_nobody_changes_the_record(app: Flask, tenant: Tenant) -> None:
    with app.app_context(), db.engine.connect() as connection:
        rights = connection.execute(
            text(
                "select has_table_privilege('account_event', 'UPDATE'),"
                " has_table_privilege('account_event', 'DELETE')"
            )
        ).one()
    assert tuple(rights) == (False, False)
