"""Every table, read from the catalogue: its class, its row security, its keys, its grants."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from counselhub import create_app
from counselhub.core.db import Base, PrivilegedRoleError
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.row_security import APP_ROLE, DataClass, row_security
from counselhub.core.tenancy import FirmOwned, FirmScoped
from tests import visit_policies
from tests.classes import CLASS_OPTIONS, TABLES_OF_TOOLS, WRITTEN_BY_TRIGGERS
from tests.isolation.tables import MODELS
from tests.owner_functions import FUNCTIONS_AS_OWNER, FUNCTIONS_WITHOUT_SCOPE
from tests.table_keys import KEYS_OF_THEIR_OWN, KEYS_WITHOUT_FIRM, REFERENCES_WITHOUT_KEY
from tests.walls import FURTHER_POLICIES

TABLES = sorted(MODELS)
FIRMS = [name for name in TABLES if "firm_id" in Base.metadata.tables[name].c]
TENANTS = [
    name for name in FIRMS if MODELS[name].data_class is not DataClass.PLATFORM and name != "firm"
]
OURS = (
    "pronamespace = 'public'::regnamespace and not exists"
    " (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')"
)
"""Functions of ours, not of an extension."""

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
    query = text(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind not in ('i', 'I', 'c')"
    )
    assert set(owner.scalars(query)) - set(TABLES_OF_TOOLS) == set(TABLES)


def test_tables_of_tools_are_closed_to_the_application(owner: Connection) -> None:
    for name in TABLES_OF_TOOLS:
        query = text(f"select has_table_privilege('{APP_ROLE}', '{name}', 'SELECT')")
        assert owner.scalar(query) is False, name


@each_table
def test_it_has_a_data_class(name: str) -> None:
    assert isinstance(MODELS[name].data_class, DataClass)


@each_table
def test_its_security_is_that_of_its_class(owner: Connection, name: str) -> None:
    """Row security forced, exactly the policies of the class and its exceptions, no more grants."""
    found = security_of(owner, name)
    for policy in found["policies"]:
        owner.execute(text(f"drop policy {policy[0]} on {name}"))
    owner.execute(text(f"revoke all on {name} from {APP_ROLE}, public"))
    owner.execute(text(f"alter table {name} disable row level security"))
    options = CLASS_OPTIONS.get(name, {})
    for statement in row_security(name, MODELS[name].data_class, **options):
        owner.execute(text(statement))
    if name in WRITTEN_BY_TRIGGERS:
        owner.execute(text(f"revoke insert on {name} from {APP_ROLE}"))
    for policy in (*FURTHER_POLICIES.get(name, ()), *visit_policies.policies_of(name)):
        owner.execute(text(f"create policy {policy}"))
    due = security_of(owner, name)
    owner.rollback()
    assert found == due
    assert found["forced"] == (True, True)


def security_of(owner: Connection, name: str) -> dict[str, Any]:
    """Return policies, grants and switches of a table, as PostgreSQL words them."""
    given = {"name": name}
    policies = text(
        "select policyname, permissive, roles, cmd, qual, with_check from pg_policies"
        " where schemaname = 'public' and tablename = :name order by 1"
    )
    grants = text(
        "select grantee::regrole::text, privilege_type, is_grantable"
        " from pg_class, aclexplode(relacl) where oid = cast(:name as regclass)"
        " union all select grantee::regrole::text || '.' || attname, privilege_type, is_grantable"
        " from pg_attribute, aclexplode(attacl) where attrelid = cast(:name as regclass)"
    )
    forced = text(
        "select relrowsecurity, relforcerowsecurity from pg_class"
        " where oid = cast(:name as regclass)"
    )
    return {
        "policies": [tuple(row) for row in owner.execute(policies, given)],
        "grants": sorted(tuple(row) for row in owner.execute(grants, given)),
        "forced": tuple(owner.execute(forced, given).one()),
    }


def test_every_exception_is_of_a_table_that_is_there() -> None:
    assert {*CLASS_OPTIONS, *FURTHER_POLICIES} <= set(TABLES)
    assert {*KEYS_WITHOUT_FIRM, *KEYS_OF_THEIR_OWN} <= set(TENANTS)
    assert {table for table, _column in REFERENCES_WITHOUT_KEY} <= set(TENANTS)


@each_tenant
def test_the_session_adds_the_firm_to_it(name: str) -> None:
    assert issubclass(MODELS[name], FirmOwned)


@each_tenant
def test_it_is_keyed_by_firm_and_id(owner: Connection, name: str) -> None:
    key = inspect(owner).get_pk_constraint(name)["constrained_columns"]
    assert key == KEYS_OF_THEIR_OWN.get(name, ["firm_id", "id"])
    assert issubclass(MODELS[name], FirmScoped) is (name not in KEYS_OF_THEIR_OWN)


@pytest.mark.parametrize("name", FIRMS)
def test_keys_into_firm_tables_carry_the_firm(owner: Connection, name: str) -> None:
    for key in inspect(owner).get_foreign_keys(name):
        if key["referred_table"] in TENANTS:
            assert key["constrained_columns"][0] == "firm_id", key
            assert key["referred_columns"][0] == "firm_id", key


@each_tenant
def test_what_names_a_row_is_a_foreign_key(owner: Connection, name: str) -> None:
    keys = inspect(owner).get_foreign_keys(name)
    known = {column for key in keys for column in key["constrained_columns"]}
    signers = {"certified_by_id", "approved_by_id", "signed_by_id", "reviewed_by_id"}
    signers |= {"by_id", "appealed_by_id", "decided_by_id"}
    """People of either side, who are on the platform's table."""
    names = {c.name for c in MODELS[name].__table__.c if c.name.endswith("_id")}
    loose = names - known - signers - {column for t, column in REFERENCES_WITHOUT_KEY if t == name}
    assert loose == set()


