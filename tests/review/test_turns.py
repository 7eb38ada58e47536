"""REV-3: the clock runs for the side that has the statement, and stands for the other."""

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.review import actions, deadlines
from counselhub.review.inbox import turn_of
from counselhub.statements import actions as firm
from counselhub.statements.rules.turns import ReviewDays
from counselhub.statements.states import QueryReason
from tests.factories import Tenant, Town
from tests.review.factories import Made, at_office, officer
from tests.review.test_whole_job import submitted as submitted_for_real
from tests.statements import work


def day(number: int, hour: int = 10) -> datetime:
    """A moment of November 2026, whose 3rd is a Tuesday."""
    return datetime(2026, 11, number, hour, tzinfo=clock.SHANGHAI)


def test_the_clock_of_a_side_stands_while_the_other_has_it(
    app: Flask, town: Town, tenant: Tenant
) -> None:
    checker, manager = officer(town), tenant.member(Role.MANAGER)
    with clock.frozen(work.NOVEMBER_3):
        made = submitted_for_real(app, tenant)
        with at_office(app, town):
            found = made.get()
            assert (found.turn_side, found.turn_due_on) == ("office", date(2026, 11, 17))
    with clock.frozen(day(6)), at_office(app, town):
        actions.open_review(made.get(), by=checker)
        asked = actions.query(made.lines()[0], QueryReason.OTHER, "请说明", by=checker)
        actions.return_queried(made.get(), by=checker)
        found, key = made.get(), (asked.firm_id, asked.id)
        assert (found.turn_side, found.office_days, found.firm_days) == ("firm", 3, 0)
        assert found.turn_due_on == date(2026, 11, 13)
    with clock.frozen(day(16)):
        with at_office(app, town):
            assert turn_of(made.get()).overdue_days == 3
        with app.test_request_context(), as_scope(tenant.scope):
            actions.reply(db.session.get_one(type(asked), key), "已说明", by=manager)
            firm.resubmit(made.get(), manager)
            db.session.commit()
        with at_office(app, town):
            found = made.get()
            assert (found.turn_side, found.office_days, found.firm_days) == ("office", 3, 6)
            assert found.turn_due_on == date(2026, 11, 25), "seven of ten days are left"


def test_new_terms_are_reckoned_for_running_turns(app: Flask, town: Town, tenant: Tenant) -> None:
    with clock.frozen(work.NOVEMBER_3):
        made = submitted_for_real(app, tenant)
        with at_office(app, town):
            deadlines.set_days(ReviewDays(2, 5, 15), by=officer(town))
            assert made.get().turn_due_on == date(2026, 11, 5)
            deadlines.set_days(ReviewDays(1, 5, 15), by=officer(town))
            assert made.get().turn_due_on == date(2026, 11, 4)


def test_the_inbox_says_who_is_late_and_sorts_by_it(
    app: Flask, town: Town, tenant: Tenant, as_checker: FlaskClient
) -> None:
    with clock.frozen(work.NOVEMBER_3):
        made = submitted_for_real(app, tenant)
    with clock.frozen(day(19)):
        page = as_checker.get("/review?sort=due").text
        assert "超期 2 天" in page
        assert "在司法所" in as_checker.get(f"/review/{made.id}").text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param({"office_days": 5, "firm_days": 3, "appeal_days": 10}, 303, id="set"),
        pytest.param({"office_days": 0, "firm_days": 3, "appeal_days": 10}, 422, id="no day"),
        pytest.param({"office_days": "x", "firm_days": 3, "appeal_days": 61}, 422, id="nonsense"),
    ],
)
def test_an_office_sets_its_days(
    as_checker: FlaskClient, sent: dict[str, object], status: int
) -> None:
    assert as_checker.post("/review/setting/days", data=sent).status_code == status


def test_only_a_checker_sets_them(as_approver: FlaskClient, as_manager: FlaskClient) -> None:
    assert as_approver.get("/review/setting").status_code == 403
    assert as_manager.get("/review/setting").status_code == 403


def test_an_offices_own_sentences(as_checker: FlaskClient, in_review: Made) -> None:
    where, given = "/review/setting/sentences", {"reason": "visits", "words": "{日期}多报一次"}
    assert as_checker.post(where, data=given).status_code == 303
    again = as_checker.post(where, data=given)
    assert again.status_code == 409
    assert "已有同样的一句" in again.text
    assert as_checker.post(where, data={"reason": "visits", "words": " "}).status_code == 422
    page = as_checker.get("/review/setting").text
    assert "{日期}多报一次" in page
    [address] = {part.split('"')[0] for part in page.split('action="/review/setting/sentences/')[1:]
                 if "removal" not in part.split('"')[0]}  # fmt: skip
    changed = given | {"words": "{日期}少报一次", "revision": 1}
    assert as_checker.post(f"{where}/{address}", data=changed).status_code == 303
    stale = as_checker.post(f"{where}/{address}", data=changed)
    assert stale.status_code == 409
    gone = as_checker.post(f"{where}/{address}/removal", data={"revision": 2})
    assert gone.status_code == 303
    assert "少报一次" not in as_checker.get("/review/setting").text


def test_a_sentence_begins_the_question(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    with at_office(app, town):
        line_id = in_review.lines("lecture")[0].id
    where = f"/review/{in_review.id}/lines/{line_id}"
    assert "{日期}的讲座缺签到表或讲稿" in as_checker.get(f"{where}/sentences").text
    begun = as_checker.get(f"{where}?reason=lecture&words={{日期}}缺签到表").text
    assert "{日期}缺签到表</textarea>" in begun
    assert 'id="ask" open' in begun
