"""Every page without arguments: its ids are unique, its labels lead to fields, its place shows."""

from collections import Counter
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.menu import PLACES
from tests.test_every_route import ROLES, rules

FIELDS = {"input", "select", "textarea"}


class Reader(HTMLParser):
    """Notes the ids of a page, what its labels point to, and its marked navigation entries."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.fields: set[str] = set()
        self.labelled: set[str] = set()
        self.here: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if own := given.get("id"):
            self.ids[own] += 1
            if tag in FIELDS:
                self.fields.add(own)
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        if given.get("class") == "nav-entry" and given.get("aria-current") == "page":
            self.here.add(given["href"])


def faults(page: Reader) -> list[str]:
    """The ids that a page has twice, and those that a label names and no field has."""
    twice = [one for one, times in page.ids.items() if times > 1]
    return sorted(twice) + sorted(page.labelled - page.fields)


@pytest.mark.parametrize("role", ROLES)
def test_ids_are_unique_and_labels_lead_to_fields(
    app: Flask, role: str, request: pytest.FixtureRequest
) -> None:
    client: FlaskClient = request.getfixturevalue(role)
    wrong, read = [], 0
    for rule in rules(app):
        if "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        answer = client.get(rule.rule)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page, read = Reader(answer.text), read + 1
        wrong += [(rule.rule, one) for one in faults(page)]
    assert wrong == []
    assert read >= 2


def test_every_place_is_marked_when_it_is_open(app: Flask, as_manager: FlaskClient) -> None:
    with app.test_request_context():
        places = [app.url_for(place.endpoint, _external=False) for place in PLACES]
    shown = [path for path in places if as_manager.get(path).status_code == 200]
    assert len(shown) > 10
    assert [Reader(as_manager.get(path).text).here for path in shown] == [{p} for p in shown]


@pytest.mark.parametrize(
    ("page", "place"),
    [
        pytest.param("/duty/sessions/new", "/duty/sessions", id="the nearest of two"),
        pytest.param("/duty/online", "/duty", id="beside it"),
        pytest.param("/contracts/new", "/contracts", id="below it"),
    ],
)
def test_a_page_below_a_place_marks_it(as_manager: FlaskClient, page: str, place: str) -> None:
    assert Reader(as_manager.get(page).text).here == {place}
