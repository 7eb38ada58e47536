"""A difference to a settled month is taken exactly once, by the next open statement."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from counselhub.adjustments import actions
from counselhub.adjustments.actions import Difference
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.models import Adjustment
from counselhub.contracts.models import Contract
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FrozenError, IllegalMoveError, RefusedError
from counselhub.core.tenancy import as_scope
from counselhub.schemes.models import Scheme, SchemeVersion
from counselhub.statements import actions as statements
from counselhub.statements import wording
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.queries import lines_with_queries
from tests.factories import TERMS, Tenant
from tests.statements.work import NOVEMBER_3, OCTOBER, compute

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def work(context: None, tenant: Tenant) -> Iterator[None]:
    with as_scope(tenant.scope), clock.frozen(NOVEMBER_3):
        yield


def entered(tenant: Tenant, amount_fen: int = 12_345, **more: Any) -> Adjustment:
    given: dict[str, Any] = {
        "firm_id": tenant.firm_id,
        "contract_id": tenant.contract_id,
        "community_code": tenant.town.communities[0],
        "month": SEPTEMBER,
        "amount_fen": amount_fen,
        "cause": AdjustmentCause.LATE_ENTRY,
        "words": "补录九月讲座",
    }
    return actions.enter(Difference(**(given | more)), by=tenant.member())


def adjusting(statement: Statement) -> list[StatementLine]:
    return [line for line in lines_with_queries(statement.id) if line.kind == "adjustment"]


def now(row: Adjustment) -> Adjustment:
    db.session.refresh(row)
    return row


def test_the_next_statement_takes_all_that_is_open(tenant: Tenant) -> None:
    first, second = entered(tenant), entered(tenant, -345, cause=AdjustmentCause.CLAWBACK)
    before = compute(tenant)
    (line,) = adjusting(before)
    assert (line.amount_fen, line.month) == (12_000, SEPTEMBER)
    assert line.contract_id == tenant.contract_id
    assert [step["inputs"]["adjustment"] for step in line.trace] == [str(first.id), str(second.id)]
    assert [wording.sentence(step) for step in line.trace] == [
        "更正 2026-09：补录：补录九月讲座 = 123.45",
        "更正 2026-09：追回：补录九月讲座 = -3.45",
    ]
    assert now(first).statement_id == now(second).statement_id == before.id
    assert sum(fen for _source, fen in before.funding) == before.total_fen


def test_another_month_never_takes_it_again(tenant: Tenant) -> None:
    row = entered(tenant)
    october, november = compute(tenant), compute(tenant, date(2026, 11, 1))
    assert not adjusting(november)
    assert len(adjusting(compute(tenant))) == 1
    assert now(row).statement_id == october.id


def test_a_month_does_not_adjust_itself_or_a_later_one(tenant: Tenant) -> None:
    entered(tenant, month=OCTOBER)
    assert not adjusting(compute(tenant))
    assert adjusting(compute(tenant, date(2026, 11, 1)))


def test_a_draft_takes_what_is_entered_later_when_it_is_computed_again(tenant: Tenant) -> None:
    draft = compute(tenant)
    before_fen = draft.total_fen
    entered(tenant)
    with pytest.raises(ConflictError, match="又有变动"):
        statements.certify(draft, tenant.member())
    statements.reopen(draft, tenant.member())
    assert compute(tenant).total_fen == before_fen + 12_345


def test_what_was_handed_in_stays_and_what_comes_later_waits(tenant: Tenant) -> None:
    row = entered(tenant)
    october = compute(tenant)
    statements.certify(october, tenant.member())
    statements.submit(october, tenant.member())
    with pytest.raises(FrozenError, match="不能撤回"):
        actions.withdraw(row, by=tenant.member())
    later = entered(tenant, 700)
    november = compute(tenant, date(2026, 11, 1))
    assert [line.amount_fen for line in adjusting(november)] == [700]
    assert now(later).statement_id == november.id


def test_a_void_statement_gives_back_what_it_took(tenant: Tenant) -> None:
    row = entered(tenant)
    october = compute(tenant)
    statements.certify(october, tenant.member())
    statements.submit(october, tenant.member())
    statements.void(october, tenant.member(), words="重做")
    assert now(row).is_open
    assert row.handed_in_at is None
    again = compute(tenant)
    assert [line.amount_fen for line in adjusting(again)] == [12_345]
    assert now(row).statement_id == again.id


def test_a_withdrawn_one_leaves_the_draft_when_that_is_computed_again(tenant: Tenant) -> None:
    row = entered(tenant)
    compute(tenant)
    actions.withdraw(row, by=tenant.member())
    assert not adjusting(compute(tenant))
    with pytest.raises(IllegalMoveError, match="已经撤回"):
        actions.withdraw(row, by=tenant.member())


def test_a_batch_takes_it_too(tenant: Tenant) -> None:
    key = entered(tenant).id
    db.session.commit()
    outcome = statements.run(OCTOBER)
    assert not [code for code, _words in outcome.refused if code == tenant.code]
    with as_scope(tenant.scope):
        row = db.session.get_one(Adjustment, (tenant.firm_id, key))
        taker = db.session.get_one(Statement, (row.firm_id, row.statement_id))
        assert taker.month == OCTOBER


def test_one_of_a_contract_that_ended_last_year_is_shared_as_it_was_then(tenant: Tenant) -> None:
    scheme = Scheme(code="S0", name="旧方案")
    db.session.add(scheme)
    db.session.flush()
    shares = {"district_percent": 100, "street_percent": 0}
    db.session.add(SchemeVersion(scheme_id=scheme.id, **(TERMS | shares)))
    old = Contract(
        number="HT-2025", kind="procurement", status="expired", scheme_id=scheme.id,
        starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31),
    )  # fmt: skip
    db.session.add(old)
    db.session.flush()
    plain = dict(compute(tenant).funding)
    entered(tenant, 1_000, contract_id=old.id, month=date(2025, 12, 1))
    october = compute(tenant)
    assert adjusting(october)[0].contract_id == old.id
    assert dict(october.funding) == plain | {"区级": plain["区级"] + 1_000}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"amount_fen": 0}, "差额为零", id="nothing"),
        pytest.param({"words": "  "}, "请写明", id="without words"),
    ],
)
def test_what_is_refused(tenant: Tenant, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        entered(tenant, **changes)


def test_the_database_keeps_what_it_says(tenant: Tenant) -> None:
    row = entered(tenant)
    row.amount_fen = 1
    with pytest.raises(Exception, match="keeps what it says"), db.session.begin_nested():
        db.session.flush()
