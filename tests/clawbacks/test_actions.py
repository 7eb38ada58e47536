"""Claw-backs: once a line, only into a later statement, settled when that is signed."""

from collections.abc import Iterator
from datetime import date, time

import pytest

from counselhub.adjustments import actions as adjustments
from counselhub.adjustments.actions import Difference
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.models import Adjustment
from counselhub.clawbacks import actions
from counselhub.clawbacks.kinds import ClawbackReason
from counselhub.clawbacks.models import Clawback
from counselhub.contracts.models import Contract
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FrozenError, IllegalMoveError, RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.payments.bouncing import bounce_statement
from counselhub.review import actions as review
from counselhub.review.actions import Moved
from counselhub.statements import actions as statements
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import QueryReason
from tests.factories import Tenant
from tests.review.factories import officer
from tests.statements.sealed import paid, sealed, submitted
from tests.statements.work import NOVEMBER_3, compute

DECEMBER_3 = clock.instant(date(2026, 12, 3), time(9))
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def scope(context: None, tenant: Tenant) -> Iterator[None]:
    with as_scope(tenant.scope), clock.frozen(NOVEMBER_3):
        yield


def base_of(statement: Statement) -> StatementLine:
    db.session.expire_all()
    return next(line for line in statement.lines if line.kind == "base")


def taken(tenant: Tenant, line: StatementLine, amount_fen: int = 6_667) -> Clawback:
    with as_scope(tenant.town.scope):
        by = officer(tenant.town)
        return actions.claw_back(line, ClawbackReason.AUDIT, "审计意见", amount_fen, by=by)


def test_a_later_statement_takes_it_off_and_its_signature_ends_it(tenant: Tenant) -> None:
    line = base_of(paid(tenant))
    row = taken(tenant, line)
    assert (line.payment, row.status) == ("awaiting_clawback", "awaiting")
    with clock.frozen(DECEMBER_3):
        november = sealed(tenant, NOVEMBER)
    db.session.expire_all()
    adjusting = [one.amount_fen for one in november.lines if one.kind == "adjustment"]
    assert adjusting == [-6_667]
    assert (line.payment, row.status) == ("clawed_back", "done")
    assert line.amount_fen == 166_667


def deferred(tenant: Tenant, month: date) -> Statement:
    """Sign a month on which the line that takes it back is put off for a question."""
    statement = submitted(tenant, month)
    with as_scope(tenant.town.scope):
        checker, chief = officer(tenant.town), officer(tenant.town, Role.APPROVER, "乙所长")
        review.open_review(statement, by=checker)
        asked = next(line for line in statement.lines if line.kind == "adjustment")
        review.query(asked, QueryReason.AMOUNT, "金额待核", by=checker)
        others = [line.id for line in statement.lines if line.id != asked.id]
        review.accept_selected(statement, others, by=checker)
        review.approve(statement, by=checker, carrying=Moved(1, asked.amount_fen))
        review.sign(statement, by=chief)
    return statement


def test_what_is_put_off_follows_to_the_statement_that_pays_it(tenant: Tenant) -> None:
    """REV-4: deferred twice, it is settled by the third statement, and taken off once."""
    line = base_of(paid(tenant))
    row = taken(tenant, line)
    first = row.adjustment_id
    with clock.frozen(DECEMBER_3):
        november = deferred(tenant, NOVEMBER)
        db.session.expire_all()
        assert (line.payment, row.status) == ("awaiting_clawback", "awaiting")
        assert row.adjustment_id != first
        assert (row.adjustment.cause, row.adjustment.amount_fen) == ("deferred", -6_667)
    with clock.frozen(clock.instant(date(2027, 1, 4), time(9))):
        december = sealed(tenant, date(2026, 12, 1))
    db.session.expire_all()
    assert (line.payment, row.status) == ("clawed_back", "done")
    amounts = [
        [one.amount_fen for one in statement.lines if one.kind == "adjustment"]
        for statement in (november, december)
    ]
    assert amounts == [[0], [-6_667]]
    acts = ["claw_back", "carry", "settle"]
    assert [act.act for act in history.of(row)] == acts


