"""Receipts given to statements and taken back, on the real database."""

from uuid import UUID

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError, ForbiddenError, RefusedError
from counselhub.core.tenancy import as_scope
from counselhub.payments import actions as payments
from counselhub.receipts import actions, importing, queries, writing_off
from counselhub.receipts.actions import Share
from counselhub.receipts.kinds import Confidence
from counselhub.receipts.models import BankReceipt, ReceiptAllocation, WriteOff
from counselhub.statements.models import Statement
from tests.factories import Tenant
from tests.payments import make as lists
from tests.receipts import make
from tests.receipts.test_reading import CSV
from tests.review.factories import Made, at_office, officer


@pytest.fixture
def due(app: Flask, tenant: Tenant) -> tuple[Made, int]:
    """A paid statement, and what was paid."""
    return make.paid(app, tenant)


def status_of(made: Made) -> str:
    return made.get().status


def test_what_fits_is_certain_and_reconciles(
    app: Flask, tenant: Tenant, due: tuple[Made, int]
) -> None:
    made, fen = due
    make.receipt(app, tenant, fen)
    with app.test_request_context(), as_scope(tenant.scope):
        [found] = actions.suggestions()
        assert found.confidence is Confidence.CERTAIN
        with pytest.raises(ConflictError, match="刚刚有变化"):
            actions.accept_certain(1, fen + 1, by=make.finance(tenant))
        actions.accept_certain(1, fen, by=make.finance(tenant))
        assert status_of(made) == "reconciled"
        assert queries.balance(made.id) == (fen, 0)
        assert actions.suggestions() == []


def test_part_over_and_several(app: Flask, tenant: Tenant, due: tuple[Made, int]) -> None:
    made, fen = due
    first = make.receipt(app, tenant, fen - 100)
    second = make.receipt(app, tenant, 500)
    by = make.finance(tenant)
    with app.test_request_context(), as_scope(tenant.scope):
        actions.allocate([Share(first, {made.id: fen - 100})], by=by)
        assert status_of(made) == "paid"
        with pytest.raises(ConflictError, match=f"{made.number} 只差 1.00 元"):
            actions.allocate([Share(second, {made.id: 500})], by=by)
        actions.allocate([Share(second, {made.id: 100})], by=by)
        assert status_of(made) == "reconciled"
        assert db.session.get_one(BankReceipt, (tenant.firm_id, second)).rest_fen == 400


def test_an_unmatch_is_appended_and_goes_back(
    app: Flask, tenant: Tenant, due: tuple[Made, int]
) -> None:
    made, fen = due
    key = make.receipt(app, tenant, fen)
    by = make.finance(tenant)
    with app.test_request_context(), as_scope(tenant.scope):
        [row] = actions.allocate([Share(key, {made.id: fen})], by=by)
        with pytest.raises(RefusedError, match="请写明撤销的原因"):
            actions.unmatch(row, " ", by=by)
        back = actions.unmatch(row, "对错了月份", by=by)
        assert status_of(made) == "paid"
        assert len(queries.allocations(key)) == 2
        for again in (row, back):
            with pytest.raises(ConflictError, match="已经撤销"):
                actions.unmatch(again, "再来", by=by)


def test_more_than_a_receipt_has_is_refused(
    app: Flask, tenant: Tenant, due: tuple[Made, int]
) -> None:
    made, _fen = due
    key = make.receipt(app, tenant, 100)
    by = make.finance(tenant)
    with app.test_request_context(), as_scope(tenant.scope):
        with pytest.raises(ConflictError, match=r"只剩 1\.00 元可以分配"):
            actions.allocate([Share(key, {made.id: 101})], by=by)
        for parts in ({made.id: 0}, {made.id: -5}, {}):
            with pytest.raises(RefusedError, match="须大于 0"):
                actions.allocate([Share(key, parts)], by=by)
        beyond = update(BankReceipt).where(BankReceipt.id == key).values(allocated_fen=101)
        with pytest.raises(IntegrityError, match="allocated_fen"):
            db.session.execute(beyond)
        db.session.rollback()


