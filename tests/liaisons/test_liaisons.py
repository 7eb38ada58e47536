"""Liaisons and posts: what people keep, see and are refused; what the office reads."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.liaisons.models import CommitteePost, Liaison
from counselhub.liaisons.rules import wants_check
from tests import factories
from tests.counting import statements
from tests.factories import Tenant

TODAY = date(2026, 10, 14)


@pytest.fixture(autouse=True)
def wednesday() -> Iterator[None]:
    """Ten o'clock on 14 October 2026."""
    with clock.frozen(datetime(2026, 10, 14, 10, tzinfo=clock.SHANGHAI)):
        yield


Look = Callable[..., list[Any]]


@pytest.fixture
def good(tenant: Tenant) -> dict[str, Any]:
    return {
        "place": tenant.town.communities[0],
        "name": "陈联络",
        "post": "居委会副主任",
        "phone": "020-00000000",
        "starts_on": "2026-03-01",
    }


@pytest.mark.parametrize(
    ("checked_on", "ends_on", "wants"),
    [
        pytest.param(date(2026, 4, 15), None, False, id="LIAISON-1 exactly half a year"),
        pytest.param(date(2026, 4, 14), None, True, id="LIAISON-1 a day more"),
        pytest.param(date(2025, 1, 1), TODAY, True, id="LIAISON-1 in office to the last day"),
        pytest.param(date(2025, 1, 1), date(2026, 10, 13), False, id="LIAISON-1 who left"),
    ],
)
def test_wants_check(checked_on: date, ends_on: date | None, wants: bool) -> None:
    assert wants_check(checked_on, ends_on, TODAY) is wants


def made(client: FlaskClient, good: dict[str, Any], look: Look) -> Liaison:
    assert client.post("/liaisons", data=good).status_code == 303
    (row,) = look(db.select(Liaison).where(Liaison.name == good["name"]))
    assert isinstance(row, Liaison)
    return row


