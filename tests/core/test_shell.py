"""The style guide shows every macro, so rendering it proves them; and pages stay small."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tools import guide

ROOT = Path(__file__).resolve().parents[2]
MACROS = (ROOT / "templates/core/macros.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    client: FlaskClient = guide.create_app(debug=False).test_client()
    return client


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/nothing", 404)])
def test_pages_obey_the_content_policy(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    page = answer.text
    assert not re.findall(r"<[^>]+\s(?:style|on[a-z]+|hx-on[^=]*)=", page)
    assert not re.findall(r"<script(?![^>]*\ssrc=)|<style|javascript:", page)


def test_every_icon_named_in_templates_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'id="([\w-]+)"', (ROOT / "static/icons.svg").read_text()))
    named: set[str] = set()
    for file in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'\b(?:icon|draw)\("([\w-]+)"\)', file.read_text(encoding="utf-8")))
    assert named <= drawn


def test_every_macro_is_described() -> None:
    public = re.findall(r"{% macro ([a-z]\w*)\(", MACROS)
    for name in public:
        assert f"{{#- {name}:" in MACROS or name == "csrf_field", name


def test_a_first_visit_is_small(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Encoding": "identity"}).get_data()
    total = len(gzip.compress(page))
    links = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.decode()))
    assert len(links) >= 5
    for link in links:
        with client.get(link, headers={"Accept-Encoding": "br"}) as answer:
            assert "immutable" in answer.headers["Cache-Control"], link
            total += len(answer.get_data())
    assert len(gzip.compress(page)) < 15_000
    assert total < 150_000


def test_a_changed_copy_is_never_stale(tmp_path: Path) -> None:
    from counselhub.core import assets

    file = tmp_path / "a.css"
    file.write_text("a{}" * 100)
    assets.precompress(tmp_path)
    file.write_text("b{}" * 100)
    assets.precompress(tmp_path)
    assert gzip.decompress((tmp_path / "a.css.gz").read_bytes()) == file.read_bytes()
    assert list(assets.names(tmp_path)) == ["a.css"]


def test_an_invalid_entry_keeps_its_text_and_says_why(client: FlaskClient) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert token
    data = {"csrf_token": token[1], "summary": "漏水纠纷", "kind": "lecture"}
    answer = client.post("/entry", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith("<form")
    assert "漏水纠纷" in answer.text
    assert re.search(r'aria-describedby="fee-help fee-error"', answer.text)


@pytest.mark.parametrize(
    ("sort", "says", "leads"),
    [
        pytest.param(("day",), 'aria-sort="ascending"', "direction=desc", id="upwards"),
        pytest.param(("-day",), 'aria-sort="descending"', "direction=asc", id="downwards"),
        pytest.param(("day", "desc"), 'aria-sort="descending"', "direction=asc", id="in two words"),
        pytest.param(("-name",), "<th", "direction=asc", id="by another"),
    ],
)
def test_a_header_says_how_its_list_is_sorted(
    client: FlaskClient, sort: tuple[str, ...], says: str, leads: str
) -> None:
    with client.application.test_request_context("/"):
        macros = client.application.jinja_env.get_template("core/macros.html").module
        header = macros.sort_header("日期", "day", *sort)
    assert says in header
    assert leads in header
    assert ("aria-sort" in header) is ("aria-sort" in says)
