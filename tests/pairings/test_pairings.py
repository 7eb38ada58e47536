"""Party-building pairings: list, add, change, and each refusal."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from tests.counting import statements
from tests.factories import Tenant


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 20 October 2026."""
    with clock.frozen(datetime(2026, 10, 20, 12, tzinfo=clock.SHANGHAI)):
        yield


def entry(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "community_code": tenant.town.communities[0],
        "party_a": "中共甲社区支部委员会",
        "party_b": "中共某某律师事务所支部委员会",
        "signed_on": "2026-01-08",
        "valid_until": "2026-12-31",
        "content": "每季度一次法治讲座",
    } | given


@pytest.fixture
def address(as_manager: FlaskClient, tenant: Tenant) -> str:
    """The address of a pairing of the firm."""
    saved = as_manager.post("/pairings", data=entry(tenant), follow_redirects=True)
    assert "已登记结对协议" in saved.text
    links = as_manager.get("/pairings").text.split('href="/pairings/')[1:]
    return next(f"/pairings/{link[:36]}" for link in links if not link.startswith("new"))


def test_a_pairing_is_listed(as_manager: FlaskClient, address: str) -> None:
    page = as_manager.get("/pairings").text
    for words in ("甲社区", "中共某某律师事务所支部委员会", "2026-12-31", "有效"):
        assert words in page


def test_a_pairing_past_its_term_says_so(
    as_manager: FlaskClient, tenant: Tenant, address: str
) -> None:
    given = entry(tenant, valid_until="2026-10-19", revision="1")
    assert as_manager.post(address, data=given).status_code == 303
    assert "已到期" in as_manager.get("/pairings").text
    stale = as_manager.post(address, data=entry(tenant, revision="1"))
    assert stale.status_code == 409
    assert 'value="2026-10-19"' in stale.text
    without_end = entry(tenant, valid_until="", revision="2")
    assert as_manager.post(address, data=without_end).status_code == 303
    assert "长期" in as_manager.get("/pairings").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=甲社区", True),
        ("q=某某律师", True),
        ("q=乙社区", False),
        ("sort=until", True),
        ("sort=community&direction=desc", True),
        ("sort=nonsense", True),
    ],
)
def test_the_list_is_searched(
    as_manager: FlaskClient, address: str, query: str, found: bool
) -> None:
    assert ("中共甲社区支部" in as_manager.get(f"/pairings?{query}").text) is found


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        pytest.param({"party_a": ""}, 422, "请填写", id="no organisation"),
        pytest.param({"community_code": "x"}, 422, "社区", id="no such community"),
        pytest.param({"valid_until": "2026-01-07"}, 422, "不能早于签订日期", id="ends before"),
        pytest.param({}, 409, "甲社区 2026-01-08 已经登记过", id="there already"),
    ],
)
def test_bad_pairings_are_refused(
    as_manager: FlaskClient,
    tenant: Tenant,
    address: str,
    given: dict[str, str],
    status: int,
    words: str,
) -> None:
    answer = as_manager.post("/pairings", data=entry(tenant, **given))
    assert answer.status_code == status
    assert words in answer.text
    assert "每季度一次法治讲座" in answer.text


def test_bad_changes_are_refused(as_manager: FlaskClient, tenant: Tenant, address: str) -> None:
    as_manager.post("/pairings", data=entry(tenant, signed_on="2026-02-01"))
    taken = as_manager.post(address, data=entry(tenant, signed_on="2026-02-01", revision="1"))
    assert taken.status_code == 409
    assert "2026-02-01 已经登记过" in taken.text
    assert as_manager.post(address, data=entry(tenant, party_b="")).status_code == 422


def test_strangers_roles_and_other_firms(
    app: Flask,
    as_outsider: FlaskClient,
    as_adviser: FlaskClient,
    as_checker: FlaskClient,
    tenant: Tenant,
    address: str,
) -> None:
    assert app.test_client().get("/pairings").status_code == 303
    assert as_checker.get("/pairings").status_code == 403
    assert as_outsider.get(address).status_code == 404
    assert as_outsider.post(address, data=entry(tenant)).status_code == 404
    assert "还没有结对协议" in as_outsider.get("/pairings").text
    assert "甲社区" in as_adviser.get("/pairings").text
    for path in ("/pairings/new", address):
        assert as_adviser.get(path).status_code == 403
    for path in ("/pairings", address):
        assert as_adviser.post(path, data=entry(tenant)).status_code == 403


def test_the_list_asks_the_database_at_most_eight_times(
    as_manager: FlaskClient, address: str
) -> None:
    assert as_manager.get("/pairings/new").status_code == 200
    with statements() as asked:
        assert as_manager.get("/pairings").status_code == 200
    assert len(asked) <= 8, asked
