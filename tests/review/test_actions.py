"""What the office does to a whole statement, on the real database."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from counselhub.closing.actions import refusal
from counselhub.closing.models import ClosedMonth
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import (
    ConflictError,
    ForbiddenError,
    RefusedError,
)
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from counselhub.review import actions
from counselhub.review.filters import LineFilter
from counselhub.statements.states import QueryReason
from tests.factories import Tenant, Town
from tests.review import factories
from tests.review.factories import Made, approved, at_office, officer, payable

ALL = LineFilter()


def test_the_first_look_begins_the_review_and_later_ones_do_nothing(
    app: Flask, town: Town, submitted: Made
) -> None:
    with at_office(app, town):
        actions.open_review(submitted.get(), by=officer(town))
        actions.open_review(submitted.get(), by=officer(town))
        assert submitted.get().status == "in_review"
        assert [e.act for e in history.of(submitted.get())].count("open_review") == 1


def test_returning_opens_the_records_of_the_queried_community_only(
    app: Flask, town: Town, in_review: Made
) -> None:
    checker = officer(town)
    with at_office(app, town):
        with pytest.raises(ConflictError, match="还没有提出疑问"):
            actions.return_queried(in_review.get(), by=checker)
        actions.query(in_review.lines("lecture")[0], QueryReason.LECTURE, "缺签到表", by=checker)
        assert actions.return_queried(in_review.get(), by=checker) == 1
        assert in_review.get().status == "queried"
        assert closed_places(in_review) == {town.communities[1], town.street_code}


def test_returning_an_online_line_opens_the_streets_shifts(
    app: Flask, town: Town, in_review: Made
) -> None:
    with at_office(app, town):
        actions.query(in_review.lines("online")[0], QueryReason.OTHER, "时段不对", by=officer(town))
        actions.return_queried(in_review.get(), by=officer(town))
        assert closed_places(in_review) == {town.communities[1]}


def closed_places(made: Made) -> set[str]:
    query = db.select(ClosedMonth.place_code).where(ClosedMonth.statement_id == made.id)
    return set(db.session.scalars(query))


def test_the_firm_may_mend_only_what_was_returned(
    app: Flask, town: Town, tenant: Tenant, in_review: Made
) -> None:
    with at_office(app, town):
        actions.query(
            in_review.lines("shortfall")[0], QueryReason.VISITS, "少一次", by=officer(town)
        )
        actions.return_queried(in_review.get(), by=officer(town))
    with app.test_request_context(), as_scope(tenant.scope):
        rows = db.session.scalars(db.select(DutySession).order_by(DutySession.day)).all()
        rows[0].remark = "更正"
        db.session.flush()
        other = factories._session(
            tenant, town.communities[1], date(2026, 10, 9), hour=9, minutes=60
        )
        db.session.add(other)
        with pytest.raises(DBAPIError) as refused:
            db.session.flush()
        assert in_review.number in str(refusal(refused.value))
        db.session.rollback()


def test_approval_needs_every_line(app: Flask, town: Town, in_review: Made) -> None:
    checker = officer(town)
    with at_office(app, town):
        actions.accept_matching(in_review.get(), ALL, by=checker)
        with pytest.raises(ConflictError, match="2 项待审核"):
            actions.approve(in_review.get(), by=checker)
        actions.query(in_review.lines()[0], QueryReason.VISITS, "少一次", by=checker)
        with pytest.raises(ConflictError, match="1 项待审核"):
            actions.approve(in_review.get(), by=checker)
        actions.withdraw_query(in_review.lines()[0], by=checker)
        for line in in_review.lines()[:2]:
            actions.accept(line, by=checker)
        actions.approve(in_review.get(), by=checker)
        found = in_review.get()
        assert (found.status, found.approved_by_name) == ("approved", "甲经办")


def test_sending_back_needs_words_and_clears_the_approval(
    app: Flask, town: Town, in_review: Made
) -> None:
    approver = officer(town, Role.APPROVER, "乙所长")
    with at_office(app, town):
        approved(in_review, officer(town))
        with pytest.raises(RefusedError, match="退回的原因"):
            actions.send_back(in_review.get(), " ", by=approver)
        actions.send_back(in_review.get(), "请复核讲座", by=approver)
        found = in_review.get()
        assert (found.status, found.approved_by_id) == ("in_review", None)
        assert {line.review for line in in_review.lines()} == {"accepted"}


def test_whoever_approved_never_signs(app: Flask, town: Town, in_review: Made) -> None:
    both = officer(town)
    with at_office(app, town):
        approved(in_review, both)
        with pytest.raises(ForbiddenError, match="甲经办 初审通过，须由另一人审定"):
            actions.sign(in_review.get(), by=both)
        assert in_review.get().status == "approved"


def test_the_database_keeps_four_eyes_too(app: Flask, town: Town, in_review: Made) -> None:
    with at_office(app, town):
        approved(in_review, officer(town))
        with pytest.raises(IntegrityError) as refused, db.session.begin_nested():
            db.session.execute(
                text("update statement set signed_by_id = approved_by_id where id = :id"),
                {"id": in_review.id},
            )
        assert constraint_of(refused.value) == "ck_statement_four_eyes"


def test_signing_releases_for_payment(app: Flask, town: Town, in_review: Made) -> None:
    with at_office(app, town):
        payable(in_review, town)
        found = in_review.get()
        assert (found.status, found.signed_by_name) == ("payable", "乙所长")
        assert [e.act for e in history.of(found)][-2:] == ["sign", "release"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"amount_fen": 1}, "须等于应付金额", id="another amount"),
        pytest.param({"paid_on": "tomorrow"}, "支付日期须在", id="in the future"),
        pytest.param({"paid_on": "yesterday"}, "支付日期须在", id="before it was signed"),
    ],
)
def test_payments_that_are_refused(
    app: Flask, town: Town, in_review: Made, change: dict[str, Any], words: str
) -> None:
    days = {"tomorrow": timedelta(1), "yesterday": timedelta(-1)}
    with at_office(app, town):
        payable(in_review, town)
        found = in_review.get()
        given: dict[str, Any] = {"paid_on": clock.today(), "amount_fen": found.payable_fen}
        given |= {
            key: clock.today() + days[value] if key == "paid_on" else value
            for key, value in change.items()
        }
        with pytest.raises(RefusedError, match=words):
            actions.pay(found, reference="HD-1", by=officer(town), **given)
        assert in_review.get().status == "payable"


def test_a_payment_marks_every_line_paid(app: Flask, town: Town, in_review: Made) -> None:
    with at_office(app, town):
        payable(in_review, town)
        found = in_review.get()
        actions.pay(
            found,
            paid_on=clock.today(),
            amount_fen=found.payable_fen,
            reference="HD-1",
            by=officer(town),
        )
        found = in_review.get()
        assert (found.status, found.paid_fen, found.payment_reference) == (
            "paid",
            found.total_fen,
            "HD-1",
        )
        assert {line.payment for line in in_review.lines()} == {"paid"}