@each_tenant
def test_unique_keys_begin_with_the_firm(owner: Connection, name: str) -> None:
    """Primary keys, unique constraints and indexes, exclusions: all that tells of another row."""
    query = text(
        "select c.relname, a.attname from pg_index i join pg_class c on c.oid = i.indexrelid"
        " left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
        " where i.indrelid = cast(:name as regclass) and (i.indisunique or i.indisexclusion)"
    )
    keys = list(owner.execute(query, {"name": name}))
    assert keys
    strange = {key for key, column in keys if column != "firm_id"}
    assert bool(strange) is (name in KEYS_WITHOUT_FIRM), strange


def test_nobody_but_the_application_calls_our_functions(owner: Connection) -> None:
    """Functions of triggers apart: nobody can call them."""
    query = text(
        f"select oid::regprocedure::text from pg_proc p where {OURS} and prorettype <> 'trigger'"
        "::regtype and has_function_privilege('public', oid, 'EXECUTE')"
    )
    assert owner.scalars(query).all() == []


def test_functions_that_ask_as_the_owner_are_known_and_fenced(owner: Connection) -> None:
    """Each has a fixed search_path, and reads the scope: no caller tells it whose rows to show."""
    query = text(f"select proname, proconfig, prosrc from pg_proc p where {OURS} and prosecdef")
    found = {name: (config, source) for name, config, source in owner.execute(query)}
    assert set(found) == {*FUNCTIONS_AS_OWNER, *FUNCTIONS_WITHOUT_SCOPE}
    for name, (config, source) in found.items():
        paths = ("search_path=pg_catalog, public", "search_path=pg_catalog, public, pg_temp")
        assert set(config or ()) & set(paths), name
        assert ("scope_" in source) is (name in FUNCTIONS_AS_OWNER), name


def test_the_application_cannot_make_or_shadow_anything(owner: Connection) -> None:
    for place in ("has_schema_privilege('{}', 'public', 'CREATE')",):
        assert owner.scalar(text(f"select {place.format(APP_ROLE)}")) is False
    views = text("select relname from pg_class where relkind in ('v', 'm') and relowner <> 10")
    assert owner.scalars(views).all() == [], "a view reads as its owner, past row security"


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
