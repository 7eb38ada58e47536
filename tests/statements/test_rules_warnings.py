"""What a line is to be looked at for; no amount depends on it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counselhub.statements.facts import LectureFact, SessionFact
from counselhub.statements.lines import LineKind
from counselhub.statements.rules.outlook import outlooks
from counselhub.statements.rules.statement import compute
from counselhub.statements.rules.warnings import warnings_of
from counselhub.statements.terms import Cycle, Deduction
from tests.statements.make import EXAMPLE, NANLONG, claim, contract, facts, terms, visit

OCT_5, OCT_6 = date(2026, 10, 5), date(2026, 10, 6)


def marks(kind: LineKind, scheme: Any = EXAMPLE, **changes: Any) -> list[tuple[str, Any]]:
    month = facts(contract(scheme), **changes)
    found = warnings_of(month, compute(month).lines)
    return [
        (notice.mark.value, dict(notice.inputs))
        for place, notices in found.items()
        for notice in notices
        if place[2] is kind
    ]


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        pytest.param([visit(OCT_5)], [], id="nothing stands out"),
        pytest.param([visit(OCT_5, adviser="B")], ["unassigned"], id="M3 not assigned"),
        pytest.param(
            [SessionFact(OCT_5, 540, 700, "B", "A")], [], id="M3 stands in for one who is"
        ),
        pytest.param([visit(OCT_5, minutes=59)], ["short_day"], id="M3 below the shortest visit"),
        pytest.param([visit(OCT_5, minutes=60)], [], id="M3 exactly the shortest visit"),
        pytest.param([SessionFact(OCT_5, 540, None, "A")], ["no_sign_out"], id="M3 no sign-out"),
        pytest.param([visit(OCT_5), visit(OCT_5, 600)], ["overlap"], id="M3 together counts once"),
        pytest.param([visit(OCT_5), visit(OCT_5, 660)], [], id="M3 touching is no overlap"),
        pytest.param(
            [SessionFact(OCT_5, 540, 700, "A", is_manual=True)], ["manual"], id="entered later"
        ),
        pytest.param(
            [SessionFact(OCT_5, 540, 700, "A", is_denied=True)], ["not_confirmed"], id="denied"
        ),
        pytest.param(
            [SessionFact(OCT_5, 540, 700, "B", is_voided=True)], [], id="voided is of no interest"
        ),
    ],
)
def test_presence(sessions: list[SessionFact], expected: list[str]) -> None:
    found = marks(LineKind.SHORTFALL, sessions={NANLONG: sessions})
    assert found == [(mark, {"days": [OCT_5]}) for mark in expected]
    assert marks(LineKind.BASE, sessions={NANLONG: sessions}) == []


def test_what_is_proven_too_poorly_is_told() -> None:
    sessions = [visit(OCT_5)._replace(grade="C"), visit(OCT_6)._replace(grade="B")]
    asking = replace(EXAMPLE, lowest_grade="B")
    found = marks(LineKind.SHORTFALL, asking, sessions={NANLONG: sessions})
    assert found == [("low_grade", {"days": [OCT_5]})]


def test_without_deduction_the_base_line_carries_them() -> None:
    found = marks(LineKind.BASE, terms(), sessions={NANLONG: [visit(OCT_5, adviser="B")]})
    assert found == [("unassigned", {"days": [OCT_5]})]


def test_lectures_beyond_the_cap() -> None:
    lectures = [LectureFact(OCT_5, NANLONG), LectureFact(OCT_6, NANLONG, 2)]
    assert marks(LineKind.LECTURE, lectures=lectures) == [
        ("lecture_capped", {"times": 2, "cap_a_quarter": 1})
    ]


@pytest.mark.parametrize(
    ("changes", "scheme", "expected"),
    [
        pytest.param(
            {"is_fulfilled": False}, {}, ("case_refused", "unfulfilled"), id="unfulfilled"
        ),
        pytest.param(
            {"has_full_dossier": False}, {}, ("case_refused", "dossier_incomplete"), id="dossier"
        ),
        pytest.param(
            {"taken_elsewhere": True}, {}, ("case_refused", "taken_elsewhere"), id="taken"
        ),
        pytest.param({}, {"case_cap_fen": 5_000}, ("case_capped", None), id="M8 capped"),
    ],
)
def test_cases(changes: Any, scheme: Any, expected: tuple[str, str | None]) -> None:
    given = terms(case_fen=EXAMPLE.case_fen, **scheme)
    ((mark, inputs),) = marks(LineKind.CASE, given, claims=[claim(**changes)])
    assert (mark, inputs.get("refusal")) == expected


def test_outlook_of_a_running_month() -> None:
    month = facts(contract(EXAMPLE), sessions={NANLONG: [visit(OCT_5)]})
    (seen,) = outlooks(month, date(2026, 10, 10))
    assert (seen.missing_minutes, seen.missing_visits, seen.is_met) == (360, 3, False)
    assert seen.at_stake_fen == 30_000
    assert seen.earned_fen == 166_667 - 30_000
    assert (seen.lectures, seen.lectures_earnable, seen.earnable_fen) == (0, 1, 30_000)
    assert seen.days_left == 22


def test_outlook_before_the_period_ends_keeps_to_the_month() -> None:
    scheme = terms(
        cycle=Cycle.QUARTER,
        required_minutes=EXAMPLE.required_minutes,
        deduction=Deduction.PER_HOUR,
        deduction_fen=50_000,
    )
    (seen,) = outlooks(facts(contract(scheme)), date(2026, 10, 10))
    assert str(seen.settles) == "2026-12"
    assert (seen.base_fen, seen.at_stake_fen) == (100_000, 100_000)


def test_outlook_of_a_past_month_leaves_nothing_to_earn() -> None:
    (seen,) = outlooks(facts(contract(EXAMPLE)), date(2026, 11, 3))
    assert (seen.days_left, seen.earnable_fen) == (0, 0)
