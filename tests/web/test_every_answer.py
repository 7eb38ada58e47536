"""Every address, walked from the URL map: tokens, headers, and that looking changes nothing."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from counselhub.core import markers
from counselhub.core.access import Permission, Role
from counselhub.core.db import db
from counselhub.core.security_headers import HEADERS
from tests import factories, world
from tests.test_every_route import rules
from tests.test_every_template import INLINE
from tests.web.conftest import Make
from tests.world import Watch, World, held

SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def here(app: Flask) -> World:
    """Two firms with one of everything."""
    return world.make(app)


def able(app: Flask, here: World, rule: Rule) -> dict[str, FlaskClient]:
    """Return the clients whose role may reach a route."""
    view = app.view_functions[rule.endpoint]
    asked: set[Permission | None] = {view.required, *getattr(view, "or_required", ())}
    if view.required is None:
        return here.clients
    return {
        role: client
        for role, client in here.clients.items()
        if role != "stranger" and held(role) & asked
    }


def changing(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route and method that may change something."""
    for rule in rules(app):
        for method in sorted((rule.methods or set()) - SAFE):
            yield rule, method


def looking(app: Flask) -> Iterator[Rule]:
    """Every route that is only looked at."""
    return (rule for rule in rules(app) if "GET" in (rule.methods or ()))


def test_no_change_without_the_token(app: Flask, make_app: Make, here: World) -> None:
    """With real ids, by everybody who may: no token, a foreign one, a bent one are all refused."""
    strict = make_app()
    strict.config["SERVER_NAME"] = "localhost"
    foreign = re.search(r'"X-CSRFToken": "([^"]+)"', strict.test_client().get("/sign-in").text)
    assert foreign
    strict.test_client().get("/sign-in")
    done: list[tuple[str, str, int]] = []
    tried = 0
    with strict.app_context():
        engine = db.engine
    with Watch().on(engine) as watch:
        for rule, method in changing(app):
            for role, client in able(app, here, rule).items():
                inside = _same_person(strict, client)
                for sent in ({}, {"csrf_token": foreign[1]}, {"csrf_token": "x.y.z"}):
                    answer = inside.open(here.addresses(rule)[0], method=method, data=sent)
                    tried += 1
                    if answer.status_code != 400 or watch.taken():
                        done.append((role, f"{method} {rule.rule}", answer.status_code))
                    assert "刷新页面" in answer.text or done
    assert done == []
    assert tried > 300


def _same_person(app: Flask, client: FlaskClient) -> FlaskClient:
    """Return a client of `app` that carries the cookies of another; both share the key."""
    other = app.test_client()
    for cookie in client._cookies.values():
        other.set_cookie(cookie.key, cookie.value, domain=cookie.domain)
    return other


def test_looking_changes_nothing(app: Flask, here: World) -> None:
    """Every GET with real ids by every role, and HEAD: no table has another row or another word."""
    with app.app_context():
        engine = db.engine
    before, wrote, looked = here.contents(), [], 0
    with Watch().on(engine) as watch:
        for rule in looking(app):
            for address in here.addresses(rule):
                watch.taken()  # a fresh one-time link
                for role, client in here.clients.items():
                    for method in ("GET", "HEAD"):
                        status = client.open(address, method=method).status_code
                        looked += status == 200
                        if tables := watch.taken():
                            wrote.append((role, method, address, tables))
                        assert status in (200, 303, 403, 404), (role, address, status)
    assert wrote == []
    after = here.contents()
    links = {key for key in after if key[1] in ("sign_in_link", "person")}  # what the walk made
    assert {key for key in after if after[key] != before.get(key)} - links == set()
    assert looked > 150


def test_every_answer_carries_the_headers(app: Flask, here: World) -> None:
    """Pages, parts, redirects, refusals, downloads, static files, early refusals."""
    wanted: dict[str, set[int]] = {}
    for rule in looking(app):
        for client in here.clients.values():
            for headers in ({}, {"HX-Request": "true"}):
                _check(client.get(here.addresses(rule)[0], headers=headers), wanted)
    manager, stranger = here.clients["manager"], here.clients["stranger"]
    for answer in (
        manager.get("/static/app.css"),
        manager.get("/favicon.ico"),
        manager.get("/static/no-such-file.css"),
        manager.get("/nowhere"),
        manager.put("/people"),
        manager.open("/people", method="TRACE"),
        manager.post("/people", data={"name": ""}),
        manager.post("/people", data={"name": "x" * 600_000}),
        manager.post("/workbook/trials", data=b"x", content_type="multipart/form-data"),
        stranger.post("/people"),
        stranger.post("/people", headers={"HX-Request": "true"}),
        stranger.get("/sign-in", headers={"Host": "evil.example"}),
        manager.open("/people", method="OPTIONS"),
    ):
        _check(answer, wanted)
        answer.close()
    statuses = set().union(*wanted.values())
    assert statuses >= {200, 303, 400, 401, 403, 404, 405, 413, 422}
    assert set(wanted) >= {"text/html", "text/css", "application/pdf"}


