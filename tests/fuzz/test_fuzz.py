"""Hostile input at every form, address, query and body: refused in a sentence, nothing lost."""

import importlib
import re
from collections.abc import Iterator
from itertools import chain, cycle, islice
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from counselhub.core.forms import Form
from counselhub.core.permissions import Permission
from counselhub.core.postgres.settings import CHECKOUT
from tests import world as worlds
from tests.fuzz import hostile, oddities
from tests.fuzz.judge import Judge, judging
from tests.fuzz.pages import Reader, ShownForm
from tests.test_every_route import rules
from tests.world import World, held

pytestmark = pytest.mark.long
ROLES = (
    "manager", "adviser", "checker", "approver", "assessor", "operator", "security", "audit",
    "stranger",
)  # fmt: skip
ASKED = re.compile(r'(?:args|values|form)(?:\.get|\.getlist)?[\(\[]"(\w+)"')
COMMON = ["q", "page", "sort", "direction", "month", "next", "back", "_scheme", "_external"]
SAFE = {"GET", "HEAD", "OPTIONS"}
ENDING = ("departure", "ending", "membership", "language", "sign-out")
"""Acts after which somebody could do no more: they come last."""


@pytest.fixture(scope="module")
def here(app: Flask) -> World:
    """Two firms with one of everything, for all tests of a worker."""
    return worlds.make(app)


@pytest.fixture
def judge(here: World, caplog: pytest.LogCaptureFixture) -> Iterator[Judge]:
    with judging(here, caplog) as made:
        yield made


def parameters() -> list[str]:
    """Return every name that some view looks for in a query, from the source itself."""
    source = "".join(
        path.read_text(encoding="utf-8") for path in (CHECKOUT / "counselhub").rglob("*.py")
    )
    filters = re.findall(r"(?:FILTERS|KEPT) = \(([^)]*)\)", source)
    named = re.findall(r'"(\w+)"', " ".join(filters))
    return sorted({*COMMON, *ASKED.findall(source), *named, "endpoint", "_method", "_anchor"})


def fields_of(rule: Rule) -> dict[str, str]:
    """Return the fields of all forms of the feature that a route belongs to."""
    feature = rule.endpoint.partition(".")[0]
    try:
        module = importlib.import_module(f"counselhub.{feature}.forms")
    except ModuleNotFoundError:
        return {}
    forms = [
        one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Form)
    ]
    return {
        name: "1"
        for one in forms
        for name in dir(one)
        if hasattr(getattr(one, name), "field_class")
    }


def reachable(app: Flask, rule: Rule, role: str) -> bool:
    """Say whether a role may reach a route at all."""
    view = app.view_functions[rule.endpoint]
    asked: set[Permission | None] = {view.required, *getattr(view, "or_required", ())}
    return asked == {None} or (role != "stranger" and bool(held(role) & asked))


def shown(here: World, role: str) -> list[tuple[str, ShownForm]]:
    """Return the forms on all pages of a role, and what its other routes would take."""
    found: dict[str, ShownForm] = {}
    adapter = here.app.url_map.bind("localhost")
    for form in chain.from_iterable(_on_page(here, role, one) for one in _pages(here, role)):
        endpoint, _values = adapter.match(form.path.partition("?")[0], method="POST")
        found.setdefault(endpoint, form)
    for rule in rules(here.app):
        for method in sorted((rule.methods or set()) - SAFE):
            if rule.endpoint not in found and reachable(here.app, rule, role):
                form = ShownForm(method, here.addresses(rule)[0], fields_of(rule))
                found[rule.endpoint] = form
    return sorted(found.items(), key=lambda one: (_rank(one[1].path), one[0]))


def _rank(path: str) -> int:
    """Return where an act stands: what ends most comes last."""
    return max([place for place, end in enumerate(ENDING, start=1) if end in path], default=0)


def _pages(here: World, role: str) -> Iterator[str]:
    looking = (
        rule
        for rule in rules(here.app)
        if "GET" in (rule.methods or ()) and reachable(here.app, rule, role)
    )
    return chain.from_iterable(here.addresses(rule) for rule in looking)


def _on_page(here: World, role: str, address: str) -> list[ShownForm]:
    page = here.clients[role].get(address)
    if page.status_code != 200 or page.mimetype != "text/html":
        return []
    return [form for form in Reader(page.text, address).forms if form.method == "POST"]