def test_a_statement_that_was_not_paid_takes_nothing(app: Flask, tenant: Tenant) -> None:
    made = lists.payable(app, tenant)
    key = make.receipt(app, tenant, 100)
    with (
        app.test_request_context(),
        as_scope(tenant.scope),
        pytest.raises(ConflictError, match=f"还没有登记结算单 {made.number} 的支付"),
    ):
        actions.allocate([Share(key, {made.id: 100})], by=make.finance(tenant))


def test_what_is_set_aside_takes_no_part(app: Flask, tenant: Tenant, due: tuple[Made, int]) -> None:
    made, fen = due
    key = make.receipt(app, tenant, fen)
    by = make.finance(tenant)
    with app.test_request_context(), as_scope(tenant.scope):
        row = db.session.get_one(BankReceipt, (tenant.firm_id, key))
        actions.set_aside(row, "退款", by=by)
        assert actions.suggestions() == []
        with pytest.raises(ConflictError, match="已搁置"):
            actions.allocate([Share(key, {made.id: 1})], by=by)
        actions.put_back(row, by=by)
        assert len(actions.suggestions()) == 1


def test_a_small_difference_is_let_go_by_one_person(
    app: Flask, tenant: Tenant, due: tuple[Made, int]
) -> None:
    made, fen = due
    key = make.receipt(app, tenant, fen - 50)
    by = make.finance(tenant)
    with app.test_request_context(), as_scope(tenant.scope):
        actions.allocate([Share(key, {made.id: fen - 50})], by=by)
        with pytest.raises(RefusedError, match=r"不超过未到账的 0\.50 元"):
            writing_off.ask(made.get(), 51, "手续费", by=by)
        row = writing_off.ask(made.get(), 50, "手续费", by=by)
        assert (row.status, status_of(made)) == ("made", "reconciled")
        writing_off.undo(row, "银行已补付", by=by)
        assert status_of(made) == "paid"


def test_above_the_limit_another_person_agrees(
    app: Flask, tenant: Tenant, due: tuple[Made, int]
) -> None:
    made, _fen = due
    by, other = make.finance(tenant), make.finance(tenant, "某主任")
    with app.test_request_context(), as_scope(tenant.scope):
        row = writing_off.ask(made.get(), 5_000, "街道扣回上年款项", by=by)
        assert (row.status, queries.balance(made.id)) == ("asked", (0, 0))
        with pytest.raises(ForbiddenError, match="须由另一人核准"):
            writing_off.approve(row, by=by)
        writing_off.approve(row, by=other)
        assert queries.balance(made.id) == (0, 5_000)
        more = writing_off.ask(made.get(), 5_000, "又一笔", by=by)
        writing_off.refuse(more, by=other)
        assert queries.balance(made.id) == (0, 5_000)
        with pytest.raises(RefusedError, match="限额须在"):
            writing_off.set_limit(100_001, by=by)
        writing_off.set_limit(5_000, by=by)
        assert writing_off.ask(made.get(), 5_000, "限额内", by=by).status == "made"


def test_the_office_sees_allocations_and_nothing_of_the_bank(
    app: Flask, tenant: Tenant, due: tuple[Made, int]
) -> None:
    made, fen = due
    key = make.receipt(app, tenant, fen)
    with app.test_request_context(), as_scope(tenant.scope):
        actions.allocate([Share(key, {made.id: fen})], by=make.finance(tenant))
        writing = queries.balance(made.id)
        db.session.commit()
    with at_office(app, tenant.town):
        assert queries.balance(made.id) == writing
        assert db.session.scalars(select(BankReceipt)).all() == []


def test_money_that_arrived_does_not_bounce(app: Flask, tenant: Tenant) -> None:
    made = lists.payable(app, tenant)
    list_id = lists.paid(app, tenant.town, [made.id])
    key = make.receipt(app, tenant, 100)
    with app.test_request_context(), as_scope(tenant.scope):
        actions.allocate([Share(key, {made.id: 100})], by=make.finance(tenant))
        db.session.commit()
    [item] = lists.rows(app, tenant.town, list_id)
    with at_office(app, tenant.town), pytest.raises(ConflictError, match="已登记部分到账"):
        payments.bounce(
            db.session.merge(item, load=True), "户名不符", clock.today(), by=officer(tenant.town)
        )


