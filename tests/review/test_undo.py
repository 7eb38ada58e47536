"""REV-1: the last gesture is taken back within ten minutes, by whoever made it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock, history
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.review import actions
from counselhub.review.filters import LineFilter
from counselhub.statements.states import QueryReason
from tests.factories import Town
from tests.review.factories import Made, at_office, officer
from tests.review.web import address, first_line

LATER = timedelta(minutes=10, seconds=1)


def test_accepting_all_matching_is_undone_as_one(app: Flask, town: Town, in_review: Made) -> None:
    checker = officer(town)
    with at_office(app, town):
        actions.accept(in_review.lines()[0], by=checker)
        with clock.frozen(clock.now() + timedelta(seconds=5)):
            accepted = actions.accept_matching(in_review.get(), LineFilter(), by=checker)
            undone = actions.undo(in_review.get(), by=checker)
        assert undone == accepted
        assert [line.review for line in in_review.lines()].count("accepted") == 1, "not the first"
        assert [e.act for e in history.of(in_review.get())][-2:] == [
            "accept_matching",
            "undo_matching",
        ]


def test_undoing_a_question_withdraws_it(app: Flask, town: Town, in_review: Made) -> None:
    checker = officer(town)
    with at_office(app, town):
        line = in_review.lines("lecture")[0]
        actions.query(line, QueryReason.LECTURE, "缺签到表", by=checker)
        assert actions.undo(in_review.get(), by=checker).lines == 1
        assert line.review == "pending"
        assert [e.act for e in history.of(line)] == ["query", "withdraw_query"]


def test_undo_is_over_after_ten_minutes(app: Flask, town: Town, in_review: Made) -> None:
    checker = officer(town)
    with at_office(app, town):
        line = in_review.lines()[0]
        actions.accept(line, by=checker)
        with clock.frozen(clock.now() + LATER):
            with pytest.raises(ConflictError, match="已超过 10 分钟，不能撤销"):
                actions.undo(in_review.get(), by=checker)
            with pytest.raises(RefusedError, match="只有本人在 10 分钟内"):
                actions.undo_accept(line, by=checker)
            actions.undo_accept(line, "台账已更正", by=checker)
        assert line.review == "pending"
        assert history.of(line)[-1].detail["words"] == "台账已更正"


def test_nobody_undoes_what_another_did(app: Flask, town: Town, in_review: Made) -> None:
    with at_office(app, town):
        line = in_review.lines()[0]
        actions.accept(line, by=officer(town, name="甲经办"))
        other = officer(town, name="丙经办")
        with pytest.raises(ConflictError, match="没有可以撤销的操作"):
            actions.undo(in_review.get(), by=other)
        with pytest.raises(RefusedError, match="由 甲经办 通过"):
            actions.undo_accept(line, by=other)


def test_the_page_offers_undo_and_asks_for_a_reason_later(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    line_id, seen = first_line(app, town, in_review, "base")
    undoing = address(in_review, "undoing")
    assert undoing not in as_checker.get(address(in_review)).text
    accepting = address(in_review, "lines", line_id, "acceptance")
    as_checker.post(accepting, data={"revision": seen})
    assert undoing in as_checker.get(address(in_review)).text
    assert as_checker.post(undoing).status_code == 303
    assert as_checker.post(undoing).status_code == 409
    as_checker.post(accepting, data={"revision": seen + 2})
    with clock.frozen(clock.now() + LATER):
        assert undoing not in as_checker.get(address(in_review)).text
        reopening = address(in_review, "lines", line_id, "reopening")
        refused = as_checker.post(reopening, data={"reopen-revision": seen + 3})
        assert refused.status_code == 422
        assert "请写明重新审核的理由" in refused.text
        words = {"reopen-revision": seen + 3, "reopen-words": "台账已更正"}
        assert as_checker.post(reopening, data=words).status_code == 303