def test_there_are_more_than_two_hundred_different_ones() -> None:
    assert len(set(hostile.VALUES)) == len(hostile.VALUES) > 200
    assert all(len(group) >= 10 for group in hostile.GROUPS.values())


@pytest.mark.parametrize("role", ROLES)
def test_every_form(app: Flask, role: str, caplog: pytest.LogCaptureFixture) -> None:
    """A few fields at a time are hostile, the others as a browser would send them: each once."""
    here = worlds.make(app)
    values = hostile.endless()
    with judging(here, caplog) as judge:
        forms = shown(here, role)
        judge.watch.taken()
        for endpoint, form in forms:
            names = cycle(list(form.fields) or ["revision"])
            turns = _turns(app, endpoint, role)
            for turn in range(turns):
                fields = max(1 + turn % 3 // 2, -(-len(form.fields) // turns))
                changed = {next(names): next(values) for _field in range(fields)}
                if "language" in form.fields:  # a right one would change how the judge reads
                    changed["language"] = next(values)
                headers = {"HX-Request": "true"} if turn % 2 else {}
                judge.fire(
                    role, form.method, form.path, data=form.fields | changed, headers=headers
                )
                if endpoint == "people.sign_out":
                    break
    assert judge.fired > 30
    assert judge.refused > judge.fired // 4


def _turns(app: Flask, endpoint: str, role: str) -> int:
    """Return how often a form is tried: at length by the first role that may send it."""
    rule = next(one for one in rules(app) if one.endpoint == endpoint)
    first = next(one for one in ROLES if reachable(app, rule, one))
    return 6 if role == first else 2


@pytest.mark.parametrize("part", range(2))
def test_every_query(here: World, judge: Judge, part: int) -> None:
    """Each page is asked with all parameters hostile at once, shifted from page to page."""
    names, values = parameters(), hostile.endless()
    pages = [rule for rule in rules(here.app) if "GET" in (rule.methods or ())][part::2]
    assert len(names) > 20
    for rule in pages:
        address = here.addresses(rule)[0]
        judge.watch.taken()
        role = next(one for one in ROLES if reachable(here.app, rule, one))
        for turn in range(6):
            query = dict(zip(names, values, strict=False))
            query = {name: value[:2000] for name, value in query.items()}
            if turn % 3 == 2:
                query = dict(islice(query.items(), turn, turn + 2))
            headers = {"HX-Request": "true"} if turn % 2 else {}
            judge.fire(role, "GET", address, query_string=query, headers=headers)
    assert judge.done == 0


def test_every_part_of_an_address(here: World, judge: Judge) -> None:
    """Ids, codes, digests and tokens of any shape: not found, whatever the method."""
    values = hostile.endless()
    for rule in rules(here.app):
        arguments = sorted(rule.arguments)
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        role = next(one for one in ROLES if reachable(here.app, rule, one))
        for _turn in range(5 if arguments else 0):
            parts = {name: quote(next(values)[:2000], safe="") for name in arguments}
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found, p=parts: p[found[1]], rule.rule)
            answer = judge.fire(role, method, path)
            assert answer.status_code in (308, 400, 404, 405, 410, 422), (path, answer.status_code)
    for wrong in oddities.UNDECODABLE:
        for place in ("/communities/{}", "/welcome/{}", "/workbook/trials/{}", "/communities?q={}"):
            judge.fire("manager", "GET", place.format(wrong))
    for value in islice(values, len(hostile.VALUES)):
        judge.fire("stranger", "GET", "http://localhost/" + quote(value[:2000], safe="/"))


