"""What is done with instalments, on the real database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from counselhub.contracts.models import Contract
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.instalments import (
    invoice_actions,
    payment_actions,
    plan_actions,
    queries,
)
from counselhub.instalments.files import Sent
from counselhub.instalments.models import PAID_TWICE, Instalment
from counselhub.statements.actions.making import make
from counselhub.statements.gather import gather
from counselhub.statements.models import StatementLine
from counselhub.statements.months import Month
from tests.factories import Tenant
from tests.instalments.conftest import Planned, entry, receipt, row

PDF = Sent("验收单.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF\n")


def test_the_shares_make_the_worth(planned: Planned) -> None:
    made = planned(row(Decimal("33.33")), row(Decimal("33.33")), row(Decimal("33.34")))
    assert sum(one.amount_fen for one in made) == 4_000_000  # two communities of 20,000 yuan
    assert {one.status for one in made} == {"due"}
    assert len({one.street_code for one in made} - {None}) == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        pytest.param([], "至少填写一期", id="none"),
        pytest.param([row(Decimal(90))], "合计是 90%", id="not the whole"),
        pytest.param(
            [row(Decimal(50), is_retention=True), row(Decimal(50))],
            "最后一期",
            id="kept back first",
        ),
        pytest.param(
            [row(Decimal(100), subject="lecture", name="讲座款")],
            "“讲座款”要付的是讲座补贴，补贴方案 S1 已在每期结算单的“讲座补贴”行支付",
            id="what statements pay",
        ),
    ],
)
def test_a_plan_is_refused(planned: Planned, rows: list[Any], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        planned(*rows)


def test_what_fell_due_stays_in_a_new_plan(
    planned: Planned, inside: Contract, tenant: Tenant
) -> None:
    planned(row(Decimal(25)), row(Decimal(75), due_on=date(2027, 1, 1), name="尾款"))
    made = planned(row(Decimal(50), due_on=date(2027, 1, 1)), row(50, due_on=date(2027, 2, 1)))
    assert [(one.position, one.amount_fen) for one in made] == [
        (1, 1_000_000),
        (2, 1_500_000),
        (3, 1_500_000),
    ]


def test_a_statement_pays_no_base_beside_instalments(
    planned: Planned, inside: Contract, tenant: Tenant
) -> None:
    planned(row(Decimal(100)))
    make(gather(Month(2026, 3)), tenant.member())
    lines = db.session.scalars(db.select(StatementLine)).all()
    assert {one.amount_fen for one in lines if one.kind in ("base", "withhold")} == {0}


def test_a_contract_paid_by_instalments_alone_has_no_statement(
    inside: Contract, tenant: Tenant
) -> None:
    plan_actions.settle_payment(inside, "instalments", by=tenant.member())
    db.session.flush()
    assert gather(Month(2026, 3)) == []


def test_a_line_that_paid_is_named(inside: Contract, tenant: Tenant) -> None:
    plan_actions.settle_payment(inside, "statement", by=tenant.member())
    db.session.flush()
    make(gather(Month(2026, 3)), tenant.member())
    with pytest.raises(
        RefusedError, match=r"2026-03 结算单 .+ 第 1 行已向甲社区支付基础补贴 1,666\.67 元"
    ):
        plan_actions.settle_payment(inside, "both", by=tenant.member())


def test_the_way_back_names_the_instalment(
    planned: Planned, inside: Contract, tenant: Tenant
) -> None:
    planned(row(Decimal(100)))
    with pytest.raises(RefusedError, match="第 1 期“首期款”支付的是基础补贴"):
        plan_actions.settle_payment(inside, "statement", by=tenant.member())


def test_the_database_refuses_a_line_beside_an_instalment(planned: Planned, tenant: Tenant) -> None:
    planned(row(Decimal(100)))
    db.session.execute(text("UPDATE contract SET paid_by = 'statement'"))
    gathered, by = gather(Month(2026, 3)), tenant.member()
    with pytest.raises(IntegrityError) as refusal:
        make(gathered, by)
    assert constraint_of(refusal.value) == PAID_TWICE


def test_the_database_refuses_an_instalment_beside_a_line(inside: Contract, tenant: Tenant) -> None:
    db.session.execute(text("UPDATE contract SET paid_by = 'statement'"))
    make(gather(Month(2026, 3)), tenant.member())
    values = {"name": "首期款", "subject": "base", "condition": "signing", "amount_fen": 1}
    db.session.add(Instalment(contract_id=inside.id, position=1, **values))
    with pytest.raises(IntegrityError) as refusal:
        db.session.flush()
    assert constraint_of(refusal.value) == PAID_TWICE


def test_a_condition_wants_its_proof(planned: Planned, tenant: Tenant) -> None:
    (one,) = planned(row(Decimal(100), condition="acceptance", due_on=None))
    by = tenant.member()
    assert one.status == "planned"
    with pytest.raises(RefusedError, match="“验收合格”要有证明"):
        plan_actions.fall_due(one, date(2026, 6, 1), "", [], by=by)
    plan_actions.fall_due(one, date(2026, 6, 1), "验收通过", [PDF], by=by)
    assert (one.status, one.due_on) == ("due", date(2026, 6, 1))
    with pytest.raises(IllegalMoveError):
        plan_actions.fall_due(one, date(2026, 6, 1), "", [], by=by)


def test_a_day_to_come_makes_nothing_due(planned: Planned, tenant: Tenant) -> None:
    (one,) = planned(row(Decimal(100), condition="signing", due_on=None))
    with pytest.raises(RefusedError, match="不能晚于今天"):
        plan_actions.fall_due(one, date(2099, 1, 1), "", [], by=tenant.member())


def test_invoices_never_exceed_the_instalment(planned: Planned, tenant: Tenant) -> None:
    first, second = planned(row(Decimal(50)), row(Decimal(50)))
    by = tenant.member()
    made = invoice_actions.enter(first, entry(1_500_000), [PDF], by=by)
    assert (first.status, first.invoiced_fen) == ("invoiced", 1_500_000)
    over = entry(500_001, number="26442000000000000002")
    with pytest.raises(RefusedError, match=r"还可开票 5,000\.00 元，这张发票多出 0\.01 元"):
        invoice_actions.enter(first, over, [], by=by)
    with pytest.raises(RefusedError, match=r"登记于合同 .+-001 的“首期款”"):
        invoice_actions.enter(second, entry(1), [], by=by)
    red = entry(1_500_000, number="26442000000000000003")
    invoice_actions.enter(first, red, [], by=by, red_of=made)
    assert (first.status, first.invoiced_fen, made.reversed_fen) == ("due", 0, 1_500_000)
    again = entry(1, number="26442000000000000004")
    with pytest.raises(RefusedError, match=r"还可冲红 0\.00 元"):
        invoice_actions.enter(first, again, [], by=by, red_of=made)


def test_an_invoice_before_its_time_is_refused(planned: Planned, tenant: Tenant) -> None:
    (one,) = planned(row(Decimal(100), condition="signing", due_on=None))
    with pytest.raises(IllegalMoveError, match="还没有到付款条件"):
        invoice_actions.enter(one, entry(1), [], by=tenant.member())


def test_too_much_is_refused_or_spread(planned: Planned, tenant: Tenant) -> None:
    first, second = planned(row(Decimal(50)), row(Decimal(50)))
    by = tenant.member()
    payment_actions.enter(first, receipt(500_000), is_spread=False, by=by)
    assert first.status == "part_paid"
    with pytest.raises(RefusedError, match=r"还差 15,000\.00 元，多出 1,000\.00 元.+第 2 期"):
        payment_actions.enter(first, receipt(1_600_000), is_spread=False, by=by)
    parts = payment_actions.enter(first, receipt(1_600_000), is_spread=True, by=by)
    assert [part.amount_fen for part in parts] == [1_500_000, 100_000]
    assert (first.status, second.status) == ("paid", "part_paid")
    with pytest.raises(RefusedError, match=r"还多出 0\.01 元"):
        payment_actions.enter(second, receipt(1_900_001), is_spread=True, by=by)
    with pytest.raises(IllegalMoveError, match="没有待付的款"):
        payment_actions.enter(first, receipt(1), is_spread=False, by=by)


def test_a_payment_is_reversed_once(planned: Planned, tenant: Tenant) -> None:
    (one,) = planned(row(Decimal(100)))
    by = tenant.member()
    (paid,) = payment_actions.enter(one, receipt(4_000_000), is_spread=False, by=by)
    assert one.status == "paid"
    back = payment_actions.reverse(paid, "记错合同", by=by)
    assert (one.status, one.paid_fen, back.amount_fen) == ("due", 0, -4_000_000)
    with pytest.raises(ConflictError, match="已经冲销过"):
        payment_actions.reverse(paid, "再来", by=by)
    with pytest.raises(RefusedError, match="本身就是冲销"):
        payment_actions.reverse(back, "再来", by=by)


def test_what_is_invoiced_is_not_cancelled(planned: Planned, tenant: Tenant) -> None:
    first, second = planned(row(Decimal(50)), row(Decimal(50)))
    by = tenant.member()
    plan_actions.cancel(second, "不再采购", by=by)
    assert second.status == "cancelled"
    invoice_actions.enter(first, entry(100), [], by=by)
    with pytest.raises(RefusedError, match=r"已开票 1\.00 元，请先开红字发票"):
        plan_actions.cancel(first, "不再采购", by=by)


def test_ageing_sums_what_is_unpaid(planned: Planned, tenant: Tenant) -> None:
    planned(
        row(Decimal(50)),
        row(Decimal(40), due_on=date(2026, 10, 1)),
        row(Decimal(10), due_on=date(2027, 1, 15)),
    )
    found = queries.ageing()
    assert sum(count for count, _fen in found.values()) == 2
    assert found["90+"] == (1, 2_000_000)
    assert queries.months_ahead(date(2027, 1, 1), 2) == [(date(2027, 1, 1), 1, 400_000)]
