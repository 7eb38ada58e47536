"""A menu is kept for the next of its kind of reader: it is never another's."""

import re

from flask.testing import FlaskClient

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


def test_the_open_page_is_marked_anew(as_manager: FlaskClient) -> None:
    for page in ("/services", "/communities", "/services"):
        assert [href for href, mark, _word in side(as_manager, page) if mark] == [page]


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