def bodies() -> Iterator[dict[str, Any]]:
    """Bodies that no form of ours sends."""
    yield {"json": {"name": ["x"], "revision": {"$gt": 0}}}
    yield {"json": [1, 2, 3]}
    yield {"data": b"{", "content_type": "application/json"}
    yield {"data": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "content_type": "text/xml"}
    yield {"data": b"\xff\xfe\x00", "content_type": "text/plain"}
    yield {"data": b"a" * 300_000, "content_type": "application/octet-stream"}
    yield {"data": b"--b\r\n\r\n", "content_type": "multipart/form-data; boundary=b"}
    yield {"data": b"x", "content_type": "multipart/form-data"}
    yield {"data": b"x", "content_type": "multipart/form-data; boundary=" + "b" * 500}
    yield {"data": _parts(b'name="name"; filename="../../x"'), **PARTS}
    yield {"data": _parts(b'name="revision"; filename="x"'), **PARTS}
    yield {"data": _parts(b'name="a\x00b"'), **PARTS}
    yield {"data": b"".join(b"&f%d=1" % n for n in range(2_000)), **URLENCODED}
    yield {"data": b"name=%ff%fe&revision=%ed%a0%80", **URLENCODED}
    yield {"data": b"name=" + b"x" * 600_000, **URLENCODED}
    yield {"data": b"=&==&&&%", **URLENCODED}
    yield {"data": MultiDict([(name, one) for name in NAMES for one in ("1", "2", "")])}
    yield {"data": {f"{name}[]": "1" for name in NAMES}}
    yield {"data": {f"{name}[0][x]": "1" for name in NAMES}}
    yield {"data": {f"{name}.__class__": "1" for name in NAMES}}
    yield {"data": {f"{name}-0": "1" for name in NAMES}}
    yield {"data": {"_method": "DELETE", "__proto__[x]": "1", "csrf_token": "1"}}


URLENCODED = {"content_type": "application/x-www-form-urlencoded"}
PARTS = {"content_type": "multipart/form-data; boundary=b"}
NAMES = ["name", "revision", "code", "day", "role", "line", "reason", "file", "email", "password"]


def _parts(head: bytes) -> bytes:
    return b"--b\r\nContent-Disposition: form-data; " + head + b"\r\n\r\nx\r\n--b--\r\n"


def test_every_body(here: World, judge: Judge) -> None:
    """JSON, XML, broken parts, lists and nested names at every route that takes something."""
    kinds = list(bodies())
    for place, rule in enumerate(rules(here.app)):
        if "POST" not in (rule.methods or ()) or any(end in rule.rule for end in ENDING):
            continue
        address = here.addresses(rule)[0]
        judge.watch.taken()
        role = next(one for one in ROLES if reachable(here.app, rule, one))
        for turn, body in enumerate(kinds):
            if (turn + place) % 4 == 0:
                judge.fire(role, "POST", address, **body)
    assert judge.fired > 300


def test_every_header(here: World, judge: Judge) -> None:
    names = ("HX-Request", "HX-Target", "HX-Trigger", "HX-Prompt", "HX-Current-URL", "HX-Boosted")
    more = ("Accept-Language", "Accept", "Accept-Encoding", "Range", "If-None-Match", "Referer")
    rest = ("If-Modified-Since", "Cookie", "Content-Type", "Authorization", "X-Forwarded-For")
    values = (value for value in hostile.VALUES if not re.search("[\r\n]", value))
    pages = cycle(["/communities", "/month", "/nowhere", "/workbook/template.xlsx", "/sign-in"])
    for name, value in zip(cycle((*names, *more, *rest)), values, strict=False):
        sent = value[:4000].encode().decode("latin-1")
        judge.fire("manager", "GET", next(pages), headers={name: sent})
    assert judge.done == 0


@settings(
    max_examples=100,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(st.data())
def test_any_text_in_any_form(here: World, judge: Judge, data: st.DataObject) -> None:
    """What nobody thought of: any text in any field of any form of the manager."""
    if not hasattr(here, "forms"):
        here.forms = shown(here, "manager")
        judge.watch.taken()
    forms = [f for _name, f in here.forms if f.fields and not any(e in f.path for e in ENDING)]
    form = data.draw(st.sampled_from(forms))
    letters = st.characters(exclude_categories=["Cs"])
    name = data.draw(st.sampled_from(sorted(form.fields)))
    mixed = st.lists(st.sampled_from(hostile.VALUES), min_size=2, max_size=3).map("".join)
    value = data.draw(st.text(letters, max_size=60) | mixed)
    judge.fire("manager", form.method, form.path, data=form.fields | {name: value})


def test_the_walk_covers_every_route_that_changes_something(app: Flask) -> None:
    """`shown` adds what a role may reach to what its pages show, so this is enough."""
    changing = [rule for rule in rules(app) if (rule.methods or set()) - SAFE]
    assert len(changing) > 100
    for rule in changing:
        assert any(reachable(app, rule, role) for role in ROLES), rule
