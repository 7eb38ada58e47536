"""Lines of plain words become entries; rules as tables, no database."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.services.kinds import DisputeKind as D
from counselhub.services.kinds import ServiceKind as K
from counselhub.services.kinds import ServiceMode as M
from counselhub.services.paste_words import digits
from counselhub.services.pasting import Place, drafts, lines_of

TODAY = date(2026, 11, 12)
"""A Thursday."""
PLACES = (
    Place("1", frozenset({"南龙社区", "南龙", "nlsq", "nl"})),
    Place("2", frozenset({"北湾社区", "北湾", "bwsq", "bw"})),
    Place("3", frozenset({"牛栏社区", "牛栏", "nl"})),
)


def read(line: str, **more: Any) -> Any:
    (draft,) = drafts(line, PLACES, today=TODAY, **({"usual_place": "2"} | more))
    return draft


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param(
            "欠薪 电话 2人 30分钟",
            {"mode": M.PHONE, "dispute_kind": D.LABOUR, "persons": 2, "minutes": 30},
            id="as the issue writes it",
        ),
        pytest.param(
            "欠薪电话两个人三十分钟",
            {"mode": M.PHONE, "persons": 2, "minutes": 30, "content": "欠薪"},
            id="said without a pause",
        ),
        pytest.param(
            "欠薪，电话，两人，半小时",
            {"persons": 2, "minutes": 30, "content": "欠薪"},
            id="commas",
        ),
        pytest.param("２人 微信 物业费", {"persons": 2, "mode": M.WECHAT}, id="full-width figures"),
        pytest.param(
            "咨询 一个半小时", {"minutes": 90, "kind": K.CONSULTATION}, id="half an hour more"
        ),
        pytest.param(
            "法律援助 1.5小时", {"minutes": 90, "kind": K.LEGAL_AID}, id="no 5th of January"
        ),
        pytest.param(
            "调解 工资拖欠 挽回损失5,000元",
            {"kind": K.MEDIATION, "recovered_fen": 500_000, "content": "工资拖欠"},
            id="an amount recovered",
        ),
        pytest.param("调解 挽回1.2万", {"recovered_fen": 1_200_000}, id="in 万"),
        pytest.param(
            "赔偿2万元的欠条咨询",
            {"recovered_fen": None, "content": "赔偿2万元的欠条"},
            id="an amount that nobody recovered",
        ),
        pytest.param("意见书 3份", {"kind": K.LEGAL_OPINION, "copies": 3}, id="copies"),
        pytest.param("普法 1场 200人次", {"count": 1, "persons": 200}, id="件次 and 人次"),
        pytest.param(
            "打电话威胁 报警",
            {"mode": None, "content": "打电话威胁，报警"},
            id="a word inside stays",
        ),
        pytest.param(
            "讲座 劳动法 60人",
            {"dispute_kind": None, "kind": K.LECTURE},
            id="a lecture has no dispute",
        ),
        pytest.param("一次性补偿协议 咨询", {"count": None}, id="一次性 is no number"),
        pytest.param("2人民币纠纷", {"persons": None}, id="人民 is nobody"),
        pytest.param("邻里漏水", {"kind": K.CONSULTATION, "content": "邻里漏水"}, id="words alone"),
    ],
)
def test_what_a_line_says(line: str, told: dict[str, Any]) -> None:
    draft = read(line)
    assert {name: getattr(draft, name) for name in told} == told
    assert draft.faults == []


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("今天", TODAY),
        ("昨天", date(2026, 11, 11)),
        ("前天", date(2026, 11, 10)),
        ("11月3日", date(2026, 11, 3)),
        ("11月3号", date(2026, 11, 3)),
        ("11.3", date(2026, 11, 3)),
        ("2025年12月31日", date(2025, 12, 31)),
        ("12月31日", date(2025, 12, 31)),
        ("2026-11-03", date(2026, 11, 3)),
        ("周一", date(2026, 11, 9)),
        ("上周五", date(2026, 11, 6)),
        ("十一月三日", date(2026, 11, 3)),
    ],
)
def test_days(words: str, day: date) -> None:
    assert read(f"{words} 咨询").day == day
    assert read(f"{words}咨询工伤").day == day


@pytest.mark.parametrize(
    ("line", "place"),
    [
        pytest.param("南龙 咨询", "1", id="the name"),
        pytest.param("南龙社区咨询", "1", id="before other words"),
        pytest.param("BW 咨询", "2", id="initials"),
        pytest.param("nl 咨询", "", id="initials of two"),
        pytest.param("咨询 nlsq", "1", id="at the end"),
        pytest.param("咨询", "", id="none"),
    ],
)
def test_communities(line: str, place: str) -> None:
    draft = read(line, usual_place="")
    assert draft.community_code == place
    assert ("no_place" in draft.faults) is (place == "")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("13月40日 咨询", "no_day"),
        ("11月20日 咨询", "future"),
        ("9999999人 咨询", "too_many"),
        ("咨询 25小时", "too_many"),
        ("长" * 2001, "long"),
    ],
)
def test_faults_are_told_and_the_line_is_kept(line: str, fault: str) -> None:
    draft = read(line)
    assert draft.faults == [fault]
    assert draft.text == line


@pytest.mark.parametrize(
    ("pasted", "lines"),
    [
        pytest.param("咨询 1人\n\n 调解 2人 ", ["咨询 1人", "调解 2人"], id="lines"),
        pytest.param(
            "欠薪，电话，两人。漏水，现场，一人。",
            ["欠薪，电话，两人", "漏水，现场，一人"],
            id="said",
        ),
        pytest.param(
            "欠薪，电话，两人。告知去劳动监察。", ["欠薪，电话，两人，告知去劳动监察"], id="goes on"
        ),
        pytest.param("甲。乙 1人\n丙 2人", ["甲。乙 1人", "丙 2人"], id="lines keep their stops"),
        pytest.param("  \n ", [], id="nothing"),
    ],
)
def test_lines(pasted: str, lines: list[str]) -> None:
    assert lines_of(pasted, TODAY) == lines


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("三十五人", "35人"), ("十人", "10人"), ("两百人次", "200人次"), ("一百零五人", "105人"),
        ("两个半小时", "2.5小时"), ("三人行", "3人行"), ("一心一意", "一心一意"),
    ],
)  # fmt: skip
def test_spoken_figures(said: str, figures: str) -> None:
    assert digits(said) == figures


@given(
    st.lists(
        st.text(alphabet="欠薪电话2人30分钟，。 11月3日nl调解挽回5元.-/%", max_size=30), max_size=5
    )
)
def test_nothing_is_lost_and_nothing_breaks(lines: list[str]) -> None:
    found = drafts("\n".join(lines), PLACES, today=TODAY)
    kept = "".join("".join(draft.text for draft in found).split())
    marks = str.maketrans("", "", "，。")  # what parts records or joins them again
    assert kept.translate(marks) == "".join("".join(lines).split()).translate(marks)
    if len([line for line in lines if line.strip()]) > 1:
        assert [draft.text for draft in found] == [line.strip() for line in lines if line.strip()]
