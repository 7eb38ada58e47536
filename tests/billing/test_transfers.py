"""A bank transfer from the order to the days that it pays for, and back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from counselhub.billing import nightly, ordering, queries, receipt, transfers
from counselhub.billing.kinds import Interval, InvoiceKind
from counselhub.billing.models import Bill, Subscription
from counselhub.billing.ordering import Heading
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, as_platform
from tests.billing.conftest import advisers, on
from tests.factories import Tenant

OPERATOR = Member(None, "平台员", Role.OPERATOR, PLATFORM, "CounselHub")
HEADING = Heading(InvoiceKind.PLAIN, "某某律师事务所", "91350100M000100Y43", "", "", "", "")
ORDERED = date(2027, 3, 20)


@pytest.fixture
def firm(app: Flask, paying: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tenant]:
    """The firm, under the platform's scope; its trial ends on 31 March."""
    monkeypatch.setitem(app.config, "PAYEE", ("某某科技公司", "某某银行", "6222000000001"))
    with app.test_request_context(), as_platform():
        yield paying


def ordered(firm: Tenant, day: date = ORDERED, interval: Interval = Interval.MONTH) -> Bill:
    with on(day):
        return ordering.order(interval, revision=None, by=firm.member())


def confirm(bill: Bill, fen: int, day: date, reference: str = "", *, is_part: bool = False) -> None:
    with on(day):
        said = reference or f"R{bill.id}{fen}"
        transfers.confirm(bill, fen, day, said, is_part=is_part, revision=None, by=OPERATOR)


def row(firm: Tenant) -> Subscription:
    db.session.flush()
    db.session.expire_all()
    found = queries.subscription_of(firm.firm_id)
    assert found is not None
    return found


def test_paid_on_trial_the_period_begins_after_it(firm: Tenant) -> None:
    bill = ordered(firm)
    assert (bill.total_fen, bill.period_start) == (19_800, date(2027, 4, 1))
    assert bill.period_end == date(2027, 4, 30)
    confirm(bill, 19_800, ORDERED)
    found = row(firm)
    assert (found.provider, found.covered_until) == ("transfer", date(2027, 4, 30))
    assert found.read_only_on == date(2027, 6, 1)


def test_parts_are_named_and_sum_up(firm: Tenant) -> None:
    bill = ordered(firm)
    with pytest.raises(RefusedError, match=r"198\.00"):
        confirm(bill, 19_799, ORDERED)
    with pytest.raises(RefusedError):
        confirm(bill, 19_801, ORDERED, is_part=True)
    confirm(bill, 10_000, ORDERED, is_part=True)
    assert bill.status == "open"
    confirm(bill, 9_800, ORDERED)
    assert bill.status == "paid"
    with pytest.raises(IllegalMoveError):
        confirm(bill, 1, ORDERED)


def test_a_bank_reference_counts_once(firm: Tenant) -> None:
    bill = ordered(firm)
    confirm(bill, 100, ORDERED, "流水一", is_part=True)
    db.session.commit()
    with pytest.raises(RefusedError, match="流水号"):
        confirm(bill, 200, ORDERED, "流水一", is_part=True)
    db.session.rollback()


def test_an_order_waits_alone_and_can_be_withdrawn(firm: Tenant) -> None:
    bill = ordered(firm)
    with pytest.raises(IllegalMoveError):
        ordered(firm)
    with pytest.raises(ConflictError):
        ordering.withdraw(bill, revision=bill.revision + 7, by=firm.member())
    ordering.withdraw(bill, revision=bill.revision, by=firm.member())
    assert ordered(firm).id != bill.id


def test_a_refused_order_carries_the_words(firm: Tenant) -> None:
    bill = ordered(firm)
    with pytest.raises(RefusedError):
        transfers.refuse(bill, "", revision=None, by=OPERATOR)
    transfers.refuse(bill, "没有到账", revision=None, by=OPERATOR)
    assert (bill.status, bill.refusal) == ("void", "没有到账")


