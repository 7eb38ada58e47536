"""The scope of a transaction: what it lets through, and that nothing of it stays behind."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError, OperationalError, ProgrammingError

from counselhub.advisers.models import Adviser
from counselhub.core.db import columns_of, db
from counselhub.core.tenancy import (
    PLATFORM,
    NoScopeError,
    Scope,
    ScopeKind,
    as_firm,
    as_office,
    as_person,
    as_platform,
    bound,
    change_scope,
    current_firm_id,
    current_scope,
)
from tests.factories import Tenant, Town

COUNT = text("select count(*) from adviser")
ADVISERS = 3
"""Of a made-up firm: two, and its honey row."""


@pytest.mark.usefixtures("context", "tenant")
def test_without_a_scope_raw_sql_finds_nothing() -> None:
    assert db.session.scalar(COUNT) == 0
    assert db.session.scalar(text("select count(*) from community")) == 0


@pytest.mark.usefixtures("context")
def test_without_a_scope_the_session_refuses() -> None:
    with pytest.raises(NoScopeError):
        db.session.scalars(select(Adviser)).all()
    with pytest.raises(NoScopeError):
        current_firm_id()


@pytest.mark.usefixtures("context")
def test_a_firm_counts_its_own_rows_however_it_asks(tenant: Tenant, outsider: Tenant) -> None:
    with as_firm(tenant.firm_id):
        assert db.session.scalar(COUNT) == ADVISERS
        assert db.session.scalar(select(func.count()).select_from(Adviser.__table__)) == ADVISERS
        assert {row.firm_id for row in db.session.scalars(select(Adviser))} == {tenant.firm_id}
        assert db.session.get(Adviser, (outsider.firm_id, outsider.adviser_id)) is None


@pytest.mark.usefixtures("context")
def test_a_row_of_another_firm_cannot_be_written(tenant: Tenant, outsider: Tenant) -> None:
    stray = Adviser(
        firm_id=outsider.firm_id,
        name="王五",
        pinyin="wangwu",
        search="王五",
        licence_number=str(uuid4()),
        category="lawyer",
    )
    with as_firm(tenant.firm_id):
        db.session.add(stray)
        with pytest.raises(ProgrammingError, match="row-level security"):
            db.session.flush()
        db.session.rollback()


@pytest.mark.usefixtures("context")
def test_scopes_nest_and_come_back(tenant: Tenant, town: Town) -> None:
    with as_firm(tenant.firm_id):
        with as_platform():
            assert db.session.scalar(COUNT) == 0
        assert db.session.scalar(COUNT) == ADVISERS
        with as_office(town.street_code):
            assert db.session.scalar(COUNT) == 2, "the street sees who serves it"
            assert db.session.scalar(text("select count(*) from adviser_contact")) == 0
        assert db.session.scalar(COUNT) == ADVISERS
    assert current_scope() is None
    assert db.session.scalar(COUNT) == 0


@pytest.mark.usefixtures("context")
def test_after_an_error_the_scope_before_is_back(tenant: Tenant, outsider: Tenant) -> None:
    with as_firm(tenant.firm_id):
        with pytest.raises(ZeroDivisionError), as_firm(outsider.firm_id):
            raise ZeroDivisionError
        assert current_firm_id() == tenant.firm_id
        assert db.session.scalar(text("select scope_firm()")) == tenant.firm_id


def test_a_pooled_connection_carries_nothing_on(app: Flask, tenant: Tenant) -> None:
    with app.app_context():
        with as_firm(tenant.firm_id):
            assert db.session.scalar(COUNT) == ADVISERS
            db.session.commit()
        for _ in range(3):
            with db.engine.connect() as connection:
                assert connection.scalar(COUNT) == 0
                assert connection.scalar(text("select scope_kind()")) is None


@pytest.mark.usefixtures("context")
def test_a_savepoint_rolled_back_keeps_the_scope(tenant: Tenant) -> None:
    with as_firm(tenant.firm_id):
        savepoint = db.session.begin_nested()
        savepoint.rollback()
        assert db.session.scalar(COUNT) == ADVISERS


@pytest.mark.usefixtures("context")
def test_a_query_of_columns_is_bound_to_the_scope(tenant: Tenant, outsider: Tenant) -> None:
    query = select(Adviser.firm_id).distinct()
    for firm in (tenant, outsider, tenant):  # the statement is made once and sent for both
        with as_firm(firm.firm_id):
            assert "firm_id = " in str(bound(query))
            assert columns_of(query).all() == [(firm.firm_id,)]
    with pytest.raises(NoScopeError):
        columns_of(query)


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_a_transaction_begins_at_its_level_and_with_its_scope(
    app: Flask, tenant: Tenant, level: str
) -> None:
    with app.app_context(), as_firm(tenant.firm_id), db.engine.connect() as connection:
        opened = connection.execution_options(isolation_level=level)
        assert opened.scalar(text("show transaction_isolation")) == level.lower()
        assert opened.scalar(text("select scope_firm()")) == tenant.firm_id


def test_a_scope_is_words_to_the_server_and_never_a_command(app: Flask) -> None:
    key = "'; reset role; select '\\"
    with app.app_context(), as_office(key):
        for _twice in range(2):
            assert db.session.scalar(text("select scope_street()")) == key
            db.session.rollback()


def test_a_scope_that_cannot_be_told_is_an_error(app: Flask, tenant: Tenant) -> None:
    with app.app_context(), as_firm(tenant.firm_id):
        with pytest.raises(ProgrammingError):
            db.session.execute(text("select no_such_thing"))
        with pytest.raises(InternalError, match="aborted"):
            change_scope(PLATFORM)
        db.session.rollback()
        assert db.session.scalar(text("select scope_kind()")) == "platform"
        change_scope(Scope(ScopeKind.FIRM, str(tenant.firm_id)))


def test_a_connection_that_breaks_at_its_beginning_is_replaced(app: Flask, tenant: Tenant) -> None:
    with app.app_context(), as_firm(tenant.firm_id):
        with db.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            connection.rollback()
            driver.close()
            with pytest.raises(OperationalError):
                connection.scalar(COUNT)
        assert db.session.scalar(COUNT) == ADVISERS


@pytest.mark.usefixtures("context")
def test_somebody_else_acts_for_a_while(tenant: Tenant) -> None:
    """What the database was told comes back with the person, after an error and a rollback too."""
    told = text("select scope_person()")
    one, other = uuid4(), uuid4()
    with as_firm(tenant.firm_id), as_person(one):
        with as_person(None):
            assert db.session.scalar(told) is None
            db.session.rollback()
            assert db.session.scalar(told) is None
        assert db.session.scalar(told) == one
        with as_person(other):
            assert db.session.scalar(told) == other
        with pytest.raises(ProgrammingError), as_person(other):
            db.session.execute(text("select nothing_of_this_name"))
        db.session.rollback()
        assert db.session.scalar(told) == one
        with pytest.raises(ZeroDivisionError), as_person(other):
            raise ZeroDivisionError
        assert db.session.scalar(told) == one
    assert db.session.scalar(told) is None
