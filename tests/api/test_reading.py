"""What a program is answered, and what it is refused."""

import pytest
from flask import Flask

from counselhub.core.permissions import Role
from tests.factories import Tenant
from tests.programs import Program, member, program


@pytest.fixture
def asks(app: Flask, tenant: Tenant) -> Program:
    """A program of the firm's manager, good for everything."""
    return program(app, member(app, tenant.scope, Role.MANAGER))


def test_a_list_and_one_of_it(asks: Program, tenant: Tenant) -> None:
    listed = asks.everything("/advisers")
    assert str(tenant.adviser_id) in {one["id"] for one in listed}
    one = asks.get(f"/advisers/{tenant.adviser_id}")
    assert one.json in listed
    assert one.mimetype == "application/json"
    assert "Set-Cookie" not in one.headers


def test_what_did_not_change_is_not_sent_again(asks: Program, tenant: Tenant) -> None:
    path = f"/contracts/{tenant.contract_id}"
    etag = asks.get(path).headers["ETag"]
    again = asks.get(path, headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.data) == (304, b"")
    assert asks.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param("/advisers", {"Accept": "text/html"}, 406, id="wants a page"),
        pytest.param("/advisers?limit=201", {}, 422, id="too many at once"),
        pytest.param("/advisers?nonsense=1", {}, 422, id="an argument that nobody knows"),
        pytest.param("/advisers?cursor=made-up", {}, 422, id="a made-up cursor"),
        pytest.param("/duty/sessions?from=2026-11-01", {}, 422, id="days without an end"),
        pytest.param("/advisers/nobody", {}, 404, id="no id"),
        pytest.param("/nothing", {}, 404, id="no address"),
    ],
)
def test_a_refusal_is_a_problem(
    asks: Program, path: str, headers: dict[str, str], status: int
) -> None:
    answer = asks.get(path, headers=headers)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    told = answer.get_json(force=True)
    assert told["status"] == status
    assert set(told) >= {"type", "title", "detail"}
    assert (status == 422) == ("errors" in told)


def test_a_problem_is_told_in_the_language_asked_for(asks: Program) -> None:
    english = asks.get("/nothing", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert "address" in english.get_json(force=True)["detail"]
    assert "地址" in asks.get("/nothing").get_json(force=True)["detail"]


def test_the_wrong_method_names_the_right_ones(asks: Program) -> None:
    answer = asks.ask("DELETE", "/places")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_scope_that_is_missing(app: Flask, tenant: Tenant) -> None:
    asks = program(app, member(app, tenant.scope, Role.MANAGER), ["places:read"])
    assert asks.get("/places").status_code == 200
    answer = asks.get("/advisers")
    assert answer.status_code == 403
    assert "advisers:read" in answer.get_json(force=True)["detail"]


def test_a_cookie_is_no_token(as_manager: object, app: Flask, tenant: Tenant) -> None:
    client = as_manager
    answer = client.get("/api/v1/advisers")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_parts_make_the_whole(asks: Program, tenant: Tenant) -> None:
    path = f"/places?all=true&street={tenant.town.street_code}"
    whole = asks.everything(path)
    assert [one["code"] for one in whole] == tenant.town.communities
    for limit in (1, 3, 4):
        assert asks.everything(path, limit) == whole


def test_a_cursor_is_of_its_query_alone(asks: Program) -> None:
    first = asks.get("/advisers", query_string={"limit": 1}).json
    assert first is not None
    elsewhere = asks.get(
        "/advisers", query_string={"limit": 1, "left": "true", "cursor": first["next"]}
    )
    assert elsewhere.status_code == 422