def test_a_confirmation_is_undone_before_its_period_only(firm: Tenant) -> None:
    bill = ordered(firm)
    confirm(bill, 19_800, ORDERED)
    payment = queries.bills_with_payments(firm.firm_id)[0].payments[0]
    with on(date(2027, 4, 1)), pytest.raises(IllegalMoveError):
        transfers.undo(payment, by=OPERATOR)
    with on(date(2027, 3, 31)):
        transfers.undo(payment, by=OPERATOR)
    found = row(firm)
    assert (found.covered_until, found.provider) == (None, "none")
    assert bill.status == "open"
    confirm(bill, 19_800, date(2027, 3, 31))
    assert row(firm).covered_until == date(2027, 4, 30)


def test_grace_is_paid_for_and_read_only_days_are_not(firm: Tenant) -> None:
    with on(date(2027, 3, 2)):
        nightly.pass_day(firm.firm_id)
    assert row(firm).read_only_on == date(2027, 5, 2)
    in_grace = ordered(firm, date(2027, 4, 20))
    assert in_grace.period_start == date(2027, 4, 1)
    ordering.withdraw(in_grace, revision=None, by=firm.member())
    late = ordered(firm, date(2027, 6, 10))
    assert late.period_start == date(2027, 6, 10)
    confirm(late, late.total_fen, date(2027, 6, 10))
    assert row(firm).read_only_on == date(2027, 8, 10)


def test_a_change_of_seats_goes_onto_the_next_bill(firm: Tenant) -> None:
    """BILL-3: from 16 April on one seat more for 15 of 30 days, 49.50; a night later nothing."""
    confirm(ordered(firm), 19_800, ORDERED)
    advisers(firm, 1)
    for day in (16, 17):
        with on(date(2027, 4, day)):
            nightly.pass_day(firm.firm_id)
    assert (row(firm).carried_fen, row(firm).billed_seats) == (4_950, 6)
    bill = ordered(firm, date(2027, 4, 20))
    assert bill.lines == [["seats", 29_700], ["carried", 4_950]]
    assert bill.period_start == date(2027, 5, 1)
    confirm(bill, bill.total_fen, date(2027, 4, 21))
    assert row(firm).carried_fen == 0


def test_who_cancels_is_read_only_after_the_last_paid_day(firm: Tenant) -> None:
    confirm(ordered(firm), 19_800, ORDERED)
    with on(ORDERED):
        ordering.set_ending(is_ending=True, revision=None, by=firm.member())
        assert row(firm).read_only_on == date(2027, 5, 1)
        with pytest.raises(IllegalMoveError):
            ordering.set_ending(is_ending=True, revision=None, by=firm.member())
        ordering.set_ending(is_ending=False, revision=None, by=firm.member())
    assert row(firm).read_only_on == date(2027, 6, 1)


def test_an_invoice_is_asked_for_once_and_issued_once(firm: Tenant) -> None:
    bill = ordered(firm, interval=Interval.YEAR)
    assert bill.period_end == date(2028, 3, 31)
    asked = ordering.ask_invoice(bill, HEADING, by=firm.member())
    with pytest.raises(IllegalMoveError):
        ordering.ask_invoice(bill, replace(HEADING, title="乙"), by=firm.member())
    transfers.issue(asked, "25332000000000000001", revision=None, by=OPERATOR)
    with pytest.raises(IllegalMoveError):
        transfers.issue(asked, "2", revision=None, by=OPERATOR)
    assert asked.issued_number == "25332000000000000001"


def test_a_bill_is_a_paper(firm: Tenant) -> None:
    bill = ordered(firm)
    first = receipt.paper(bill, "某某律师事务所")
    confirm(bill, 19_800, ORDERED)
    db.session.expire_all()
    paid = receipt.paper(bill, "某某律师事务所")
    assert first.startswith(b"%PDF")
    assert paid != first


def test_a_firm_within_the_free_seats_pays_nothing(app: Flask, outsider: Tenant) -> None:
    with app.test_request_context(), as_platform(), on(date(2030, 1, 1)):
        nightly.pass_day(outsider.firm_id)
        found = queries.subscription_of(outsider.firm_id)
        assert found is None or found.read_only_on is None
        with pytest.raises(RefusedError):
            ordering.order(Interval.MONTH, revision=None, by=outsider.member())


def test_a_night_that_was_missed_changes_no_day(firm: Tenant) -> None:
    with on(date(2027, 3, 2)):
        nightly.pass_day(firm.firm_id)
    expected = row(firm).read_only_on
    with on(date(2027, 3, 2) + timedelta(days=200)):
        nightly.pass_day(firm.firm_id)
    assert row(firm).read_only_on == expected
