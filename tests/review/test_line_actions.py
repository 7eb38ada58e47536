"""What the office does to lines, and what the firm answers, on the real database."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from counselhub.closing.actions import refusal
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import (
    ConflictError,
    FrozenError,
    IllegalMoveError,
    RefusedError,
)
from counselhub.review import actions
from counselhub.review.actions import Moved
from counselhub.review.filters import LineFilter
from counselhub.statements.models import StatementLine
from counselhub.statements.states import QueryReason
from counselhub.statements.thread_models import LineQuery
from tests.counting import statements as counted
from tests.factories import Town
from tests.review.factories import Made, approved, at_office, officer

ALL = LineFilter()


def test_accepting_a_line_seals_it(app: Flask, town: Town, in_review: Made) -> None:
    with at_office(app, town):
        line = in_review.lines()[0]
        total_fen = in_review.get().total_fen
        actions.accept(line, by=officer(town))
        assert line.review == "accepted"
        assert in_review.get().total_fen == total_fen
        with pytest.raises(DBAPIError) as refused, db.session.begin_nested():
            db.session.execute(
                update(StatementLine).where(StatementLine.id == line.id).values(amount_fen=1)
            )
        assert isinstance(refusal(refused.value), FrozenError)


def test_an_acceptance_is_taken_back_until_approval(
    app: Flask, town: Town, in_review: Made
) -> None:
    checker = officer(town)
    with at_office(app, town):
        line = in_review.lines()[0]
        actions.accept(line, by=checker)
        actions.undo_accept(line, by=checker)
        assert line.review == "pending"
        approved(in_review, checker)
        with pytest.raises(IllegalMoveError, match="初审通过"):
            actions.undo_accept(line, by=checker)


@pytest.mark.parametrize(
    ("kind", "count"),
    [pytest.param("", 10, id="all but the two warned"), pytest.param("lecture", 2, id="one kind")],
)
def test_accepting_all_matching_is_one_update_and_one_event(
    app: Flask, town: Town, in_review: Made, kind: str, count: int
) -> None:
    with at_office(app, town):
        calm = [x for x in in_review.lines(kind) if not x.warnings]
        found = in_review.get()
        with counted() as sent:
            accepted = actions.accept_matching(found, LineFilter(kind=kind), by=officer(town))
        db.session.flush()
        assert sum("UPDATE statement_line" in one for one in sent) == 1
        assert accepted == Moved(len(calm), sum(line.amount_fen for line in calm))
        assert accepted.lines == count
        [told] = [e for e in history.of(in_review.get()) if e.act == "accept_matching"]
        assert told.detail == {"lines": count, "amount_fen": accepted.amount_fen}
        assert all(line.review == "pending" for line in in_review.lines() if line.warnings)


def test_a_button_that_named_other_lines_accepts_none(
    app: Flask, town: Town, in_review: Made
) -> None:
    with at_office(app, town):
        with pytest.raises(ConflictError, match="10 项"), db.session.begin_nested():
            actions.accept_matching(in_review.get(), ALL, by=officer(town), expected=Moved(9, 1))
        assert {line.review for line in in_review.lines()} == {"pending"}


def test_ticked_lines_are_accepted_with_their_warnings_or_none_is(
    app: Flask, town: Town, in_review: Made
) -> None:
    checker = officer(town)
    with at_office(app, town):
        first, second, third = in_review.lines()[:3]
        actions.accept_selected(in_review.get(), [first.id], by=checker)
        with pytest.raises(ConflictError, match="2 项里只有 1 项"), db.session.begin_nested():
            actions.accept_selected(in_review.get(), [first.id, second.id], by=checker)
        assert [x.review for x in in_review.lines()[:3]] == ["accepted", "pending", "pending"]
        assert third.review == "pending"


def test_a_query_needs_words_and_a_pending_line(app: Flask, town: Town, in_review: Made) -> None:
    checker = officer(town)
    with at_office(app, town):
        line = in_review.lines("lecture")[0]
        with pytest.raises(RefusedError, match="写明疑问"):
            actions.query(line, QueryReason.LECTURE, "  ", by=checker)
        asked = actions.query(line, QueryReason.LECTURE, "没有签到表", by=checker)
        assert (line.review, asked.version, asked.asked_by_name) == ("queried", 1, "甲经办")
        with pytest.raises(IllegalMoveError, match="有疑问"):
            actions.query(line, QueryReason.OTHER, "再问", by=checker)
        with pytest.raises(IllegalMoveError, match="有疑问"):
            actions.accept(line, by=checker)


def test_a_withdrawn_query_leaves_its_trace(app: Flask, town: Town, in_review: Made) -> None:
    checker = officer(town)
    with at_office(app, town):
        line = in_review.lines("lecture")[0]
        asked = actions.query(line, QueryReason.LECTURE, "没有签到表", by=checker)
        actions.withdraw_query(line, by=checker)
        assert line.review == "pending"
        assert [e.act for e in history.of(line)] == ["query", "withdraw_query"]
        assert db.session.get(LineQuery, (asked.firm_id, asked.id)) is asked


def test_acts_refuse_a_statement_that_is_not_theirs_to_act_on(
    app: Flask, town: Town, submitted: Made
) -> None:
    checker = officer(town)
    line_acts: list[Callable[[StatementLine], object]] = [
        lambda line: actions.accept(line, by=checker),
        lambda line: actions.query(line, QueryReason.OTHER, "问", by=checker),
        lambda _line: actions.accept_matching(submitted.get(), ALL, by=checker),
        lambda _line: actions.sign(submitted.get(), by=checker),
    ]
    with at_office(app, town):
        for act in line_acts:
            with pytest.raises(IllegalMoveError), db.session.begin_nested():
                act(submitted.lines()[0])


def test_a_stale_revision_is_refused(app: Flask, town: Town, in_review: Made) -> None:
    checker = officer(town)
    with at_office(app, town):
        line = in_review.lines()[0]
        seen = line.revision
        actions.accept(line, by=checker)
        with pytest.raises(ConflictError, match="别人已经改动"):
            actions.undo_accept(line, by=checker, revision=seen)
        stale = in_review.get().revision - 1
        for act in (actions.approve, actions.return_queried, actions.sign):
            with pytest.raises(ConflictError, match="别人已经改动"):
                act(in_review.get(), by=checker, revision=stale)
