"""LEDGER-6: what both sides confirm as a signed statement's fault goes to the next one, once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.adjustments.models import Adjustment
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.ledgers.actions import settling, sheets
from counselhub.ledgers.actions.settling import Settlement
from counselhub.ledgers.kinds import Cause, Party
from counselhub.ledgers.models import LedgerSheet
from counselhub.ledgers.rules import to_adjust
from counselhub.review import actions as review
from tests.factories import Tenant, Town
from tests.ledgers.books import AGREED, row
from tests.ledgers.conftest import MONTH, Bring, lines
from tests.review.factories import Made

At = Callable[[], Any]
FAULT = Settlement(Party.STATEMENT, Cause.TYPING, "核定为 1180 元")
FEN = st.integers(-10_000, 10_000)


@given(gap=FEN, drift=FEN, entered=st.integers(-5_000, 5_000))
def test_it_is_entered_once(gap: int, drift: int, entered: int) -> None:
    """Whatever was entered before, the month comes to the ledger's amount and stays there."""
    given = {"is_fault": True, "drift_fen": drift}
    amount = to_adjust(gap, entered_fen=entered, recomputed_fen=0, **given)
    if gap:
        assert drift + entered + amount == gap
        again = to_adjust(gap, entered_fen=entered + amount, recomputed_fen=amount, **given)
        assert again == 0
    assert to_adjust(gap, is_fault=False, drift_fen=drift, entered_fen=0, recomputed_fen=7) == -7


@pytest.fixture
def chief(town: Town) -> Member:
    return Member(uuid7(), "乙所长", Role.APPROVER, town.scope, "测试司法所")


@pytest.fixture
def signed(submitted: Made, at_office: At, officer: Member, chief: Member) -> Made:
    with at_office():
        statement = submitted.get()
        review.accept_selected(statement, [line.id for line in submitted.lines()], by=officer)
        review.approve(statement, by=officer)
        review.sign(statement, by=chief)
    return submitted


def confirm(tenant: Tenant, at: At, officer: Member, chief: Member, entry: Settlement) -> UUID:
    """Settle the first community's difference so, freeze the sheet, let both sides confirm it."""
    line_id = lines(at)[tenant.town.communities[0]].id
    with at():
        line = db.session.scalars(db.select(sheets.LedgerLine).filter_by(id=line_id)).one()
        if line.status != "open":
            settling.undo(line, by=officer)
        settling.settle(line, entry, by=officer)
    with at():
        found = db.session.scalars(db.select(LedgerSheet).filter_by(status="open")).one_or_none()
        sheet = found or sheets.publish(MONTH, tenant.firm_id, by=officer)
        db.session.flush()
        sheets.freeze(sheet, by=officer)
        sheets.confirm_office(sheet, by=chief)
        sheet_id = sheet.id
        db.session.commit()
        with as_scope(tenant.scope):
            own = db.session.scalars(db.select(LedgerSheet).filter_by(id=sheet_id)).one()
            sheets.confirm_firm(own, by=tenant.member())
            db.session.commit()
    return sheet_id


def again(at: At, officer: Member, sheet_id: UUID) -> None:
    with at():
        sheet = db.session.scalars(db.select(LedgerSheet).filter_by(id=sheet_id)).one()
        sheets.replace(sheet, "再核一次", by=officer)


def entered(at: At) -> list[tuple[int, str]]:
    with at():
        rows = db.session.scalars(db.select(Adjustment).order_by(Adjustment.id)).all()
        return [(one.amount_fen, one.cause) for one in rows]


@pytest.mark.usefixtures("signed")
def test_what_both_confirm_comes_with_the_next_statement(
    differing: Tenant, at_office: At, officer: Member, chief: Member
) -> None:
    sheet_id = confirm(differing, at_office, officer, chief, FAULT)
    first = [(-63_000, "recomputed")]
    assert entered(at_office) == first
    again(at_office, officer, sheet_id)
    later = confirm(differing, at_office, officer, chief, FAULT)
    assert entered(at_office) == first, "once, however often it is confirmed"
    again(at_office, officer, later)
    confirm(differing, at_office, officer, chief, Settlement(Party.LEDGER, Cause.TYPING))
    assert entered(at_office) == [*first, (63_000, "recomputed")], "no fault after all"


def test_a_statement_that_is_not_signed_is_mended_itself(
    differing: Tenant, at_office: At, officer: Member, chief: Member, submitted: Made
) -> None:
    with at_office():
        review.accept_selected(submitted.get(), [line.id for line in submitted.lines()], by=officer)
    confirm(differing, at_office, officer, chief, FAULT)
    assert entered(at_office) == []


@pytest.mark.usefixtures("signed")
def test_a_ledger_that_agrees_enters_nothing(
    bring: Bring, tenant: Tenant, at_office: At, officer: Member, chief: Member
) -> None:
    first, second = tenant.town.communities[:2]
    bring([row(first, 2, 6, 1, 1, 1810), row(second, *AGREED)])
    confirm(tenant, at_office, officer, chief, Settlement(Party.STATEMENT, Cause.MISSING))
    assert entered(at_office) == []