def _check(answer: TestResponse, wanted: dict[str, set[int]]) -> None:
    where = (answer.request.path, answer.status_code)
    wanted.setdefault(answer.mimetype, set()).add(answer.status_code)
    assert {name: answer.headers.getlist(name) for name in HEADERS} == {
        name: [value] for name, value in HEADERS.items()
    }, where
    assert "Strict-Transport-Security" not in answer.headers, where
    if not answer.request.path.startswith(("/static/", "/favicon")):
        assert "no-store" in answer.headers["Cache-Control"], where


def test_what_is_sent_as_a_file_is_an_attachment(app: Flask, here: World) -> None:
    """A file of ours is opened by the program it is for, never by the page's own origin."""
    # Made by us, without script; looked at before they are signed or posted.
    shown = {"documents.pdf", "reports.sheets_pdf", "reports.notice_pdf"}
    read = {"duty.worker", "duty.manifest", "duty.phone"}  # by the phone's page, never opened
    sent = 0
    for rule in looking(app):
        for role, client in able(app, here, rule).items():
            answer = client.get(here.addresses(rule)[0])
            if answer.status_code != 200 or answer.mimetype == "text/html":
                continue
            sent += 1
            kind = answer.headers.get("Content-Disposition", "").partition(";")[0]
            due = "inline" if rule.endpoint in shown else "attachment"
            assert kind == ("" if rule.endpoint in read else due), (role, rule.rule)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert sent >= 4


def test_no_answer_holds_script_or_style_of_its_own(app: Flask, here: World) -> None:
    found = []
    for rule in looking(app):
        for client in here.clients.values():
            # A file that is sent in parts is put away before the next request, as a server does.
            with client.get(here.addresses(rule)[0]) as answer:
                page = answer.text if answer.mimetype == "text/html" else ""
            found += [(rule.rule, what) for what in INLINE if re.search(INLINE[what], page)]
    assert found == []


def test_the_policy_names_no_stranger_and_nothing_unsafe() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


def test_scripts_make_no_markup_and_no_code_from_text() -> None:
    own = Path(__file__).resolve().parents[2] / "static"
    for file in own.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|document\.write|\.innerHTML\s*=", text), file


@pytest.mark.parametrize("secure", ["0", "1"])
def test_the_cookie_is_kept_from_scripts_and_strangers(
    make_app: Make, tenant: factories.Tenant, secure: str
) -> None:
    app = make_app(secure_cookies=secure)
    app.config["WTF_CSRF_ENABLED"] = False
    email = factories.account(app, tenant.scope, Role.MANAGER)
    answer = app.test_client().post(
        "/sign-in", data={"email": email, "password": factories.PASSWORD}
    )
    assert answer.status_code == 303
    cookies = [SimpleCookie(one) for one in answer.headers.getlist("Set-Cookie")]
    morsels = [morsel for cookie in cookies for morsel in cookie.values()]
    assert morsels
    for morsel in morsels:
        assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
        assert bool(morsel["secure"]) is (secure == "1")
        assert not morsel["domain"]


def test_signing_in_and_out_leaves_nothing_of_the_session_before(
    app: Flask, tenant: factories.Tenant
) -> None:
    client = app.test_client()
    with client.session_transaction() as planted:
        planted["membership"] = "planted"
        planted["other"] = "planted"
    email = factories.account(app, tenant.scope, Role.MANAGER)
    client.post("/sign-in", data={"email": email, "password": factories.PASSWORD})
    with client.session_transaction() as session:
        assert "planted" not in session.values()
    client.post("/sign-out")
    assert client.get("/people").status_code == 303


def test_the_walk_meets_every_commit(app: Flask, here: World) -> None:
    """The watch of the walks sees what is written: an act that is known to write is noticed."""
    with app.app_context():
        engine = db.engine
    with Watch().on(engine) as watch:
        answer = here.clients["manager"].post(
            "/account-for-payment", data={"payee": "某所", "bank": "某行", "account": "620001"}
        )
        assert answer.status_code in (200, 303)
        assert watch.taken() == {"firm_account"}


def test_no_list_or_form_of_a_firm_shows_its_own_honey(app: Flask, here: World) -> None:
    found = []
    for rule in [one for one in looking(app) if not one.arguments]:
        for role, client in able(app, here, rule).items():
            with client.get(here.addresses(rule)[0]) as answer:
                if answer.mimetype == "text/html" and markers.PREFIX in answer.text:
                    found.append(f"{role} {rule.rule}")
    assert not found, found
