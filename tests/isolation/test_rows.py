"""Every table by raw SQL under every scope: what is shown, changed, removed and added.

The database is held against the oracle, row by row; nothing is committed.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from counselhub.core.db import db
from counselhub.core.tenancy import Scope, ScopeKind, as_scope
from tests.isolation import oracle as oracles
from tests.isolation.oracle import OFFICE_ACTS, Oracle, Row
from tests.isolation.tables import MODELS
from tests.isolation.world import World

TABLES = sorted(MODELS)
each_table = pytest.mark.parametrize("name", TABLES)


@pytest.fixture(scope="module")
def oracle(owner: Connection, world: World) -> Oracle:
    """Every row of the furnished firms."""
    return oracles.everything(owner, {str(one.tenant.firm_id) for one in world.firms})


@pytest.fixture
def scopes(app: Flask, world: World) -> dict[str, Scope | None]:
    """Everybody who may look."""
    return world.scopes()


@contextmanager
def looking_as(app: Flask, scope: Scope | None) -> Iterator[Connection]:
    """Open a transaction of the application's role under `scope` and undo it."""
    with app.app_context(), as_scope(scope), db.engine.connect() as connection:
        yield connection
        connection.rollback()


def keys_of(rows: list[Row]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def of_ours(rows: list[Row], known: set[str]) -> list[Row]:
    """Leave out what other tests committed meanwhile: rows that the oracle never saw."""
    return [row for row in rows if json.dumps(row, sort_keys=True) in known]


@each_table
def test_the_furnished_firms_have_a_row_of_it(oracle: Oracle, name: str) -> None:
    """The tests below would also hold of empty tables."""
    assert oracle.rows[name]


@each_table
def test_each_scope_is_shown_exactly_its_rows(
    app: Flask, oracle: Oracle, scopes: dict[str, Scope | None], name: str
) -> None:
    known = set(keys_of(oracle.rows[name]))
    for who, scope in scopes.items():
        due = [row for row in oracle.rows[name] if oracle.sees(scope, name, row)]
        with looking_as(app, scope) as connection:
            shown = list(connection.scalars(text(f"select to_jsonb(t) from {name} t")))
        assert keys_of(of_ours(shown, known)) == keys_of(due), who
        assert scope is not None or shown == []


@each_table
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_each_scope_changes_only_its_rows(
    app: Flask, oracle: Oracle, scopes: dict[str, Scope | None], name: str, verb: str
) -> None:
    """Blind, without WHERE or RETURNING: then only the policies for writing stand in the way."""
    every = list(MODELS[name].__table__.c)
    columns = [column for column in every if not column.primary_key] or every
    column = min(columns, key=lambda column: len(column.foreign_keys)).name
    words = f"update {name} set {column} = default" if verb == "UPDATE" else f"delete from {name}"
    for who, scope in scopes.items():
        due = any(oracle.writes(scope, name, row, verb) for row in oracle.rows[name])
        with looking_as(app, scope) as connection:
            assert touches(connection, words) is due, who


def touches(connection: Connection, words: str) -> bool:
    """Whether a statement reached a row: it counts one, or a constraint or trigger refused it."""
    try:
        return connection.execute(text(words)).rowcount > 0
    except DBAPIError as error:
        return "permission denied" not in str(error.orig)


@each_table
def test_each_scope_adds_only_its_rows(
    app: Flask, oracle: Oracle, scopes: dict[str, Scope | None], name: str
) -> None:
    words = f"insert into {name} select * from jsonb_populate_record(null::{name}, :row)"
    for who, scope in scopes.items():
        for row in samples(oracle.rows[name]):
            with looking_as(app, scope) as connection:
                found = admitted(connection, words, row)
            assert found in (None, oracle.writes(scope, name, row, "INSERT")), (who, row)


def samples(rows: list[Row]) -> list[Row]:
    """Return one row of each firm, street and side that wrote it, and one of none."""
    key = ("firm_id", "street_code", "side")
    return list({tuple(row.get(name) for name in key): row for row in rows}.values())


def admitted(connection: Connection, words: str, row: Row) -> bool | None:
    """Whether row security lets a row in; None when a trigger spoke first."""
    try:
        connection.execute(text(words), {"row": json.dumps(row)})
    except DBAPIError as error:
        if any(words in str(error.orig) for words in ("closed month", "a departure waits")):
            return None
        refusals = ("row-level security", "permission denied")
        return not any(words in str(error.orig) for words in refusals)
    return True


@pytest.mark.parametrize(
    "name", [n for n in TABLES if "firm_id" in MODELS[n].__table__.c and n != "honey_row"]
)
def test_a_firm_gives_no_row_to_another(
    app: Flask, oracle: Oracle, world: World, name: str
) -> None:
    if any(oracle.writes(world.victim.scope, name, r, "UPDATE") for r in oracle.rows[name]):
        other = world.neighbour.tenant.firm_id
        with looking_as(app, world.victim.scope) as connection:
            moved = f"update {name} set firm_id = '{other}'"
            with pytest.raises(DBAPIError, match=r"row-level security|closed month|sealed line"):
                connection.execute(text(moved))


@pytest.mark.parametrize("name", [n for n, acts in OFFICE_ACTS.items() if "UPDATE" in acts])
def test_an_office_gives_no_row_to_another_street(app: Flask, world: World, name: str) -> None:
    there = world.stranger.tenant.town.street_code
    column = "statement_id" if name == "statement_line" else "street_code"
    value = world.stranger.ids["statement_id"] if name == "statement_line" else there
    with looking_as(app, world.victim.tenant.town.scope) as connection:
        moved = f"update {name} set {column} = '{value}'"
        with pytest.raises(DBAPIError, match="row-level security"):
            connection.execute(text(moved))


@pytest.mark.parametrize("pattern", ["%", "%内容ZQ%"], ids=["by day", "by index"])
def test_no_function_tells_of_other_firms_rows(
    app: Flask, oracle: Oracle, scopes: dict[str, Scope | None], pattern: str
) -> None:
    notes = text(f"select service_notes_matching('{pattern}', '2000-01-01', '2100-01-01')")
    for scope in scopes.values():
        with looking_as(app, scope) as connection:
            found = {str(one) for one in connection.scalars(notes)}
        own = [r["id"] for r in oracle.rows["service_record"] if scope and oracles.owns(scope, r)]
        assert found & {r["id"] for r in oracle.rows["service_record"]} <= set(own)
        assert bool(found) is bool(own)


def test_the_function_of_the_limits_counts_for_everybody(
    app: Flask, scopes: dict[str, Scope | None]
) -> None:
    for scope in scopes.values():
        with looking_as(app, scope) as connection:
            counted = [connection.scalar(text("select count_request('x', 60, 1)")) for _ in "ab"]
        assert counted == [1, 2]


def test_the_function_that_links_an_act_reaches_its_chain(
    app: Flask, oracle: Oracle, world: World
) -> None:
    row = next(row for row in oracle.rows["event"] if oracles.owns(world.victim.scope, row))
    act = row | {"id": str(uuid4())}
    added = "insert into event select * from jsonb_populate_record(null::event, :row)"
    length = text("select max(seq) from event_link where chain = 'firm:' || :firm")
    with looking_as(app, world.victim.scope) as connection:
        before = connection.scalar(length, {"firm": act["firm_id"]})
        connection.execute(text(added), {"row": json.dumps(act)})
        connection.execute(text("set constraints all immediate"))
        assert connection.scalar(length, {"firm": act["firm_id"]}) == before + 1


def test_only_a_firm_asks_which_cases_are_taken(
    app: Flask, oracle: Oracle, scopes: dict[str, Scope | None]
) -> None:
    paid = oracle.rows["case_payment"]
    query = text("select cases_taken_elsewhere(:numbers)")
    for who, scope in scopes.items():
        with looking_as(app, scope) as connection:
            numbers = [row["case_number"] for row in paid]
            found = set(connection.scalars(query, {"numbers": numbers}))
        is_firm = scope is not None and scope.kind is ScopeKind.FIRM
        due = {row["case_number"] for row in paid if scope and not oracles.owns(scope, row)}
        assert found == (due if is_firm else set()), who


def test_communities_are_found_in_any_scope_but_none(
    app: Flask, scopes: dict[str, Scope | None], world: World
) -> None:
    code = world.victim.tenant.town.communities[0]
    query = text("select communities_matching(array[:code])")
    for who, scope in scopes.items():
        with looking_as(app, scope) as connection:
            found = set(connection.scalars(query, {"code": f"%{code}%"}))
        assert found == ({code} if scope else set()), who
