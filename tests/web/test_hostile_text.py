"""Patterns that are put to people's text cost as much as it is long: no text holds a worker.

Each of these took minutes and more while its pattern tried every way of parting such a text.
"""

import re
from collections.abc import Callable

import pytest

from counselhub.advisers import rules as advisers
from counselhub.attendance import across, storing, tables, times
from counselhub.invitations import forms as invitations
from counselhub.matters import names
from counselhub.products import leaflets
from counselhub.products.leaflets import LeafletError
from counselhub.services import paste_words, pasting
from counselhub.workbook import archive, cells

LONG = 200_000
OPENED = b'<c r="A1">'


def no_leaflet(line: str) -> bool:
    """Whether the line is told to be none."""
    try:
        leaflets.parsed(line)
    except LeafletError:
        return True
    return False


def finds_nothing(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Whether the pattern finds nothing, wherever it begins."""
    return lambda text: pattern.search(text) is None


@pytest.mark.parametrize(
    ("passes", "text"),
    [
        pytest.param(no_leaflet, "手册" + "，" * LONG + "！", id="leaflet"),
        pytest.param(no_leaflet, "手册" + " x" * LONG, id="leaflet with times"),
        pytest.param(
            lambda text: re.fullmatch(advisers.EMAIL, text) is None, "a@" + "." * LONG, id="address"
        ),
        pytest.param(
            lambda text: re.match(invitations.EMAIL, text) is None,
            "a@" + "b." * LONG + "@",
            id="address of an invitation",
        ),
        pytest.param(finds_nothing(tables.RESIGNED), " " * LONG + "！", id="resigned"),
        pytest.param(finds_nothing(times._WEEKDAY), " " * LONG + "！", id="weekday"),
        pytest.param(finds_nothing(storing._ROW), "A" * LONG, id="row"),
        pytest.param(finds_nothing(names._ENDINGS), "公司" * LONG + "！", id="ending of a name"),
        pytest.param(finds_nothing(paste_words.SPOKEN), "一" * LONG, id="spoken number"),
        pytest.param(finds_nothing(paste_words.HALF_MORE), "1" * LONG, id="half more"),
        pytest.param(
            finds_nothing(re.compile(pasting.NUMBER + "份")), "1" * LONG, id="number with a unit"
        ),
        pytest.param(
            lambda text: cells._STAMP.fullmatch(text) is None, "x" + " " * LONG + "x", id="stamp"
        ),
        pytest.param(
            lambda text: len(across.PARTS.findall(text)) == LONG, "a（" * LONG, id="bracket"
        ),
    ],
)
def test_a_long_text_is_judged_at_once(passes: Callable[[str], bool], text: str) -> None:
    assert passes(text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param(archive._CELL, OPENED * 20_000, id="cells that never end"),
        pytest.param(archive._CELL, b"<c " * LONG, id="tags that never end"),
        pytest.param(archive._CELL, b"<c" + b' r="A1"' * 20_000, id="names again and again"),
        pytest.param(archive._FILLED, b"<c" + b' r="A1"' * 20_000 + b"/>", id="an empty one"),
        pytest.param(archive._VALUE, b"<v " * LONG, id="values that never end"),
        pytest.param(archive._LONG, b"<v " * LONG, id="long values that never end"),
    ],
)
def test_a_long_sheet_is_looked_through_at_once(pattern: re.Pattern[bytes], text: bytes) -> None:
    assert pattern.findall(text) == []
