"""Pages of a list: which numbers are named, and the address with parts changed."""

import pytest
from flask import Flask

from counselhub.core.paging import Page, page_path, url_with


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        pytest.param(1, 1, [1], id="one page"),
        pytest.param(1, 3, [1, 2, 3], id="few pages: all but none left out"),
        pytest.param(5, 9, [1, None, 4, 5, 6, None, 9], id="in the middle: a gap on each side"),
        pytest.param(1, 9, [1, 2, None, 9], id="the first"),
        pytest.param(9, 9, [1, None, 8, 9], id="the last"),
    ],
)
def test_the_pager_names_a_handful(page: int, pages: int, numbers: list[int | None]) -> None:
    assert Page([], page, 50, pages * 50).numbers == numbers


@pytest.mark.parametrize(
    ("address", "changes", "made"),
    [
        pytest.param("/x?q=a&page=2", {"page": 3}, "/x?q=a&page=3", id="changed"),
        pytest.param("/x?q=a&page=2", {"page": None}, "/x?q=a", id="dropped"),
        pytest.param("/x?page=2", {"page": None}, "/x", id="nothing left"),
        pytest.param("/x?q=%26b%3D%22", {"page": 1}, "/x?q=%26b%3D%22&page=1", id="quoted again"),
        pytest.param("/南?q=", {"sort": "day"}, "/%E5%8D%97?sort=day", id="Chinese path"),
    ],
)
def test_an_address_with_parts_changed(address: str, changes: dict[str, object], made: str) -> None:
    with Flask("paging").test_request_context(address):
        assert url_with(**changes) == made


def test_an_address_never_leads_to_another_host() -> None:
    given = {"PATH_INFO": "//evil.example/y"}
    with Flask("paging").test_request_context("/", environ_overrides=given):
        assert url_with(page=2) == "/evil.example/y?page=2"


@pytest.mark.parametrize(
    ("before", "path"),
    [
        pytest.param("http://localhost/%E5%8D%97?page=2", "/%E5%8D%97", id="the page of the form"),
        pytest.param("http://evil.example/x", "/x/pause", id="another host's"),
        pytest.param("http://localhost//evil.example/y", "/evil.example/y", id="no other host"),
        pytest.param(None, "/x/pause", id="not told"),
    ],
)
def test_what_a_refused_act_shows_stands_at_its_page(before: str | None, path: str) -> None:
    headers = {"Referer": before} if before else {}
    with Flask("paging").test_request_context("/x/pause", method="POST", headers=headers):
        assert page_path() == path
        assert url_with(page=2) == f"{path}?page=2"
    with Flask("paging").test_request_context("/x", headers=headers):
        assert page_path() == "/x"
