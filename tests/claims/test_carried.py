"""A case whose line was held back goes with the adjustment that settles it (REV-4, REV-5, M8)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.appeals import actions as appeals
from counselhub.appeals.models import LineAppeal
from counselhub.appeals.states import AppealStatus
from counselhub.claims import course
from counselhub.claims.dossier_models import ClaimDossier
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.payments.bouncing import bounce_statement
from counselhub.review import actions as review
from counselhub.review import readings
from counselhub.review.actions import Moved
from counselhub.statements.models import CasePayment, Statement, StatementLine
from counselhub.statements.states import QueryReason, RefusalReason
from tests.appeals.test_appeals import assessor
from tests.claims.test_statements import REFUSED, officer
from tests.factories import Tenant
from tests.statements import work
from tests.statements.sealed import submitted

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
IN_JANUARY = clock.instant(date(2027, 1, 5), time(9))


@contextmanager
def office(tenant: Tenant, month: date, kind: str) -> Iterator[tuple[Statement, StatementLine]]:
    """The month's statement of the firm in review, with its only line of a kind that is paid."""
    with as_scope(tenant.scope):
        made = submitted(tenant, month)
        db.session.commit()
    with as_office(tenant.town.street_code):
        found = db.session.get_one(Statement, (made.firm_id, made.id))
        review.open_review(found, by=officer(tenant, "甲经办"))
        query = db.select(StatementLine).where(StatementLine.statement_id == found.id)
        (line,) = db.session.scalars(query.where(StatementLine.kind == kind))
        yield found, line
        db.session.commit()


def finish(found: Statement, tenant: Tenant, carrying: Moved | None = None) -> None:
    """Accept what still waits, approve and sign."""
    checker, chief = officer(tenant, "甲经办"), officer(tenant, "乙所长", Role.APPROVER)
    query = db.select(StatementLine.id).where(StatementLine.statement_id == found.id)
    waiting = db.session.scalars(query.where(StatementLine.review == "pending")).all()
    if waiting:
        review.accept_selected(found, waiting, by=checker)
    review.approve(found, by=checker, carrying=carrying)
    review.sign(found, by=chief)


def carry(tenant: Tenant, month: date = work.OCTOBER, kind: str = "case") -> None:
    """Let a month's line go to the next statement, its question still open."""
    with office(tenant, month, kind) as (found, line):
        review.query(line, QueryReason.CASE_DOSSIER, "缺回访", by=officer(tenant, "甲经办"))
        finish(found, tenant, Moved(1, line.amount_fen))


def refuse(tenant: Tenant, month: date, kind: str) -> StatementLine:
    with office(tenant, month, kind) as (found, line):
        review.refuse(line, RefusalReason.NO_EVIDENCE, "没有卷宗", by=officer(tenant, "甲经办"))
        finish(found, tenant)
        return line


def win(tenant: Tenant, line: StatementLine) -> None:
    """The firm appeals, the bureau upholds it."""
    with as_scope(tenant.scope):
        row = appeals.appeal(
            db.session.get_one(StatementLine, (line.firm_id, line.id)), "有卷宗", by=tenant.member()
        )
        db.session.commit()
    bureau = assessor(tenant.town)
    with as_scope(bureau.scope):
        found = db.session.get_one(LineAppeal, (row.firm_id, row.id))
        appeals.decide(found, AppealStatus.UPHELD, "卷宗齐全", by=bureau)
        db.session.commit()


def pay(found: Statement, tenant: Tenant) -> None:
    given = {"paid_on": clock.today(), "amount_fen": found.payable_fen, "reference": "P-1"}
    review.pay(found, by=officer(tenant, "乙所长", Role.APPROVER), **given)


def standing(tenant: Tenant) -> ClaimDossier:
    """The only claim, and its number still taken by one statement."""
    with as_scope(tenant.scope):
        assert len(db.session.scalars(db.select(CasePayment)).all()) == 1
        query = db.select(ClaimDossier).execution_options(populate_existing=True)
        return db.session.scalars(query).one()


@pytest.fixture
def worked(app: Flask, tenant: Tenant) -> Iterator[Tenant]:
    """October's example, read in December's first days; each step commits."""
    with app.test_request_context():
        work.example(tenant)
        with clock.frozen(clock.instant(date(2026, 12, 3), time(9))):
            yield tenant


def test_a_carried_case_is_paid_once_with_its_adjustment(
    worked: Tenant, as_manager: FlaskClient
) -> None:
    carry(worked)
    dossier = standing(worked)
    assert dossier.status == "claimed"
    where = f"/claims/{dossier.id}/dossier"
    assert "结转，等下一份结算单" in as_manager.get(where).text
    with office(worked, NOVEMBER, "adjustment") as (found, _line):
        finish(found, worked)
        number = found.number
    assert standing(worked).status == "accepted"
    with as_office(worked.town.street_code):
        found = db.session.get_one(Statement, (found.firm_id, found.id))
        pay(found, worked)
        db.session.commit()
    assert standing(worked).status == "paid"
    told = as_manager.get(where).text.partition("结算经过")[2]
    assert told.index("结转下期") < told.index(number) < told.index("已支付")
    with as_office(worked.town.street_code):
        bounce_statement(
            db.session.get_one(Statement, (found.firm_id, found.id)),
            "账号有误",
            by=officer(worked, "乙所长", Role.APPROVER),
        )
        db.session.commit()
    assert standing(worked).status == "accepted"


def test_carried_twice_it_is_still_followed(worked: Tenant) -> None:
    carry(worked)
    carry(worked, NOVEMBER, "adjustment")
    with clock.frozen(IN_JANUARY), office(worked, DECEMBER, "adjustment") as (found, _line):
        finish(found, worked)
    assert standing(worked).status == "accepted"


@pytest.mark.parametrize(
    "month", [pytest.param(work.OCTOBER, id="its own line"), pytest.param(NOVEMBER, id="carried")]
)
def test_refused_it_is_refused_until_an_appeal_is_won(worked: Tenant, month: date) -> None:
    kind = "case"
    if month == NOVEMBER:
        carry(worked)
        kind = "adjustment"
    line = refuse(worked, month, kind)
    dossier = standing(worked)
    assert (dossier.status, dossier.refusal) == ("refused", "line")
    assert "没有卷宗" in (dossier.refusal_words or "")
    with as_scope(worked.scope), pytest.raises(RefusedError, match="申诉"):
        course.mend(dossier.claim, dossier, revision=None, by=worked.member())
    win(worked, line)
    with clock.frozen(IN_JANUARY), office(worked, DECEMBER, "adjustment") as (found, _line):
        finish(found, worked)
    assert standing(worked).status == "accepted"


def test_what_a_reader_refused_is_not_paid_by_its_adjustment(worked: Tenant) -> None:
    carry(worked)
    with as_office(worked.town.street_code):
        own = db.select(ClaimDossier).where(ClaimDossier.firm_id == worked.firm_id)
        dossier = db.session.scalars(own).one()
        row = readings.read(dossier, REFUSED, revision=None, by=officer(worked, "甲经办"))
        readings.confirm(dossier, row, "", revision=None, by=officer(worked, "丙经办"))
        db.session.commit()
    with office(worked, NOVEMBER, "adjustment") as (found, line):
        with pytest.raises(ConflictError, match="请对这一项“不予支付”"):
            finish(found, worked)
        assert line.review == "accepted"
