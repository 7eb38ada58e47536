"""Leaflets as people write them down, one a line."""

import pytest

from counselhub.products import leaflets
from counselhub.products.leaflets import Leaflet, LeafletError


@pytest.mark.parametrize(
    ("line", "title", "copies"),
    [
        ("民法典手册 50份", "民法典手册", 50),
        ("民法典手册50", "民法典手册", 50),
        ("反诈折页：200 张", "反诈折页", 200),
        ("宣传册 x 30本", "宣传册", 30),
        ("2026年法治日历 10份", "2026年法治日历", 10),
    ],
)
def test_a_line(line: str, title: str, copies: int) -> None:
    assert leaflets.parsed(f"\n{line}\n") == (Leaflet(title, copies),)


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        pytest.param("甲 1份\n民法典手册", "shape", 2, id="no number"),
        pytest.param("50份", "shape", 1, id="no title"),
        pytest.param(f"{'字' * 61} 1份", "shape", 1, id="a long title"),
        pytest.param("甲 100001份", "shape", 1, id="very many copies"),
        pytest.param("甲 1份\n" * 21, "many", 0, id="many leaflets"),
    ],
)
def test_what_is_no_leaflet(lines: str, code: str, line: int) -> None:
    with pytest.raises(LeafletError) as caught:
        leaflets.parsed(lines)
    assert (caught.value.code, caught.value.line) == (code, line)


def test_leaflets_are_what_their_lines_say() -> None:
    found = (Leaflet("民法典手册", 50), Leaflet("反诈折页", 200))
    assert leaflets.parsed(leaflets.lines_of(found)) == found
    assert leaflets.copies(found) == 250
