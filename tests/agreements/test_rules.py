"""The words of a contract's text, and what it lacks."""

from dataclasses import replace
from datetime import date

import pytest

from counselhub.agreements import builtin, rules
from counselhub.agreements.kinds import Lack
from counselhub.agreements.rules import Facts, Part, Wording
from counselhub.products.filling import BLANK

FACTS = Facts(
    number="HT-2026-1",
    kind="政府购买服务合同",
    party_a="测试街道办事处",
    party_b="某某律师事务所",
    communities=["甲社区", "乙社区"],
    advisers=["张三丰"],
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
    signed_on=None,
    worth_fen=4_000_000,
    parts=[
        Part(1, "首期款", "合同签订", date(2026, 3, 1), 2_400_000),
        Part(2, "尾款", "验收合格", None, 1_600_000),
    ],
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("甲方：{{甲方}}", "甲方：测试街道办事处", id="a party"),
        pytest.param("{{ 社区 }}共{{社区数}}个", "甲社区、乙社区共2个", id="communities"),
        pytest.param("{{金额大写}}", "人民币肆万元整", id="capitals"),
        pytest.param("签于{{签订日期}}", f"签于{BLANK}", id="a line to write on"),
        pytest.param(
            "{{分期付款}}",
            "第一期（首期款）：2026年3月1日前支付 24,000.00 元。\n"
            "第二期（尾款）：验收合格后支付 16,000.00 元。",
            id="instalments",
        ),
    ],
)
def test_fields(text: str, said: str) -> None:
    assert rules.filled(text, rules.fields_of(FACTS)) == said


def test_nothing_is_made_up_where_the_scheme_does_not_say() -> None:
    known = rules.fields_of(replace(FACTS, worth_fen=None))
    assert rules.filled("{{合同金额}}", known) == BLANK


def test_articles_are_counted() -> None:
    made = rules.articles([Wording("期限", "至{{结束日期}}止"), Wording("保密", "保密")], {})
    assert [one.title for one in made] == ["第一条　期限", "第二条　保密"]


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (42, "四十二")]
)
def test_numerals(number: int, word: str) -> None:
    assert rules.numeral(number) == word


def test_the_clauses_for_a_start_ask_only_for_what_is_known() -> None:
    for one, _is_mandatory in builtin.CLAUSES:
        assert rules.unknown_fields(one.body) == []
    assert rules.unknown_fields("{{甲方}}{{印章}}") == ["印章"]


@pytest.mark.parametrize(
    ("kinds", "signed_on", "by_instalments", "has_plan", "lacks"),
    [
        pytest.param([], None, True, False, list(Lack), id="everything"),
        pytest.param(["draft", "scan"], date(2026, 1, 1), False, False, [], id="nothing"),
        pytest.param(["scan"], date(2026, 1, 1), False, False, [Lack.TEXT], id="no text"),
        pytest.param(["draft", "scan"], date(2026, 1, 1), True, False, [Lack.PLAN], id="no plan"),
    ],
)
def test_what_is_lacking(
    kinds: list[str],
    signed_on: date | None,
    by_instalments: bool,
    has_plan: bool,
    lacks: list[Lack],
) -> None:
    found = rules.lacking(
        signed_on=signed_on, kinds=kinds, pays_by_instalments=by_instalments, has_plan=has_plan
    )
    assert found == lacks
