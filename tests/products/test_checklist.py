"""Checklists as plain lines, and how far one is filled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.products import builtin_checklist, checklist
from counselhub.products.checklist import ChecklistError, Item, Section, Tally

WORDS = st.text("甲乙丙丁 1", min_size=1, max_size=12).map(str.strip).filter(bool)
LISTS = st.lists(st.tuples(WORDS, st.lists(WORDS, min_size=1, max_size=5)), min_size=1, max_size=5)
ONE = Section("用工", (Item("1.1", "签合同"), Item("1.2", "缴社保"), Item("1.3", "发工资")))


def test_lines_become_sections() -> None:
    assert checklist.parsed("# 用工\n签合同\n\n 缴社保\n＃ 税务\n报税") == (
        Section("用工", (Item("1.1", "签合同"), Item("1.2", "缴社保"))),
        Section("税务", (Item("2.1", "报税"),)),
    )


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        pytest.param(" \n", "empty", 0, id="nothing"),
        pytest.param("签合同\n# 用工", "no_section", 1, id="an item before any section"),
        pytest.param("# 用工\n签合同\n# 税务", "no_items", 3, id="a section without items"),
        pytest.param("#\n签合同", "no_items", 1, id="a section without a name"),
        pytest.param("# 用工\n" + "字" * 121, "long", 2, id="a long item"),
        pytest.param("# 用工\n" + "一项\n" * 121, "many", 0, id="many items"),
        pytest.param("# 甲\n乙\n" * 21, "many", 0, id="many sections"),
    ],
)
def test_lines_that_are_no_checklist(lines: str, code: str, line: int) -> None:
    with pytest.raises(ChecklistError) as caught:
        checklist.parsed(lines)
    assert (caught.value.code, caught.value.line) == (code, line)


@given(LISTS)
def test_a_checklist_is_what_its_lines_say(wanted: list[tuple[str, list[str]]]) -> None:
    made = checklist.parsed("\n".join(f"# {title}\n" + "\n".join(w) for title, w in wanted))
    assert checklist.parsed(checklist.lines_of(made)) == made
    assert checklist.read(checklist.written(made)) == made
    codes = [item.code for section in made for item in section.items]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("verdicts", "counts"),
    [
        pytest.param({}, Tally(0, 0, 0, 3), id="nothing yet"),
        pytest.param({"1.1": "ok", "1.2": "bad"}, Tally(1, 1, 0, 1), id="one left"),
        pytest.param({"1.1": "none", "1.2": "ok", "1.3": "ok"}, Tally(2, 0, 1, 0), id="all"),
        pytest.param({"9.9": "bad"}, Tally(0, 0, 0, 3), id="an item of another list"),
    ],
)
def test_tally(verdicts: dict[str, str], counts: Tally) -> None:
    assert checklist.tally(ONE, verdicts) == counts
    assert checklist.together([counts, counts]).left == 2 * counts.left


def test_the_built_in_one_names_what_the_programme_looks_at() -> None:
    titles = [section.title for section in builtin_checklist.SECTIONS]
    assert titles == [
        "主体资质",
        "劳动用工",
        "合同管理",
        "知识产权",
        "安全环保",
        "税务",
        "数据合规",
    ]
