"""Every step that a rule can show has its sentence, and says its figures."""

import ast
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from counselhub.statements import rules, wording
from counselhub.statements.drafting import WITHDRAWN
from counselhub.statements.lines import LineKind, TraceStep
from counselhub.statements.rules.statement import compute
from counselhub.statements.rules.warnings import Mark, warnings_of
from counselhub.statements.wording_steps import STEPS
from tests.statements.drawn import months_of_facts
from tests.statements.make import EXAMPLE, NANLONG, claim, contract, facts, visit


def steps_in_the_rules() -> set[tuple[str, str]]:
    """Read the (rule, name) of every TraceStep(...) written in the rules."""
    found = set()
    for path in Path(rules.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "TraceStep":
                found.add(tuple(ast.literal_eval(argument) for argument in node.args[:2]))
    return found


def test_every_step_has_a_sentence() -> None:
    assert steps_in_the_rules() | {WITHDRAWN[:2]} == set(STEPS)


def test_every_kind_has_a_word() -> None:
    assert set(wording.KIND_WORDS) == set(LineKind)


@pytest.mark.usefixtures("context")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(months_of_facts())
def test_whatever_the_facts_every_step_and_warning_is_worded(month) -> None:
    statement = compute(month)
    for line in statement.lines:
        for step in line.trace:
            assert wording.sentence(step.document())
    for notices in warnings_of(month, statement.lines).values():
        for notice in notices:
            assert wording.notice(notice.document())


@pytest.mark.parametrize(
    ("kind", "sentences"),
    [
        pytest.param(
            LineKind.BASE,
            [
                "结算期间：补贴方案“FA-1”（2026-01-01起的版本），按月结算，"
                "本期 2026-10-01 至 2026-10-31",
                "本期全额：方案的年度标准 20,000.00 元，一年 12 期。"
                "到第 10 期累计 16,666.67 − 到上一期累计 15,000.00 = 1,666.67",
                "按履行天数：1,666.67 × 履行 31 天 ÷ 本期 31 天 = 1,666.67",
            ],
            id="M2",
        ),
        pytest.param(
            LineKind.SHORTFALL,
            [
                "实际到岗：10-12 120 分钟（每天到岗不足 60 分钟的不计） = 1 次 2小时00分",
                "应到岗：每月 8小时00分、每月 4 次，当月履行 31 天 ÷ 31 天 = 4 次 8小时00分",
                "时长不足扣减：缺 360 分钟，不足一小时按一小时，计 6 小时 × 50.00 元 = -300.00",
                "扣减不超过本期基础补贴：本期基础补贴 1,666.67，扣到这里还余 1,666.67 = -300.00",
            ],
            id="M3 M4 M5",
        ),
        pytest.param(
            LineKind.CASE,
            ["案件 AJ-1：2026-10-09 结案，简易 200.00 元，口头协议按 50% = 100.00"],
            id="M8",
        ),
        pytest.param(
            LineKind.WITHHOLD,
            ["考核预留：基础补贴 1,666.67 × 10%，年度考核后返还 = -166.67"],
            id="M9",
        ),
    ],
)
@pytest.mark.usefixtures("context")
def test_sentences_say_the_figures(kind: LineKind, sentences: list[str]) -> None:
    month = facts(
        contract(EXAMPLE),
        sessions={NANLONG: [visit(date(2026, 10, 12))]},
        claims=[claim(is_oral=True)],
    )
    line = next(line for line in compute(month).lines if line.kind is kind)
    assert [wording.sentence(step.document()) for step in line.trace] == sentences


def test_every_mark_has_words(app: Flask) -> None:
    inputs = {
        "days": ["2026-10-05"],
        "cap_a_quarter": 1,
        "times": 1,
        "case_number": "AJ-1",
        "refusal": "repeated",
        "full_fen": 2,
        "paid_fen": 1,
    }
    with app.test_request_context():
        words = [wording.notice({"code": mark.value, "inputs": inputs}) for mark in Mark]
    assert len(set(words)) == len(Mark)


def test_a_step_is_a_step() -> None:
    assert TraceStep("M1", "period", {}).document() == {
        "rule": "M1",
        "name": "period",
        "inputs": {},
    }
