"""A menu is kept for the next of its kind of reader: it is never another's."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind
from tests import factories
from tests.factories import Tenant, Town

ENTRY = re.compile(r'<a class="nav-entry" href="([^"]+)"( aria-current="page")?>.*?<span>([^<]+)')
SIDE = re.compile(r'<nav class="side".*?</nav>', re.DOTALL)


def side(reader: FlaskClient, page: str) -> list[tuple[str, str, str]]:
    """Return address, mark and word of each entry beside `page`."""
    found = SIDE.search(reader.get(page).text)
    assert found
    return ENTRY.findall(found[0])


def test_each_reader_has_the_own_menu(as_manager: FlaskClient, as_adviser: FlaskClient) -> None:
    for _twice in range(2):
        whole, small = side(as_manager, "/services"), side(as_adviser, "/services")
        assert {"/people", "/services"} <= {href for href, _mark, _word in whole}
        assert "/people" not in {href for href, _mark, _word in small}
        assert "/services" in {href for href, _mark, _word in small}


def test_in_english_the_first_places_stand_in_no_part_either(as_manager: FlaskClient) -> None:
    """A catalogue keeps its own head under the word that is none."""
    shut = SIDE.search(as_manager.get("/services").text)
    as_manager.post("/language", data={"language": "en"})
    page = as_manager.get("/services").text
    assert "Project-Id-Version" not in page
    found = SIDE.search(page)
    assert found
    assert shut
    assert found[0].count("<summary") == shut[0].count("<summary")


def test_the_open_page_is_marked_anew(as_manager: FlaskClient) -> None:
    for page in ("/services", "/communities", "/services"):
        assert [href for href, mark, _word in side(as_manager, page) if mark] == [page]


def test_a_long_menu_opens_the_part_of_the_page(
    app: Flask, town: Town, as_manager: FlaskClient
) -> None:
    parts = re.compile(r'<details class="nav-part"( open)?>\s*<summary[^>]*><span>([^<]+)')
    found = SIDE.search(as_manager.get("/contracts").text)
    assert found
    assert [name for is_open, name in parts.findall(found[0]) if is_open] == ["档案"]
    assert len(parts.findall(found[0])) > 4
    bureau = Scope(ScopeKind.BUREAU, town.street_code[:6])
    reader = factories.signed_in(app, bureau, Role.READER)
    short = SIDE.search(reader.get("/shared-pairings").text)
    assert short
    assert {is_open for is_open, _name in parts.findall(short[0])} == {" open"}


BAR = re.compile(r'<nav class="tab-bar".*?</nav>', re.DOTALL)
OF_OFFICE = (Role.CHECKER, Role.APPROVER)
OF_BUREAU = (Role.READER, Role.ASSESSOR)


@pytest.mark.parametrize("role", Role)
def test_the_first_page_is_on_the_bar_of_the_phone(app: Flask, tenant: Tenant, role: Role) -> None:
    scope = tenant.scope
    if role in OF_OFFICE:
        scope = tenant.town.scope
    elif role in OF_BUREAU:
        scope = Scope(ScopeKind.BUREAU, tenant.town.street_code[:6])
    elif role is Role.OPERATOR:
        scope = PLATFORM
    reader = factories.signed_in(app, scope, role)
    home = reader.get("/").location
    bar = BAR.search(reader.get(home).text)
    assert bar
    marked = [href for href, mark, _word in ENTRY.findall(bar[0]) if mark]
    assert marked == [home]


def test_the_menu_follows_the_language(as_manager: FlaskClient) -> None:
    chinese = side(as_manager, "/services")
    with as_manager.session_transaction() as session:
        session["locale"] = "en"
    english = side(as_manager, "/services")
    with as_manager.session_transaction() as session:
        session["locale"] = "zh_CN"
    assert [href for href, *_ in chinese] == [href for href, *_ in english]
    assert [word for *_, word in chinese] != [word for *_, word in english]
    assert side(as_manager, "/services") == chinese
