"""How often one may ask: who is counted, how a refusal looks, and that all workers count as one."""

import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from counselhub.core import limits
from counselhub.core.counters import PostgresStorage, Tally
from counselhub.core.db import db
from counselhub.core.limits import Limit
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from tests import factories
from tests.factories import Tenant
from tests.web.conftest import Make


@pytest.fixture
def app(make_app: Make) -> Flask:
    """The application with limits; tokens are others' matter."""
    made = make_app(limits="on")
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of each kind an hour, under names of this test's own."""
    mark = str(factories.number())
    few = [
        Limit(f"{one.name} {mark}", parse("2/hour"), one.by, one.holds)
        for one in limits.LIMITS
        if one.name != "any"
    ]
    monkeypatch.setattr(limits, "LIMITS", tuple(few))


@pytest.fixture
def manager(app: Flask, tenant: Tenant, request: pytest.FixtureRequest) -> FlaskClient:
    """A manager who signed in before the limits were tight."""
    client = factories.signed_in(app, tenant.scope, Role.MANAGER)
    request.getfixturevalue("tight")
    return client


def refused(answer: TestResponse) -> bool:
    """Say whether it is a 429 with the seconds to wait."""
    if answer.status_code != 429:
        return False
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert re.search(r"请在 \d+ 秒后重试", answer.text), answer.text
    return True


def sign_in(client: FlaskClient, email: str, **more: str) -> TestResponse:
    return client.post("/sign-in", data={"email": email, "password": "wrong"}, headers=more)


def test_the_door_counts_by_address_and_keeps_what_was_typed(app: Flask, tight: None) -> None:
    client = app.test_client()
    assert [sign_in(client, f"{n}@example.test").status_code for n in (1, 2)] == [422, 422]
    third = sign_in(client, "third@example.test")
    assert refused(third)
    assert 'value="third@example.test"' in third.text
    assert "邮箱或密码不正确" not in third.text
    assert client.get("/sign-in").status_code == 200, "looking is free"


def test_the_door_counts_by_account_from_wherever(app: Flask, tight: None) -> None:
    email = f"one{factories.number()}@example.test"
    asked = [
        app.test_client().post(
            "/sign-in",
            data={"email": one, "password": "wrong"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{place}"},
        )
        for place, one in enumerate((email, email.upper(), f" {email} "), start=1)
    ]
    assert [answer.status_code for answer in asked] == [422, 422, 429]


def test_the_right_password_does_not_open_a_shut_door(
    app: Flask, tenant: Tenant, tight: None
) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    client = app.test_client()
    for _time in range(2):
        sign_in(client, email)
    answer = client.post("/sign-in", data={"email": email, "password": factories.PASSWORD})
    assert refused(answer)
    assert client.get("/people").status_code == 303, "nobody was signed in"


def test_one_time_links_cannot_be_guessed_at_leisure(app: Flask, tight: None) -> None:
    client = app.test_client()
    tried = [client.get(f"/welcome/{'x' * 43}{n}") for n in range(3)]
    assert [answer.status_code for answer in tried[:2]] == [410, 410]
    assert refused(tried[2])


def test_exports_and_searches_count_by_account(
    app: Flask, manager: FlaskClient, tenant: Tenant
) -> None:
    exports = [manager.get("/workbook/template.xlsx") for _time in range(3)]
    assert [answer.status_code for answer in exports[:2]] == [200, 200]
    assert refused(exports[2])
    searches = [manager.get("/communities?q=甲") for _time in range(3)]
    assert [answer.status_code for answer in searches[:2]] == [200, 200]
    assert refused(searches[2])
    assert manager.get("/communities").status_code == 200


def test_an_upload_comes_back_as_its_form(manager: FlaskClient) -> None:
    def upload() -> TestResponse:
        return manager.post("/workbook/trials", data={"file": (BytesIO(b"x"), "某所.xlsx")})

    answers = [upload() for _time in range(3)]
    assert refused(answers[2])
    assert 'type="file"' in answers[2].text
    assert not refused(answers[1])


def test_any_other_form_can_be_sent_again(
    app: Flask, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = factories.signed_in(app, tenant.scope, Role.MANAGER)
    name = f"any {factories.number()}"
    one = Limit(name, parse("1/hour"), limits.account, lambda: True)
    monkeypatch.setattr(limits, "LIMITS", (one,))
    client.get("/people")
    typed = {"name": "张<三>", "email": "a@example.test", "role": "clerk"}
    answer = client.post("/people?x=1", data=typed)
    assert refused(answer)
    assert 'action="/people?x=1"' in answer.text
    assert '<input type="hidden" name="name" value="张&lt;三&gt;">' in answer.text
    part = client.post("/people", data=typed, headers={"HX-Request": "true"})
    assert refused(part)
    assert part.headers["HX-Reswap"] == "none", "the form stays as it is"
    assert "toast" in part.headers["HX-Trigger"]
    assert part.headers["HX-Trigger"].isascii()
    secret = client.post("/people", data={**typed, "new_password": "Geheim-123"})
    assert refused(secret)
    assert "Geheim" not in secret.text


def test_a_refusal_is_in_the_readers_language(app: Flask, tight: None) -> None:
    client = app.test_client()
    client.post("/language", data={"language": "en"})
    sign_in(client, "a@example.test")
    answer = sign_in(client, "b@example.test")
    assert answer.status_code == 429
    assert "Too many" in answer.text


def test_an_act_without_a_form_is_undone(app: Flask, tight: None) -> None:
    """/language takes no form that could say so: the act is refused all the same."""
    client = app.test_client()
    answers = [client.post("/language", data={"language": "en"}) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]


@pytest.mark.parametrize(
    ("proxies", "counted_apart"),
    [pytest.param("0", False, id="not believed"), pytest.param("1", True, id="believed")],
)
def test_the_address_is_the_one_that_the_proxy_names(
    make_app: Make, tight: None, proxies: str, counted_apart: bool
) -> None:
    app = make_app(limits="on", proxies=proxies)
    app.config["WTF_CSRF_ENABLED"] = False
    for place in (1, 2):
        sign_in(app.test_client(), f"{place}@x.test", **{"X-Forwarded-For": "198.51.100.1"})
    last = sign_in(app.test_client(), "3@x.test", **{"X-Forwarded-For": "198.51.100.2"})
    assert (last.status_code == 422) is counted_apart
    # What the visitor wrote in front of the proxy's word counts for nothing.
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}
    assert refused(sign_in(app.test_client(), "4@x.test", **forged))


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ],
)
def test_one_network_of_ipv6_is_one_visitor(app: Flask, given: str, key: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": given}):
        assert limits.address() == key


def test_workers_count_as_one(app: Flask, urls: DatabaseUrls) -> None:
    engines = [create_engine(urls.app) for _worker in range(4)]
    storages = [PostgresStorage(engine) for engine in engines]
    key = f"together {factories.number()}"
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda n: storages[n % 4].incr(key, 60), range(80)))
    assert sorted(counts) == list(range(1, 81)), "no hit is lost and none counts twice"
    assert storages[0].get(key) == 80
    storages[0].clear(key)
    assert storages[1].get(key) == 0
    assert storages[0].check()
    for engine in engines:
        engine.dispose()


