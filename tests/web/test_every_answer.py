"""Every address, walked from the URL map: tokens, headers, and that looking changes nothing."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from counselhub.core.db import db
from counselhub.core.permissions import Permission, Role
from counselhub.core.security_headers import HEADERS
from tests import factories, world
from tests.test_every_route import rules
from tests.web.conftest import Make
from tests.web.walking import Walk
from tests.world import Watch, World, held

pytestmark = pytest.mark.long
SAFE = {"GET", "HEAD", "OPTIONS"}
LEAST = {
    "manager": 300,
    "clerk": 280,
    "adviser": 150,
    "checker": 80,
    "approver": 80,
    "operator": 20,
    "security": 280,
    "audit": 280,
    "stranger": 12,
}
"""How many answers of 200 each of the world's clients meets at the least."""


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


SIGNED = {"billing.create_event"}
"""What Stripe sends, with a signature instead of a token: tests/billing refuses every other one."""


def changing(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route and method of a page that may change something."""
    for rule in rules(app):
        if rule.endpoint in SIGNED:
            continue
        for method in sorted((rule.methods or set()) - SAFE):
            yield rule, method


def test_no_change_without_the_token(app: Flask, make_app: Make, here: World) -> None:
    """With real ids, by everybody who may: no token is refused; nor does another one help."""
    strict = make_app()
    strict.config["SERVER_NAME"] = "localhost"
    foreign = re.search(r'"X-CSRFToken": "([^"]+)"', strict.test_client().get("/sign-in").text)
    assert foreign
    strict.test_client().get("/sign-in")
    tokens: list[dict[str, str]] = [{}, {"csrf_token": foreign[1]}, {"csrf_token": "x.y.z"}]
    done: list[tuple[str, str, int]] = []
    tried = 0
    with strict.app_context():
        engine = db.engine
    with Watch().on(engine) as watch:
        for rule, method in changing(app):
            for place, (role, client) in enumerate(able(app, here, rule).items()):
                inside = _same_person(strict, client)
                for sent in tokens if place == 0 else tokens[:1]:
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


@pytest.mark.parametrize("role", LEAST)
def test_looking(app: Flask, here: World, role: str) -> None:
    """Every GET with real ids: no table has another row or another word, and every answer is fit.

    It carries the headers, holds no script or style of its own, shows no honey, and is sent as an
    attachment when it is a file.
    """
    with app.app_context():
        engine = db.engine
    before, walk = here.contents(), Walk()
    with Watch().on(engine) as watch:
        walk.through(here, role, watch)
    after = here.contents()
    assert walk.faults == []
    links = {key for key in after if key[1] in ("sign_in_link", "person")}  # what the walk made
    assert {key for key in after if after[key] != before.get(key)} - links == set()
    assert walk.looked > LEAST[role]
    if role not in ("stranger", "operator"):  # neither holds papers of the firm
        assert walk.files >= 4
        assert set(walk.kinds) >= {"text/html", "application/pdf"}


def test_every_other_answer_carries_the_headers(here: World) -> None:
    """Redirects, refusals, static files, early refusals."""
    walk, faults = Walk(), []
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
        here.clients["adviser"].get("/audit"),
        stranger.post("/people"),
        stranger.post("/people", headers={"HX-Request": "true"}),
        stranger.get("/sign-in", headers={"Host": "evil.example"}),
        manager.open("/people", method="OPTIONS"),
    ):
        faults += [(answer.request.path, one) for one in walk.headers(answer)]
        answer.close()
    assert faults == []
    assert set().union(*walk.kinds.values()) >= {200, 303, 400, 401, 403, 404, 405, 413, 422}
    assert set(walk.kinds) >= {"text/html", "text/css"}


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
    # Signed in anew: after the long walks the proof of being there may be over.
    manager = factories.signed_in(app, here.home.scope, Role.MANAGER)
    with Watch().on(engine) as watch:
        answer = manager.post(
            "/account-for-payment", data={"payee": "某所", "bank": "某行", "account": "620001"}
        )
        assert answer.status_code in (200, 303)
        assert watch.taken() == {"firm_account"}
