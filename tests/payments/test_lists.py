"""What an office does with payment lists, on the real database."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.payments import actions, queries
from counselhub.payments.models import PaymentItem, PaymentList
from counselhub.statements.models import Statement, StatementLine
from tests.factories import Tenant, Town
from tests.payments import make
from tests.review.factories import Made, at_office, officer


@pytest.fixture
def signed(app: Flask, tenant: Tenant) -> Made:
    """A statement that waits for payment."""
    return make.payable(app, tenant)


def found(list_id: object) -> PaymentList:
    return db.session.get_one(PaymentList, list_id)


def test_a_list_takes_over_what_was_sealed(app: Flask, town: Town, signed: Made) -> None:
    list_id = make.listed(app, town, [signed.id])
    with at_office(app, town):
        [item] = queries.items(list_id)
        assert item.amount_fen == item.statement.total_fen == sum(fen for _s, fen in item.funding)
        assert item.payee["account"] == "6200000001"
        assert found(list_id).number.startswith(f"ZF-{town.street_code}-{clock.today():%Y%m}-01")


def test_a_statement_stands_in_one_live_list(app: Flask, town: Town, signed: Made) -> None:
    first = make.listed(app, town, [signed.id])
    with at_office(app, town):
        number = found(first).number
        with pytest.raises(ConflictError, match=f"{signed.number} 已在支付清单 {number}"):
            actions.make([signed.id], by=officer(town))
        assert queries.waiting() == (0, 0)


def test_the_database_keeps_it_too(app: Flask, town: Town, signed: Made) -> None:
    first = make.listed(app, town, [signed.id])
    with at_office(app, town):
        made = actions._new_list(officer(town))
        with pytest.raises(ConflictError, match="刚刚被列入另一张清单"):
            actions._add_items(made, [signed.get()])
        db.session.rollback()
        assert [one.list_id for one in db.session.scalars(select(PaymentItem))] == [first]


def test_paying_a_list_pays_every_statement(
    app: Flask, town: Town, signed: Made, outsider: Tenant
) -> None:
    other = make.payable(app, outsider)
    list_id = make.listed(app, town, [signed.id, other.id], sent=True)
    with at_office(app, town):
        items = queries.items(list_id)
        own = {items[0].id: "GK-0002"}
        count = actions.pay(
            found(list_id),
            paid_on=clock.today(),
            reference="GK-0001",
            references=own,
            by=officer(town),
        )
        assert count == 2
    with at_office(app, town):
        paid = db.session.scalars(select(Statement).order_by(Statement.payment_reference)).all()
        assert [(one.status, one.payment_reference) for one in paid] == [
            ("paid", "GK-0001"),
            ("paid", "GK-0002"),
        ]
        assert found(list_id).status == "paid"


def test_what_came_back_before_stays_payable(
    app: Flask, town: Town, signed: Made, outsider: Tenant
) -> None:
    other = make.payable(app, outsider)
    list_id = make.listed(app, town, [signed.id, other.id], sent=True)
    with at_office(app, town):
        item = next(one for one in queries.items(list_id) if one.statement_id == other.id)
        actions.bounce(item, "账号户名不符", clock.today(), by=officer(town))
        assert make.pay(found(list_id), officer(town)) == 1
        assert other.get().status == "payable"
        assert signed.get().status == "paid"
        assert queries.waiting()[0] == 1


def test_a_bounce_after_payment_undoes_it(app: Flask, town: Town, signed: Made) -> None:
    list_id = make.paid(app, town, [signed.id])
    with at_office(app, town):
        [item] = queries.items(list_id)
        actions.bounce(item, "账户已注销", clock.today(), by=officer(town))
        statement = signed.get()
        assert (statement.status, statement.paid_fen, statement.paid_on) == ("payable", None, None)
        payments = db.session.scalars(
            select(StatementLine.payment).where(StatementLine.statement_id == signed.id)
        )
        assert set(payments) == {"unpaid"}
    with at_office(app, town):
        assert actions.make([signed.id], by=officer(town)).number.endswith("-02")


def test_a_list_taken_apart_frees_its_statements(app: Flask, town: Town, signed: Made) -> None:
    list_id = make.listed(app, town, [signed.id], sent=True)
    with at_office(app, town):
        actions.take_apart(found(list_id), "财政要求合并下月", by=officer(town))
        assert queries.waiting()[0] == 1


def test_rows_are_taken_off_only_before_it_is_sent(
    app: Flask, town: Town, signed: Made, outsider: Tenant
) -> None:
    other = make.payable(app, outsider)
    list_id = make.listed(app, town, [signed.id, other.id])
    with at_office(app, town):
        first, last = queries.items(list_id)
        seen = found(list_id).revision
        actions.drop(first, by=officer(town), revision=seen)
        with pytest.raises(ConflictError):
            actions.drop(last, by=officer(town), revision=seen)
        with pytest.raises(RefusedError, match="最后一份"):
            actions.drop(last, by=officer(town))
        actions.send(found(list_id), by=officer(town))
        with pytest.raises(ConflictError, match="已送财政"):
            actions.drop(last, by=officer(town))


def test_the_firm_sees_its_row_once_it_was_sent(app: Flask, town: Town, signed: Made) -> None:
    def seen() -> int:
        with app.test_request_context(), as_scope(signed.tenant.scope):
            return len(db.session.scalars(select(PaymentItem)).all())

    list_id = make.listed(app, town, [signed.id])
    assert seen() == 0
    with at_office(app, town):
        actions.send(found(list_id), by=officer(town))
    assert seen() == 1


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        pytest.param(timedelta(days=1), "支付日期须在审定日", id="a day to come"),
        pytest.param(timedelta(days=-400), "支付日期须在审定日", id="before the signature"),
    ],
)
def test_a_wrong_day_is_refused(
    app: Flask, town: Town, signed: Made, on: timedelta, sentence: str
) -> None:
    list_id = make.listed(app, town, [signed.id], sent=True)
    with (
        app.test_request_context(),
        as_scope(town.scope),
        pytest.raises(RefusedError, match=sentence),
    ):
        make.pay(found(list_id), officer(town), on=clock.today() + on)


def test_what_was_paid_alone_stands_in_the_way(app: Flask, town: Town, signed: Made) -> None:
    from counselhub.review import actions as review

    list_id = make.listed(app, town, [signed.id], sent=True)
    with at_office(app, town):
        review.pay(
            signed.get(),
            paid_on=clock.today(),
            amount_fen=signed.get().payable_fen,
            reference="GK-9",
            by=officer(town),
        )
        with pytest.raises(ConflictError, match=f"{signed.number} 已单独登记支付"):
            make.pay(found(list_id), officer(town))


def test_nothing_and_strangers_make_no_list(app: Flask, town: Town, signed: Made) -> None:
    with at_office(app, town):
        with pytest.raises(RefusedError, match="请勾选"):
            actions.make([], by=officer(town))
        with pytest.raises(ConflictError, match="已不在待支付状态"):
            actions.make([uuid4()], by=officer(town))
        signed.get().payee = {"name": "某某所", "bank": "", "account": ""}
        db.session.flush()
        with pytest.raises(RefusedError, match=f"{signed.number} 提交时的收款账户不完整"):
            actions.make([signed.id], by=officer(town))
        db.session.rollback()


def test_a_bounce_needs_words_and_a_day_since_the_payment(
    app: Flask, town: Town, signed: Made
) -> None:
    list_id = make.listed(app, town, [signed.id], sent=True)
    with at_office(app, town):
        [item] = queries.items(list_id)
        by = officer(town, Role.APPROVER, "乙所长")
        with pytest.raises(RefusedError, match="请写明退汇原因"):
            actions.bounce(item, " ", clock.today(), by=by)
        with pytest.raises(RefusedError, match="退汇日期"):
            actions.bounce(item, "户名不符", date(2020, 1, 1), by=by)
