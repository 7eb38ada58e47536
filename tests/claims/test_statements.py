"""A statement carries its claims along: submitted, signed, paid, given up."""

from datetime import timedelta

import pytest
from flask import Flask

from counselhub.claims import course
from counselhub.claims.dossier_models import ClaimDossier
from counselhub.claims.kinds import Difficulty, Refusal, Verdict
from counselhub.claims.models import CaseClaim
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.review import actions as review
from counselhub.review import readings
from counselhub.review.readings import Finding
from counselhub.statements import actions
from counselhub.statements.models import Statement, StatementLine
from tests.factories import Tenant
from tests.statements import work

REFUSED = Finding(Difficulty.SIMPLE, Verdict.REFUSE, Refusal.DISORDER, "页码不清")


def officer(tenant: Tenant, name: str, role: Role = Role.CHECKER) -> Member:
    return Member(uuid7(), name, role, tenant.town.scope, "测试司法所")


def submitted(tenant: Tenant) -> Statement:
    """The worked example of October, submitted."""
    work.example(tenant)
    with as_scope(tenant.scope):
        statement = work.compute(tenant)
        actions.certify(statement, tenant.member())
        actions.submit(statement, tenant.member())
        db.session.commit()
    return statement


def the_status(tenant: Tenant) -> list[str]:
    with as_scope(tenant.scope):
        return list(db.session.scalars(db.select(ClaimDossier.status)))


def accept_all(statement: Statement, by: Member) -> Statement:
    found = db.session.get_one(Statement, (statement.firm_id, statement.id))
    review.open_review(found, by=by)
    ids = db.session.scalars(
        db.select(StatementLine.id).where(StatementLine.statement_id == found.id)
    ).all()
    review.accept_selected(found, ids, by=by)
    return found


def test_a_statement_declares_what_it_counts(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), clock.frozen(work.NOVEMBER_3):
        statement = submitted(tenant)
        assert the_status(tenant) == ["claimed"]
        with as_scope(tenant.scope):
            actions.void(statement, tenant.member())
            db.session.commit()
        assert the_status(tenant) == ["draft"]


def test_signature_accepts_and_payment_pays(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), clock.frozen(work.NOVEMBER_3):
        statement = submitted(tenant)
        with as_office(tenant.town.street_code):
            found = accept_all(statement, officer(tenant, "甲经办"))
            review.approve(found, by=officer(tenant, "甲经办"))
            chief = officer(tenant, "乙所长", Role.APPROVER)
            review.sign(found, by=chief)
            db.session.commit()
        assert the_status(tenant) == ["accepted"]
        with as_office(tenant.town.street_code):
            found = db.session.get_one(Statement, (statement.firm_id, statement.id))
            review.pay(
                found,
                paid_on=clock.today(),
                amount_fen=found.payable_fen,
                reference="P-1",
                by=chief,
            )
            db.session.commit()
        assert the_status(tenant) == ["paid"]


def test_a_refused_case_stands_in_the_way_of_approval(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), clock.frozen(work.NOVEMBER_3):
        statement = submitted(tenant)
        with as_office(tenant.town.street_code):
            dossier = db.session.scalars(
                db.select(ClaimDossier).where(ClaimDossier.firm_id == tenant.firm_id)
            ).one()
            row = readings.read(dossier, REFUSED, revision=None, by=officer(tenant, "甲经办"))
            readings.confirm(dossier, row, "", revision=None, by=officer(tenant, "丙经办"))
            found = accept_all(statement, officer(tenant, "甲经办"))
            with pytest.raises(ConflictError, match="仍按原样计入"):
                review.approve(found, by=officer(tenant, "甲经办"))
            db.session.rollback()


def test_a_claim_is_taken_back_only_while_its_month_is_open(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), clock.frozen(work.NOVEMBER_3 + timedelta(days=1)):
        submitted(tenant)
        with as_scope(tenant.scope):
            claim = db.session.scalars(db.select(CaseClaim)).one()
            dossier = db.session.scalars(db.select(ClaimDossier)).one()
            with pytest.raises(ConflictError, match="已经提交"):
                course.withdraw(claim, dossier, revision=None, by=tenant.member())