def test_what_has_expired_counts_anew_and_is_swept(
    app: Flask, urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = create_engine(urls.owner)
    with app.app_context():
        storage = PostgresStorage(db.engine)
    key = f"late {factories.number()}"
    assert [storage.incr(key, 0), storage.incr(key, 0)] == [1, 1]
    storage.swept_at = float("-inf")
    storage.incr("fresh", 60)
    storage.clear("fresh")
    with owner.connect() as connection:
        expired = "select count(*) from rate_count where ends_at <= now()"
        assert connection.scalar(text(expired)) == 0
        kept = "select relpersistence from pg_class where relname = 'rate_count'"
        assert connection.scalar(text(kept)) == "u", "no hit waits for the disk"
    owner.dispose()


def test_the_counters_name_nobody(app: Flask, urls: DatabaseUrls, tight: None) -> None:
    sign_in(app.test_client(), "somebody@example.test")
    owner = create_engine(urls.owner)
    with owner.connect() as connection:
        keys = connection.scalars(text("select key from rate_count")).all()
    owner.dispose()
    assert keys
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)


def test_they_are_off_by_setting_alone(make_app: Make, tight: None) -> None:
    app = make_app(limits="off")
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    assert {sign_in(client, "x@x.test").status_code for _time in range(4)} == {422}


def test_what_counts_everything_is_told_in_batches(
    app: Flask, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = factories.signed_in(app, tenant.scope, Role.MANAGER)
    name = f"batch {factories.number()}"
    ten = Limit(name, parse("10/hour"), limits.account, lambda: True, batch=5)
    monkeypatch.setattr(limits, "LIMITS", (ten,))
    asked = [client.get("/people").status_code for _time in range(18)]
    assert asked == [200] * 14 + [429] * 4, "two batches are free, and the third never ends"


def test_a_worker_forgets_rather_than_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tally, "KEPT", 3)
    tally = Tally()
    assert [tally.is_due(key, 2) for key in "abcd"] == [False] * 4
    assert [tally.is_due(key, 2) for key in "da"] == [True, False]


def test_threads_of_a_worker_complete_a_batch_once() -> None:
    tally = Tally()
    with ThreadPoolExecutor(8) as pool:
        due = list(pool.map(lambda _n: tally.is_due("one", 10), range(1000)))
    assert sum(due) == 100