def test_a_file_comes_in_once(app: Flask, tenant: Tenant) -> None:
    by = make.finance(tenant)
    with app.test_request_context(), as_scope(tenant.scope):
        tried = importing.try_file(CSV.encode("gb18030"), "某行")
        assert (len(tried.new), tried.amount_fen, tried.reading.outgoing) == (2, 200_000, 2)
        assert importing.import_file(CSV.encode(), "某行", tried.mapping, by=by) == 2
        assert importing.import_file(CSV.encode(), "某行", tried.mapping, by=by) == 0
        assert importing.try_file(CSV.encode(), "某行").known == 2
        remembered = queries.remembered("某行")
        assert remembered == tried.mapping
        assert queries.remembered("另一行") is None


class Money(RuleBasedStateMachine):
    """Any order of acts keeps: receipts = allocated + open + aside; statements never get more."""

    app: Flask
    tenant: Tenant
    made: Made
    fen: int
    keys: list[UUID]

    def __init__(self) -> None:
        super().__init__()
        self.by, self.other = make.finance(self.tenant), make.finance(self.tenant, "某主任")
        self.scope = as_scope(self.tenant.scope)
        self.request = self.app.test_request_context()
        self.request.push()
        self.scope.__enter__()

    def teardown(self) -> None:
        db.session.rollback()
        self.scope.__exit__(None, None, None)
        self.request.pop()

    def attempt(self, act: object, *given: object, **more: object) -> None:
        try:
            with db.session.begin_nested():
                act(*given, **more)  # type: ignore[operator]  # any act of the module
        except DomainError:
            db.session.expire_all()

    @rule(place=st.integers(0, 2), fen=st.integers(-1, 250_000))
    def allocate(self, place: int, fen: int) -> None:
        self.attempt(actions.allocate, [Share(self.keys[place], {self.made.id: fen})], by=self.by)

    @rule(place=st.integers(0, 5))
    def unmatch(self, place: int) -> None:
        rows = db.session.scalars(select(ReceiptAllocation).order_by(ReceiptAllocation.id)).all()
        if rows:
            self.attempt(actions.unmatch, rows[place % len(rows)], "撤销", by=self.by)

    @rule(fen=st.integers(0, 300))
    def write_off(self, fen: int) -> None:
        self.attempt(writing_off.ask, self.made.get(), fen, "手续费", by=self.by)

    @rule(place=st.integers(0, 3), approves=st.booleans())
    def decide(self, place: int, approves: bool) -> None:
        rows = db.session.scalars(select(WriteOff).order_by(WriteOff.id)).all()
        if rows:
            act = writing_off.approve if approves else writing_off.refuse
            self.attempt(act, rows[place % len(rows)], by=self.other)

    @rule(place=st.integers(0, 2), back=st.booleans())
    def aside(self, place: int, back: bool) -> None:
        row = db.session.get_one(BankReceipt, (self.tenant.firm_id, self.keys[place]))
        if back:
            self.attempt(actions.put_back, row, by=self.by)
        else:
            self.attempt(actions.set_aside, row, "其他业务", by=self.by)

    @invariant()
    def money_is_conserved(self) -> None:
        rows = db.session.scalars(select(BankReceipt).where(BankReceipt.id.in_(self.keys))).all()
        given = db.session.scalar(select(func.sum(ReceiptAllocation.amount_fen))) or 0
        assert sum(one.allocated_fen for one in rows) == given
        assert all(0 <= one.rest_fen <= one.amount_fen for one in rows)
        received, written = queries.balance(self.made.id)
        assert received == given
        assert received + written <= self.fen
        status = db.session.scalar(select(Statement.status).where(Statement.id == self.made.id))
        assert (status == "reconciled") is (received + written == self.fen)


def test_money_is_conserved_in_any_order(app: Flask, tenant: Tenant, due: tuple[Made, int]) -> None:
    made, fen = due
    keys = [make.receipt(app, tenant, one) for one in (fen - 150, 100, 200_000)]
    found = {"app": app, "tenant": tenant, "made": made, "fen": fen, "keys": keys}
    machine = type("Here", (Money,), found)
    run_state_machine_as_test(
        machine, settings=settings(max_examples=12, stateful_step_count=12, deadline=None)
    )
