"""The pages that an office reads of a firm that has left say what they said, letter by letter."""

import re
from collections.abc import Callable
from itertools import zip_longest
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.permissions import Role
from counselhub.leaving import deleting
from tests import factories
from tests.isolation.addresses import Route, routes
from tests.isolation.looks import body_of
from tests.isolation.world import Furnished, World
from tests.leaving.conftest import asked

OF_A_SESSION = re.compile(
    r'(?:name="(?:csrf_token|key)" value=|X-CSRFToken": |"token": ?)"[^"]*"|nonce="[^"]*"'
)
MADE_ANEW = ("/confirm", "/account", "/packs/", "/acts", "/audit/heads")
"""Pages of oneself, what is worked out anew, and the chain, which the departure itself joined."""


def pages() -> list[Route]:
    """Every page that some role of an office may open."""
    roles = (Role.CHECKER, Role.APPROVER)
    return [
        route
        for route in routes()
        if route.method == "GET"
        and route.required
        and any(route.may(role) for role in roles)
        and not route.rule.startswith(MADE_ANEW)
    ]


def told(app: Flask, client: FlaskClient, firm: Furnished) -> dict[str, tuple[int, str]]:
    """Return what each page answers, without what belongs to the session."""
    found = {}
    for route in pages():
        address = route.of(app, firm)
        answer = client.get(address)
        found[address] = answer.status_code, OF_A_SESSION.sub("", body_of(answer))
    return found


@pytest.mark.long
def test_every_page_of_its_office_stays(
    app: Flask, world: World, hurry: Callable[[UUID], None]
) -> None:
    firm = world.stranger
    office = factories.signed_in(app, firm.tenant.town.scope, Role.CHECKER)
    departure_id = asked(app, firm.tenant)
    hurry(departure_id)
    now = clock.now()
    with clock.frozen(now):
        before = told(app, office, firm)
        with app.app_context():
            deleting.run()
        after = told(app, office, firm)
    assert sum(status == 200 for status, _words in before.values()) > 60
    differing = {
        address: first_difference(words, after[address][1])
        for address, (status, words) in before.items()
        if after[address] != (status, words)
    }
    assert differing == {}


def first_difference(before: str, after: str) -> tuple[str, str]:
    """Return the first line that changed, as it was and as it is."""
    lines = zip_longest(before.splitlines(), after.splitlines(), fillvalue="")
    return next(((one, other) for one, other in lines if one != other), ("", ""))


def test_its_office_is_told(app: Flask, world: World) -> None:
    """On the page of each statement of the firm, and of no other firm's."""
    office = factories.signed_in(app, world.victim.tenant.town.scope, Role.CHECKER)
    asked(app, world.victim.tenant)
    told = [
        "该所已申请离开平台" in office.get(f"/review/{firm.ids['statement_id']}").text
        for firm in (world.victim, world.neighbour)
    ]
    assert told == [True, False]
