"""One view serves htmx and plain browsers; Chinese survives the headers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask, Response, get_flashed_messages
from flask.testing import FlaskClient
from jinja2 import DictLoader

from counselhub.core import htmx, security_headers

PART = {"HX-Request": "true"}


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask(__name__)
    app.secret_key = "test"
    app.testing = True
    app.jinja_loader = DictLoader({"page.html": "page", "_part.html": "part {{ word }}"})
    htmx.init_app(app)
    security_headers.init_app(app)

    @app.get("/")
    def show() -> Response:
        return htmx.show("page.html", "_part.html", word="驻点")

    @app.get("/whole")
    def whole() -> Response:
        return htmx.show("page.html")

    @app.post("/change")
    def change() -> Response:
        return htmx.changed("_part.html", "/", "visit-changed", toast="已签到", word="新")

    @app.post("/bad")
    def bad() -> Response:
        return htmx.invalid("page.html", "_part.html", word="错")

    @app.post("/away")
    def away() -> Response:
        return htmx.gone_to("/login")

    @app.get("/flashes")
    def flashes() -> dict[str, list[str]]:
        return {"flashes": [str(message) for message in get_flashed_messages()]}

    @app.post("/prompt")
    def prompt() -> str:
        return htmx.prompt()

    with app.test_client() as client:
        yield client


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param({}, "page", id="plain"),
        pytest.param(PART, "part 驻点", id="htmx"),
        pytest.param({**PART, "HX-Boosted": "true"}, "page", id="boosted"),
        pytest.param({**PART, "HX-History-Restore-Request": "true"}, "page", id="restored"),
    ],
)
def test_show(client: FlaskClient, headers: dict[str, str], body: str) -> None:
    answer = client.get("/", headers=headers)
    assert answer.text == body
    assert "HX-Request" in answer.headers["Vary"]


def test_show_without_partial_is_always_the_page(client: FlaskClient) -> None:
    assert client.get("/whole", headers=PART).text == "page"


def test_changed_for_htmx_is_the_part_with_ascii_events(client: FlaskClient) -> None:
    answer = client.post("/change", headers=PART)
    header = answer.headers["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {
        "visit-changed": None,
        "toast": {"message": "已签到", "tone": "success"},
    }
    assert answer.text == "part 新"


def test_changed_for_a_form_redirects_and_flashes(client: FlaskClient) -> None:
    answer = client.post("/change")
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/flashes").json == {"flashes": ["已签到"]}


@pytest.mark.parametrize(("headers", "body"), [({}, "page"), (PART, "part 错")])
def test_invalid_is_422(client: FlaskClient, headers: dict[str, str], body: str) -> None:
    answer = client.post("/bad", headers=headers)
    assert (answer.status_code, answer.text) == (422, body)


def test_gone_to(client: FlaskClient) -> None:
    assert client.post("/away").status_code == 303
    answer = client.post("/away", headers=PART)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/login")


def test_prompt_is_decoded(client: FlaskClient) -> None:
    headers = {**PART, "HX-Prompt": "%E4%B8%8D%E7%AC%A6", "HX-Prompt-URI-AutoEncoded": "true"}
    assert client.post("/prompt", headers=headers).text == "不符"


def test_headers_forbid_inline_code(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
