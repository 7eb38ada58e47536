"""Two versions of a text: what the reader is told, and that nothing is ever lost on the way."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.products.comparing import Change, Mark, Row, compare, likeness

TEXTS = st.lists(st.text("甲乙丙，。", max_size=8), max_size=10)
RENT = "第二条 乙方每月五日前支付租金三千元。"


def told(rows: list[Row]) -> str:
    """Write rows as people mark changes by hand: ~same, !changed, -removed, +added."""
    signs = {Change.SAME: "~", Change.CHANGED: "!", Change.REMOVED: "-", Change.ADDED: "+"}
    return " ".join(f"{signs[row.change]}{row.old or ''}/{row.new or ''}" for row in rows)


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        pytest.param([], [], "", id="nothing"),
        pytest.param(["甲"], ["甲"], "~1/1", id="the same"),
        pytest.param(["甲", "乙"], ["甲", "丙", "乙"], "~1/1 +/2 ~2/3", id="one more"),
        pytest.param(["甲", "丙", "乙"], ["甲", "乙"], "~1/1 -2/ ~3/2", id="one less"),
        pytest.param(["标题", RENT], ["标题", RENT + "逾期加收。"], "~1/1 !2/2", id="a change"),
        pytest.param(
            ["标题", RENT], ["标题", "新增一条", RENT[:-3] + "四千元。"], "~1/1 +/2 !2/3",
            id="a change is found behind what is new",
        ),
        pytest.param(["甲乙丙丁"], ["一二三四"], "-1/ +/1", id="nothing in common"),
    ],
)  # fmt: skip
def test_paragraphs(old: list[str], new: list[str], rows: str) -> None:
    assert told(compare(old, new)) == rows


def test_a_changed_paragraph_shows_what_changed() -> None:
    (row,) = compare([RENT], [RENT.replace("五日", "十五日").replace("三千", "四千五百")])
    lost = [one.text for one in row.pieces if one.mark is Mark.REMOVED]
    won = [one.text for one in row.pieces if one.mark is Mark.ADDED]
    assert (lost, won) == (["三千"], ["十", "四千五百"])


def rebuilt(rows: list[Row], without: Mark) -> list[str]:
    """Return one of the two texts from what the comparison says."""
    return [
        "".join(one.text for one in row.pieces if one.mark is not without)
        for row in rows
        if (row.old if without is Mark.ADDED else row.new)
    ]


@given(TEXTS, TEXTS, st.sampled_from([0, 4, 40, 4_000]))
def test_both_texts_stand_in_it(old: list[str], new: list[str], steps: int) -> None:
    rows = compare(old, new, steps)
    assert rebuilt(rows, Mark.ADDED) == old
    assert rebuilt(rows, Mark.REMOVED) == new
    assert [row.old for row in rows if row.old] == list(range(1, len(old) + 1))
    assert [row.new for row in rows if row.new] == list(range(1, len(new) + 1))


@given(TEXTS)
def test_a_text_is_itself(text: list[str]) -> None:
    assert {row.change for row in compare(text, text)} <= {Change.SAME}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("", "", 1.0), ("甲乙", "甲乙", 1.0), ("甲乙", "丙丁", 0.0), ("甲乙丙", "甲乙丁", 0.5)],
)
def test_likeness(one: str, other: str, alike: float) -> None:
    assert likeness(one, other) == alike


def test_strange_texts_hold_nobody_up() -> None:
    """As long as a version may be, with nothing in common, or every third paragraph changed."""
    old = [f"第{place}条 {'甲乙丙丁戊己庚辛'[place % 8] * 25}" for place in range(3_000)]
    new = [f"{place}款{'子丑寅卯辰巳午未'[place % 7] * 25}" for place in range(3_000)]
    mended = [words + "改" if place % 3 == 0 else words for place, words in enumerate(old)]
    begun = perf_counter()
    assert {row.change for row in compare(old, new)} == {Change.REMOVED, Change.ADDED}
    assert sum(row.change is Change.CHANGED for row in compare(old, mended)) == 1_000
    assert perf_counter() - begun < 10
