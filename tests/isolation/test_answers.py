"""What answers tell beyond their rows: counts, searches, files, caches, and forms with foreign ids.

The strongest of them: what a firm is shown does not change by a letter when another firm comes.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from wtforms import DateField, DateTimeLocalField, TimeField
from wtforms.fields.core import UnboundField

import counselhub
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.forms import Form
from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.isolation import world as worlds
from tests.isolation.addresses import WRITTEN, Route, is_reference, routes
from tests.isolation.conftest import SignIn, scope_of
from tests.isolation.furnishing import DAY, MONTH, upload_of
from tests.isolation.looks import body_of, given_away, state_of
from tests.isolation.tables import MODELS
from tests.isolation.world import Furnished, World

PAGES = [route for route in routes() if route.method == "GET" and route.required]
POSTS = [route for route in routes() if route.method == "POST" and route.required]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=clock.SHANGHAI)
TOKEN = re.compile(r'(?:name="(?:csrf_token|key)" value=|X-CSRFToken": |"token": ?)"[^"]*"')
"""Signed by the second, or the key of a tap, so it differs between two visits of one page."""
each_page = pytest.mark.parametrize("route", PAGES, ids=str)


def pages_for(app: Flask, client: FlaskClient, role: Role, whose: Furnished) -> dict[str, str]:
    """Return every page that a role may open, of its own rows."""
    shown = {}
    with clock.frozen(NOW):
        for route in PAGES:
            if route.may(role):
                for month in ("", f"?month={MONTH}") if not route.has_row else ("",):
                    address = route.of(app, whose) + month
                    shown[address] = TOKEN.sub("", body_of(client.get(address)))
    return shown


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADVISER, Role.PARTY_SECRETARY, Role.CHECKER])
def test_nothing_changes_for_a_firm_when_another_one_comes(app: Flask, role: Role) -> None:
    """No count, badge, choice, total or export of ours depends on rows of others."""
    here, there = factories.town(app), factories.town(app)
    ours = worlds.furnish(app, worlds.bare(app, here))
    adviser = ours.tenant.adviser_id if role is Role.ADVISER else None
    client = factories.signed_in(app, scope_of(ours, role), role, adviser_id=adviser)
    before = pages_for(app, client, role, ours)
    assert sum(ours.token in page for page in before.values()) > 5
    theirs = worlds.furnish(app, worlds.bare(app, there if role is Role.CHECKER else here))
    after = pages_for(app, client, role, ours)
    assert {a for a, page in after.items() if page != before[a]} == set()
    assert {a for a, page in after.items() if theirs.token in page} == set()


@cache
def arguments_in_code() -> list[str]:
    """Return the name of every argument that our code reads from an address."""
    found: set[str] = set()
    for path in Path(counselhub.__path__[0]).rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'(?:args|values|given)\.get(?:list)?\("(\w+)"', code))
        for names in re.findall(r"^(?:FILTERS|KEPT) = \(([^)]*)\)", code, re.MULTILINE):
            found |= set(re.findall(r'"(\w+)"', names))
    return sorted(found)


def test_arguments_are_found() -> None:
    assert {"q", "change", "adviser", "month", "renews", "community"} <= set(arguments_in_code())


@each_page
def test_arguments_that_name_foreign_rows_show_none(
    app: Flask, world: World, sign_in: SignIn, route: Route
) -> None:
    """Searches, autocomplete and filters, with a foreign id or the beginning of a foreign name."""
    victim = world.victim
    for role in [role for role in Role if route.may(role) and role is not Role.OPERATOR][:1]:
        where = world.stranger if role in (Role.CHECKER, Role.APPROVER) else world.neighbour
        client, address = sign_in(where, role), route.of(app, where)
        for value in (victim.token[:7], *sorted({victim.ids[f"{n}_id"] for n in NAMED})):
            given = dict.fromkeys(arguments_in_code(), value) | {"page": "1", "month": ""}
            answer = client.get(address, query_string=given)
            assert answer.status_code < 500
            assert given_away(answer, victim, value) == []


NAMED = ("adviser", "contract", "membership", "statement")


class _Fields:
    """Names and values for every field that a form of ours has."""

    def __init__(self, victim: Furnished) -> None:
        self.victim = victim
        self.values: dict[str, str] = {}
        for form in _forms(Form):
            for name in dir(form):
                field = getattr(form, name)
                if isinstance(field, UnboundField):
                    self.values[name] = self._value(name, field)

    def _value(self, name: str, field: UnboundField) -> str:
        ids = self.victim.ids
        if name in ids:
            return ids[name]
        if "adviser" in name or "substitute" in name or name == "line":
            return ids["line_id" if name == "line" else "adviser_id"]
        if field.field_class is DateField:
            return f"{DAY}"
        if field.field_class is TimeField:
            return "09:00"
        if field.field_class is DateTimeLocalField:
            return f"{DAY}T09:00"
        return ids["code"] if "communit" in name or name == "code" else "1"


def _forms(above: type[Any]) -> Iterator[type[Any]]:
    for form in above.__subclasses__():
        yield form
        yield from _forms(form)


def test_forms_with_foreign_ids_refer_to_nothing_foreign(app: Flask, world: World) -> None:
    """The own address with another firm's ids in the form: no row of ours may come to name them."""
    victim = world.victim
    ours = worlds.furnish(app, worlds.bare(app, victim.tenant.town))
    client = factories.signed_in(app, ours.scope, Role.MANAGER)
    fields, before = _Fields(victim).values, state_of(app, victim)
    foreign = {"line": victim.ids["line_id"], "membership": victim.ids["membership_id"]}
    sent = {**fields, **foreign, "revision": "1", "act": "selected"}
    assert len(fields) > 30
    for route in POSTS:
        if route.may(Role.MANAGER):
            answer = client.post(route.of(app, ours), data=sent)
            assert answer.status_code < 500, route
            assert given_away(answer, victim, " ".join(sent.values())) == [], route
    assert state_of(app, victim) == before
    assert references(app, ours, victim) == []


