"""Every table, read from the catalogue: its class, its row security, its keys, its grants."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from counselhub import create_app
from counselhub.core.db import Base, PrivilegedRoleError, db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.row_security import APP_ROLE, DataClass
from counselhub.core.tenancy import FirmScoped, as_firm, as_platform
from counselhub.schema import MODULES
from tests.factories import Tenant

MODELS: dict[str, Any] = {
    one.__tablename__: one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Base) and one is not Base
}
TABLES = sorted(MODELS)
FIRMS = [name for name in TABLES if "firm_id" in Base.metadata.tables[name].c]
TENANTS = [
    name for name in FIRMS if MODELS[name].data_class is not DataClass.PLATFORM and name != "firm"
]
GLOBAL_KEYS = {"case_payment"}
"""Tables whose key is the same for all firms: a 案件编号 is paid once ever, whoever repeats it."""

each_table = pytest.mark.parametrize("name", TABLES)
each_tenant = pytest.mark.parametrize("name", TENANTS)


@pytest.fixture(scope="module")
def owner(urls: DatabaseUrls) -> Iterator[Connection]:
    """A look at the catalogue by the owner of the tables."""
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_catalogue_and_the_models_hold_the_same_tables(owner: Connection) -> None:
    stored = set(inspect(owner).get_table_names())
    assert stored - {"alembic_version"} == set(TABLES)


@each_table
def test_it_has_a_data_class(name: str) -> None:
    assert isinstance(MODELS[name].data_class, DataClass)


@each_table
def test_row_security_is_on_and_binds_the_owner(owner: Connection, name: str) -> None:
    enabled, forced, policies = owner.execute(
        text(
            "select relrowsecurity, relforcerowsecurity,"
            " (select count(*) from pg_policy where polrelid = c.oid)"
            " from pg_class c where oid = cast(:name as regclass)"
        ),
        {"name": name},
    ).one()
    assert (enabled, forced) == (True, True)
    assert policies > 0


@pytest.mark.parametrize("name", [name for name in TABLES if issubclass(MODELS[name], FirmScoped)])
def test_a_tenants_table_is_keyed_by_firm_and_id(owner: Connection, name: str) -> None:
    key = inspect(owner).get_pk_constraint(name)["constrained_columns"]
    assert key == ["firm_id", "id"]


@each_tenant
def test_keys_between_firm_tables_carry_the_firm(owner: Connection, name: str) -> None:
    for key in inspect(owner).get_foreign_keys(name):
        if key["referred_table"] in TENANTS:
            assert key["constrained_columns"][0] == "firm_id", key
            assert key["referred_columns"][0] == "firm_id", key


@pytest.mark.parametrize("name", sorted(set(FIRMS) - set(TENANTS)))
def test_keys_of_the_platform_into_a_firm_carry_the_firm(owner: Connection, name: str) -> None:
    for key in inspect(owner).get_foreign_keys(name):
        if key["referred_table"] in TENANTS:
            assert key["constrained_columns"][0] == "firm_id", key


@each_tenant
def test_unique_keys_begin_with_the_firm(owner: Connection, name: str) -> None:
    catalogue = inspect(owner)
    keys = [catalogue.get_pk_constraint(name)["constrained_columns"]]
    keys += [key["column_names"] for key in catalogue.get_unique_constraints(name)]
    keys += [index["column_names"] for index in catalogue.get_indexes(name) if index["unique"]]
    if name in GLOBAL_KEYS:
        assert keys == [["case_number"]]
    else:
        assert [key for key in keys if key[0] != "firm_id"] == []


@each_tenant
def test_exclusion_constraints_begin_with_the_firm(owner: Connection, name: str) -> None:
    written = owner.scalars(
        text(
            "select pg_get_constraintdef(oid) from pg_constraint"
            " where contype = 'x' and conrelid = cast(:name as regclass)"
        ),
        {"name": name},
    )
    assert all(one.startswith("EXCLUDE USING gist (firm_id WITH =") for one in written)


@each_table
def test_without_a_scope_there_are_no_rows(app: Flask, tenant: Tenant, name: str) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(text(f"select count(*) from {name}")) == 0


def test_with_a_scope_there_are_rows(app: Flask, tenant: Tenant) -> None:
    """The test above would also hold of an empty database."""
    with app.app_context():
        with as_firm(tenant.firm_id), db.engine.connect() as connection:
            assert connection.scalar(text("select count(*) from contract")) == 1
        with as_platform(), db.engine.connect() as connection:
            assert connection.scalar(text("select count(*) from contract")) == 0


def test_another_firm_sees_none_of_them(app: Flask, tenant: Tenant, outsider: Tenant) -> None:
    with app.app_context(), as_firm(outsider.firm_id), db.engine.connect() as connection:
        for name in TENANTS:
            strangers = f"select count(*) from {name} where firm_id <> '{outsider.firm_id}'"
            assert connection.scalar(text(strangers)) == 0, name


def test_another_firms_row_is_not_written(app: Flask, tenant: Tenant, outsider: Tenant) -> None:
    with app.app_context(), as_firm(outsider.firm_id), db.engine.connect() as connection:
        changed = connection.execute(
            text("update adviser set name = 'x' where firm_id = :firm"), {"firm": tenant.firm_id}
        )
        assert changed.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(
                text("insert into scheme (firm_id, id, code, name) values (:firm, :id, 'x', 'x')"),
                {"firm": tenant.firm_id, "id": outsider.firm_id},
            )


@pytest.mark.parametrize("verb", ["update event set act = 'x'", "delete from event"])
def test_the_record_of_acts_is_only_appended(app: Flask, tenant: Tenant, verb: str) -> None:
    with (
        app.app_context(),
        as_firm(tenant.firm_id),
        db.engine.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.execute(text(verb))


@each_table
def test_the_application_owns_nothing(owner: Connection, name: str) -> None:
    query = "select pg_get_userbyid(relowner) from pg_class where oid = cast(:name as regclass)"
    assert owner.scalar(text(query), {"name": name}) != APP_ROLE


def test_the_application_refuses_a_privileged_role(urls: DatabaseUrls) -> None:
    """An address of its own that leads in as the owner: the application must not start on it."""
    as_owner = DatabaseUrls(**{**_fields(urls), "owner": f"{urls.owner}?x=1", "app": urls.owner})
    with pytest.raises(PrivilegedRoleError, match="refusing to start"):
        create_app(as_owner)


def _fields(urls: DatabaseUrls) -> dict[str, Any]:
    return {name: getattr(urls, name) for name in DatabaseUrls.__dataclass_fields__}