def test_a_liaison_of_a_community_and_of_the_street(
    as_adviser: FlaskClient,
    as_checker: FlaskClient,
    tenant: Tenant,
    good: dict[str, Any],
    look: Look,
) -> None:
    assert "还没有联络员" in as_adviser.get("/liaisons").text
    row = made(as_adviser, good, look)
    street = made(as_adviser, good | {"place": tenant.town.street_code, "name": "黄联络"}, look)
    assert (row.community_code, street.community_code) == (good["place"], None)
    page = as_adviser.get("/liaisons").text
    assert page.index("黄联络") < page.index("陈联络"), "the street's come first"
    team = as_adviser.get(f"/communities/{good['place']}/team").text
    assert "陈联络" in team
    assert "黄联络" in team
    shared = as_checker.get("/shared-liaisons").text
    assert "陈联络" in shared
    assert "登记联络员" not in shared


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"name": ""}, "请填写", id="no name"),
        pytest.param({"phone": "打我手机"}, "请填写手机号或座机号", id="no phone"),
        pytest.param({"place": "999999999999"}, "有几处需要改正", id="a place not served"),
        pytest.param({"starts_on": "2026-12-01"}, "任职日期不能晚于今天", id="a day to come"),
    ],
)
def test_bad_input_comes_back(
    as_adviser: FlaskClient, good: dict[str, Any], changes: dict[str, str], words: str
) -> None:
    answer = as_adviser.post("/liaisons", data=good | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="居委会副主任"' in answer.text


def test_who_was_not_looked_after_is_told_and_checked(
    as_adviser: FlaskClient, good: dict[str, Any], look: Look
) -> None:
    with clock.frozen(datetime(2026, 3, 2, 10, tzinfo=clock.SHANGHAI)):
        row = made(as_adviser, good, look)
    page = as_adviser.get("/liaisons?tab=due").text
    assert "该核对了" in page
    address = f"/liaisons/{row.id}/check"
    assert as_adviser.post(address, data={"revision": "7"}).status_code == 409
    assert as_adviser.post(address, data={"revision": "1"}).status_code == 303
    assert "没有要核对的联络员" in as_adviser.get("/liaisons?tab=due").text


def test_an_election_ends_one_and_asks_for_the_next(
    as_adviser: FlaskClient, good: dict[str, Any], look: Look
) -> None:
    row = made(as_adviser, good, look)
    page = f"/liaisons/{row.id}"
    changed = good | {"post": "居委会主任", "revision": "1"}
    assert as_adviser.post(page, data=changed).status_code == 303
    assert as_adviser.post(page, data=changed).status_code == 409
    early = as_adviser.post(f"{page}/ending", data={"last_on": "2026-01-01", "revision": "2"})
    assert (early.status_code, "不能早于任职日期" in early.text) == (422, True)
    assert as_adviser.post(f"{page}/ending", data={"last_on": ""}).status_code == 422
    ended = as_adviser.post(f"{page}/ending", data={"last_on": "2026-10-13", "revision": "2"})
    assert ended.location.endswith(f"/liaisons/new?place={good['place']}")
    assert "陈联络" in as_adviser.get("/liaisons?tab=left").text
    assert as_adviser.post(page, data=changed | {"revision": "3"}).status_code == 409


def test_a_deputy_head_with_his_term(
    as_manager: FlaskClient, as_adviser: FlaskClient, tenant: Tenant, look: Look
) -> None:
    code = tenant.town.communities[0]
    page = f"/communities/{code}/posts"
    post = {"adviser_id": str(tenant.adviser_id), "role": "deputy_head", "starts_on": "2026-01-01"}
    assert as_adviser.post(page, data=post).status_code == 403
    assert as_manager.post(page, data=post | {"ends_on": "2025-01-01"}).status_code == 422
    assert as_manager.post(page, data=post | {"document": "聘字〔2026〕1号"}).status_code == 303
    twice = as_manager.post(page, data=post | {"starts_on": "2026-06-01"})
    assert twice.status_code == 422
    assert "张三丰从 2026-01-01 起已是甲社区人民调解委员会副主任" in twice.text
    (row,) = look(db.select(CommitteePost))
    late = as_manager.post(
        f"/posts/{row.id}/ending", data={"last_on": "2025-01-01", "revision": "1"}
    )
    assert (late.status_code, "结束日期要在" in late.text) == (422, True)
    done = {"last_on": "2026-09-30", "revision": "1"}
    assert as_manager.post(f"/posts/{row.id}/ending", data=done).status_code == 303
    assert as_manager.post(f"/posts/{row.id}/ending", data=done).status_code == 409
    assert "聘字〔2026〕1号" in as_manager.get(f"/communities/{code}/team").text
    assert "调解委员会" in as_manager.get(f"/communities/{code}/history").text
    assert as_manager.post(page, data=post | {"starts_on": "2026-10-01"}).status_code == 303


def test_others_find_nothing(
    app: Flask,
    as_outsider: FlaskClient,
    as_adviser: FlaskClient,
    good: dict[str, Any],
    look: Look,
) -> None:
    row = made(as_adviser, good, look)
    assert as_outsider.get(f"/liaisons/{row.id}").status_code == 404
    assert "陈联络" not in as_outsider.get("/liaisons").text
    other = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    assert "陈联络" not in other.get("/shared-liaisons").text


def test_lists_are_searched_with_few_statements(
    as_adviser: FlaskClient, as_checker: FlaskClient, good: dict[str, Any], look: Look
) -> None:
    made(as_adviser, good, look)
    assert "陈联络" in as_adviser.get("/liaisons?q=甲").text
    assert "没有找到联络员" in as_adviser.get("/liaisons?q=丁").text
    looked = [(as_adviser, "/liaisons"), (as_checker, "/shared-liaisons")]
    looked += [(as_adviser, f"/communities/{good['place']}/team"), (as_adviser, "/liaisons/new")]
    for client, path in looked:
        with statements() as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= 8, (path, sent)
