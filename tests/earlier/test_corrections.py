"""Corrections of settled months: what each changes, once, and what the office sees of it."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.adjustments.models import Adjustment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.tenancy import as_scope
from counselhub.corrections import actions as corrections
from counselhub.corrections.actions import Plea
from counselhub.corrections.models import SessionCorrection
from counselhub.cutoffs import actions as cutoffs
from counselhub.cutoffs.rules import Terms
from counselhub.duty.desk import Entry
from counselhub.duty.kinds import CorrectionReason
from counselhub.duty.models import DutySession
from counselhub.earlier import correction_actions
from counselhub.review import actions as review
from tests.factories import Tenant
from tests.review.factories import officer
from tests.statements import work
from tests.statements.sealed import sealed, submitted
from tests.statements.work import NOVEMBER_3, compute

DAY = date(2026, 10, 14)


@pytest.fixture(autouse=True)
def scope(context: None, tenant: Tenant) -> Iterator[None]:
    with as_scope(tenant.scope), clock.frozen(NOVEMBER_3):
        yield


def agreed(tenant: Tenant, session: DutySession, minutes: int) -> SessionCorrection:
    """Ask for another end of a session from nine, and agree."""
    begin = clock.local(session.signed_in_at)
    entry = Entry(
        adviser_id=tenant.adviser_id,
        community_code=session.community_code,
        day=session.day,
        signed_in=begin.time(),
        signed_out=(begin + timedelta(minutes=minutes)).time(),
        substitute_for_id=None,
        community_confirmed=False,
        remark="",
    )
    plea = Plea(entry, CorrectionReason.NO_SIGN_OUT, "签名簿有记录")
    row = corrections.ask(session, plea, revision=None, by=tenant.member())
    corrections.agree(row, "", revision=None, by=tenant.member())
    return row


def amounts(row: SessionCorrection) -> list[int]:
    query = db.select(Adjustment.amount_fen).where(Adjustment.correction_id == row.id)
    return list(db.session.scalars(query.order_by(Adjustment.id)))


@pytest.mark.parametrize(
    ("minutes", "entered"),
    [
        pytest.param(240, [10_000], id="two more hours: two missing hours less"),
        pytest.param(60, [-5_000], id="one hour less: one missing hour more"),
        pytest.param(130, [], id="ten minutes more change no amount"),
    ],
)
def test_an_approved_month_is_adjusted_at_once(
    tenant: Tenant, minutes: int, entered: list[int]
) -> None:
    session = work.session(tenant, DAY)
    october = sealed(tenant)
    before = [(line.id, line.amount_fen) for line in october.lines]
    row = agreed(tenant, session, minutes)
    assert row.status == "adjusted"
    assert amounts(row) == entered
    assert not correction_actions.settle(row, tenant.member())
    assert amounts(row) == entered
    assert (session.signed_out_at, session.revision) == (clock.instant(DAY, time(11)), 1)
    db.session.expire_all()
    assert [(line.id, line.amount_fen) for line in october.lines] == before


def test_a_second_correction_starts_from_the_first(tenant: Tenant) -> None:
    session = work.session(tenant, DAY)
    sealed(tenant)
    first, second = (agreed(tenant, session, minutes) for minutes in (240, 180))
    assert (amounts(first), amounts(second)) == ([10_000], [-5_000])


def test_a_month_in_review_waits_for_its_approval(tenant: Tenant) -> None:
    """The night after the signature it is entered, once, for the next statement."""
    session = work.session(tenant, DAY)
    statement = submitted(tenant)
    row = agreed(tenant, session, 240)
    correction_actions.settle_waiting()
    assert (row.status, amounts(row)) == ("to_adjust", [])
    with as_scope(tenant.town.scope):
        checker = officer(tenant.town)
        review.open_review(statement, by=checker)
        review.accept_selected(statement, [line.id for line in statement.lines], by=checker)
        review.approve(statement, by=checker)
    for _night in range(2):
        correction_actions.settle_waiting()
    db.session.refresh(row)
    assert (row.status, amounts(row)) == ("adjusted", [10_000])
    with clock.frozen(clock.instant(date(2026, 12, 3), time(9))):
        made = compute(tenant, date(2026, 11, 1))
    assert [line.amount_fen for line in made.lines if line.kind == "adjustment"] == [10_000]


def test_what_the_street_takes_no_more_is_refused_with_a_sentence(tenant: Tenant) -> None:
    session = work.session(tenant, DAY)
    sealed(tenant)
    with as_scope(tenant.town.scope):
        cutoffs.set_rule(Terms(late_months=0), revision=None, by=officer(tenant.town))
    with pytest.raises(RefusedError, match="不受理以前月份"):
        agreed(tenant, session, 240)
    waiting = db.session.scalars(db.select(SessionCorrection)).one()
    assert waiting.status == "asked"


def test_the_office_sees_what_was_corrected_and_why(
    app: Flask, tenant: Tenant, as_checker: FlaskClient
) -> None:
    session = work.session(tenant, DAY)
    sealed(tenant)
    row = agreed(tenant, session, 240)
    key = db.session.scalars(
        db.select(Adjustment.id).where(Adjustment.correction_id == row.id)
    ).one()
    db.session.commit()
    page = as_checker.get(f"/adjustments/{key}").text
    for told in ("补正的值班记录", "签名簿有记录", "09:00–11:00", "09:00–13:00", "无附件"):
        assert told in page
