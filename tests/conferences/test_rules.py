"""Who may do what, whose time clashes, which tasks are late, what counts as a line."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.conferences import rules
from counselhub.conferences.kinds import BusyWith, ConferenceStatus, TaskState
from counselhub.conferences.rules import Busy, Span, Standing

S = ConferenceStatus
DESK, CHAIR = Standing(is_desk=True), Standing(is_chair=True, is_seated=True)
SEATED, NOBODY = Standing(is_seated=True), Standing()
OWNER = Standing(owns_task=True)


@pytest.mark.parametrize(
    ("status", "who", "allowed"),
    [
        pytest.param(S.PLANNED, DESK, {"change", "hold", "cancel"}, id="desk plans"),
        pytest.param(
            S.PLANNED,
            CHAIR,
            {"change", "hold", "cancel", "give_opinion"},
            id="CONF-2 the chair does not excuse himself",
        ),
        pytest.param(S.PLANNED, SEATED, {"give_opinion", "excuse"}, id="who is called"),
        pytest.param(S.PLANNED, NOBODY, set[str](), id="who is not called"),
        pytest.param(S.HELD, SEATED, {"give_opinion"}, id="an opinion while it is held"),
        pytest.param(S.CONCLUDED, SEATED, set[str](), id="CONF-1 sealed with the conclusion"),
        pytest.param(S.HELD, OWNER, {"finish_task"}, id="an owner finishes his task"),
        pytest.param(S.PLANNED, OWNER, set[str](), id="no task before it is held"),
        pytest.param(S.CANCELLED, CHAIR, set[str](), id="nothing once cancelled"),
    ],
)
def test_acts(status: ConferenceStatus, who: Standing, allowed: set[str]) -> None:
    assert rules.acts(status, who) == allowed


@pytest.mark.parametrize("status", list(S))
def test_nobody_gives_an_opinion_for_another(status: ConferenceStatus) -> None:
    assert "give_opinion" not in rules.acts(status, DESK)
    assert "give_opinion" not in rules.led()


def at(first: str, last: str) -> Span:
    return Span(*(datetime.fromisoformat(f"2026-10-08T{one}") for one in (first, last)))


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [
        pytest.param("14:00", "15:00", False, id="touching before"),
        pytest.param("16:30", "17:00", False, id="touching after"),
        pytest.param("14:00", "15:01", True, id="a minute"),
        pytest.param("15:30", "16:00", True, id="within"),
        pytest.param("09:00", "18:00", True, id="around"),
    ],
)
def test_a_clash_shares_time(first: str, last: str, meets: bool) -> None:
    busy = Busy(BusyWith.DUTY, at(first, last), "甲社区")
    assert rules.clashes(at("15:00", "16:30"), [busy]) == ([busy] if meets else [])


def test_clashes_come_by_their_beginning() -> None:
    late, early = (
        Busy(BusyWith.LEAVE, at("16:00", "17:00")),
        Busy(BusyWith.DUTY, at("14:00", "16:00")),
    )
    assert rules.clashes(at("15:00", "16:30"), [late, early]) == [early, late]


@pytest.mark.parametrize(
    ("due", "done", "state"),
    [
        pytest.param(8, None, TaskState.OPEN, id="CONF-4 not late on its day"),
        pytest.param(7, None, TaskState.LATE, id="the day after"),
        pytest.param(7, 8, TaskState.DONE, id="done, if late"),
    ],
)
def test_task_state(due: int, done: int | None, state: TaskState) -> None:
    day = date(2026, 10, done) if done else None
    assert rules.task_state(date(2026, 10, due), day, date(2026, 10, 8)) is state


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(
            "一、谁付\n2. 何时付\n（三）付多少", ["谁付", "何时付", "付多少"], id="numbers"
        ),
        pytest.param("三年前的借款\n5万元利息", ["三年前的借款", "5万元利息"], id="no numbering"),
        pytest.param("3.5万元的欠条", ["3.5万元的欠条"], id="a decimal is no numbering"),
        pytest.param("  甲 \n\n 乙", ["甲", "乙"], id="blanks"),
    ],
)
def test_lines(typed: str, found: list[str]) -> None:
    assert rules.lines(typed) == found


@given(st.lists(st.text("甲乙丙丁 ", min_size=1), max_size=6))
def test_lines_written_are_read_again(texts: list[str]) -> None:
    said = [text.strip() for text in texts if text.strip()]
    assert rules.lines("\n".join(said)) == said