def references(app: Flask, ours: Furnished, theirs: Furnished) -> list[str]:
    """Return the tables in which a row of ours names a row of theirs."""
    own = (name for name in theirs.ids if name.endswith("_id") and not is_reference(name))
    ids = [theirs.ids[name] for name in own]
    with app.app_context(), as_scope(ours.scope), db.engine.connect() as connection:
        return [
            name
            for name in sorted(MODELS)
            if connection.scalar(
                text(f"select count(*) from {name} t where t::text like any (:ids)"),
                {"ids": [f"%{one}%" for one in ids]},
            )
        ]


@pytest.fixture(scope="session")
def administrator(app: Flask, world: World) -> Callable[[Route], FlaskClient]:
    """Return a colleague who holds the duty that a route asks for, where no role gives it."""
    clients: dict[Duty, FlaskClient] = {}

    def find(route: Route) -> FlaskClient:
        duty = next(duty for duty in Duty if set(route.asks) & set(WRITTEN[f"duty firm {duty}"]))
        if duty not in clients:
            clients[duty] = factories.named(app, world.neighbour.scope, Role.CLERK, duty)
        return clients[duty]

    return find


@each_page
def test_no_answer_is_kept_by_a_cache(
    app: Flask,
    world: World,
    sign_in: SignIn,
    administrator: Callable[[Route], FlaskClient],
    route: Route,
) -> None:
    """Pages, files and refusals alike; no ETag or date by which two members could share one."""
    role = next((role for role in Role if route.may(role)), None)
    client = sign_in(world.neighbour, role) if role else administrator(route)
    for whose in (world.neighbour, world.victim):
        answer = client.get(route.of(app, whose))
        assert answer.data is not None  # a stream is read to its end
        assert "no-store" in answer.headers.get("Cache-Control", "")
        assert "public" not in answer.headers.get("Cache-Control", "")
        assert not {"ETag", "Last-Modified"} & {*answer.headers.keys()}
        assert "Cookie" in answer.headers.get("Vary", "")
        assert answer.mimetype != "text/html" or "HX-Request" in answer.headers["Vary"]


def test_a_condition_of_another_member_brings_no_not_modified(
    world: World, sign_in: SignIn
) -> None:
    conditions = {"If-None-Match": "*", "If-Modified-Since": "Sat, 21 Nov 2099 00:00:00 GMT"}
    for page in ("/contracts", "/workbook/export.xlsx"):
        assert sign_in(world.neighbour, Role.MANAGER).get(page, headers=conditions).data


PRIVATE = ("内容{}", "1{}", "{}@x", "收款{}")
"""How the marks of rows in firm-private tables look: note, phone, e-mail, account."""


@each_page
def test_government_is_shown_nothing_private(
    app: Flask, world: World, sign_in: SignIn, route: Route
) -> None:
    """Also where the office reads the firm's shared rows by right."""
    for role in (Role.CHECKER, Role.APPROVER, Role.READER, Role.ASSESSOR):
        if route.may(role) and route.endpoint != "review.statement":
            said = body_of(sign_in(world.victim, role).get(route.of(app, world.victim)))
            for mark in PRIVATE:
                assert mark.format(world.victim.token) not in said, (role, mark)


@pytest.mark.parametrize("path", ["/review/{}", "/statements/{}/statement.pdf"])
def test_an_office_is_shown_no_draft(world: World, sign_in: SignIn, path: str) -> None:
    address = path.format(world.victim.ids["draft_id"])
    answer = sign_in(world.victim, Role.CHECKER).get(address)
    assert answer.status_code == 404
    assert given_away(answer, world.victim, address) == []


def test_the_same_file_tried_by_two_firms_is_two_trials(app: Flask, world: World) -> None:
    data = upload_of(world.victim.token)
    upload = {"file": (BytesIO(data), "ours.xlsx")}
    newcomer = worlds.bare(app, world.victim.tenant.town)
    client = factories.signed_in(app, newcomer.scope, Role.MANAGER)
    answer = client.post("/workbook/trials", data=upload)
    assert answer.location.endswith(world.victim.ids["digest"])
    page = client.get(answer.location)
    assert "ours.xlsx" in page.text
    assert f"{world.victim.token}.xlsx" not in page.text
