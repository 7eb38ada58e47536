"""Several at once: exactly one wins, nothing is doubled, the loser is told what changed."""

import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_office
from counselhub.review import actions
from tests.factories import Town
from tests.review.factories import Made, accept_all, at_office, officer
from tests.review.web import address, first_line

SESSIONS = 20


def test_twenty_approvals_at_once_are_one(app: Flask, town: Town, in_review: Made) -> None:
    with at_office(app, town):
        accept_all(in_review, officer(town))
        seen = in_review.get().revision
    ready = threading.Barrier(SESSIONS)

    def approve(by: Member) -> bool:
        ready.wait(timeout=30)
        with app.test_request_context(), as_office(town.street_code):
            try:
                actions.approve(in_review.get(), by=by, revision=seen)
                db.session.commit()
            except ConflictError:
                db.session.rollback()
                return False
            finally:
                db.session.remove()
            return True

    checkers = [officer(town, name=f"经办{place}") for place in range(SESSIONS)]
    with ThreadPoolExecutor(SESSIONS) as all_at_once:
        won = list(all_at_once.map(approve, checkers))
    assert won.count(True) == 1
    with at_office(app, town):
        found = in_review.get()
        acts = [event.act for event in history.of(found)]
        assert (found.status, acts.count("approve")) == ("approved", 1)
        assert found.approved_by_name == checkers[won.index(True)].name


def test_the_loser_reads_what_changed_and_keeps_the_words(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    line_id, seen = first_line(app, town, in_review)
    opened = clock.now().isoformat()
    with at_office(app, town):
        actions.accept(in_review.lines("lecture")[0], by=officer(town, name="丙经办"))
    sent = {"reason": "lecture", "words": "缺签到表", "revision": seen, "seen_at": opened}
    answer = as_checker.post(address(in_review, "lines", line_id, "query"), data=sent)
    assert answer.status_code == 409
    assert "您打开之后，别人做了" in answer.text
    assert "丙经办" in answer.text