def test_what_was_carried_over_with_others_is_not_given_up(tenant: Tenant) -> None:
    row = taken(tenant, base_of(paid(tenant)))
    given = Difference(
        firm_id=tenant.firm_id,
        contract_id=tenant.contract_id,
        community_code=tenant.town.communities[0],
        month=date(2026, 10, 1),
        amount_fen=1_000,
        cause=AdjustmentCause.OTHER,
        words="同月的另一笔",
    )
    adjustments.enter(given, by=tenant.member())
    with clock.frozen(DECEMBER_3):
        deferred(tenant, NOVEMBER)
    db.session.expire_all()
    assert row.adjustment.amount_fen == -5_667
    with as_scope(tenant.town.scope), pytest.raises(FrozenError, match="不能单独撤回"):
        actions.withdraw(row, "算错", by=officer(tenant.town))


def test_one_a_line(tenant: Tenant) -> None:
    line = base_of(paid(tenant))
    taken(tenant, line)
    with pytest.raises(IllegalMoveError, match="只有已支付"):
        taken(tenant, line)
    line.payment = "paid"
    with pytest.raises(ConflictError, match="已经有一笔追回"):
        taken(tenant, line)


@pytest.mark.parametrize("amount_fen", [0, -1, 166_668])
def test_never_more_than_was_paid(tenant: Tenant, amount_fen: int) -> None:
    line = base_of(paid(tenant))
    with pytest.raises(RefusedError, match=r"不超过这一项已支付的 1,666\.67 元"):
        taken(tenant, line, amount_fen)


@pytest.mark.parametrize(
    ("is_withdrawn", "payment"), [(False, "awaiting_clawback"), (True, "paid")]
)
def test_a_payment_may_come_back_meanwhile(
    tenant: Tenant, is_withdrawn: bool, payment: str
) -> None:
    statement = paid(tenant)
    line = base_of(statement)
    row = taken(tenant, line)
    by = officer(tenant.town)
    with as_scope(tenant.town.scope):
        bounce_statement(statement, "户名不符", by=by)
        if is_withdrawn:
            actions.withdraw(row, "核实无误", by=by)
            assert base_of(statement).payment == "unpaid"
        fen = statement.payable_fen
        review.pay(statement, paid_on=clock.today(), amount_fen=fen, reference="P-2", by=by)
    assert base_of(statement).payment == payment


def test_what_was_not_paid_is_not_taken_back(tenant: Tenant) -> None:
    line = base_of(sealed(tenant))
    with pytest.raises(IllegalMoveError, match="只有已支付"):
        taken(tenant, line)


def test_without_a_later_statement_it_is_refused_with_what_to_do(tenant: Tenant) -> None:
    line = base_of(paid(tenant))
    contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
    contract.terminated_on, contract.status = date(2026, 10, 31), "terminated"
    db.session.flush()
    with pytest.raises(RefusedError, match="请与律所办理退款"):
        taken(tenant, line)
    compute(tenant, NOVEMBER)
    assert taken(tenant, line).amount_fen == 6_667


def test_it_is_given_up_until_a_statement_at_the_office_counts_it(tenant: Tenant) -> None:
    line = base_of(paid(tenant))
    row = taken(tenant, line)
    with as_scope(tenant.town.scope):
        actions.withdraw(row, "核对有误", by=officer(tenant.town))
    assert (line.payment, row.status) == ("paid", "withdrawn")
    again = taken(tenant, line)
    with clock.frozen(DECEMBER_3):
        submitted(tenant, NOVEMBER)
    with as_scope(tenant.town.scope), pytest.raises(FrozenError, match="不能撤回"):
        actions.withdraw(again, "太晚", by=officer(tenant.town))


def test_a_void_statement_leaves_it_waiting(tenant: Tenant) -> None:
    row = taken(tenant, base_of(paid(tenant)))
    with clock.frozen(DECEMBER_3):
        november = submitted(tenant, NOVEMBER)
        statements.void(november, tenant.member())
    db.session.expire_all()
    assert db.session.get_one(Adjustment, (row.firm_id, row.adjustment_id)).is_open
    assert row.status == "awaiting"


def test_the_firm_objects_until_it_has_certified(tenant: Tenant) -> None:
    row = taken(tenant, base_of(paid(tenant)))
    with pytest.raises(RefusedError, match="请写明异议"):
        actions.object_to(row, " ", by=tenant.member())
    november = compute(tenant, NOVEMBER)
    statements.certify(november, tenant.member())
    with pytest.raises(IllegalMoveError, match="已确认"):
        actions.object_to(row, "当月有签到表", by=tenant.member())
    statements.reopen(november, tenant.member())
    actions.object_to(row, "当月有签到表", by=tenant.member())
    assert row.objection == "当月有签到表"
    with pytest.raises(IllegalMoveError, match="已提过异议"):
        actions.object_to(row, "再说一次", by=tenant.member())
