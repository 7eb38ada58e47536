"""A lawyer's report of a room: taken up by the office, or declined."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.premises import (
    files,
    queries,
    report_actions,
)
from counselhub.premises.kinds import IssueKind, ReportStatus
from counselhub.premises.models import PremisesReport
from counselhub.premises.report_actions import Plea
from tests.factories import Tenant
from tests.premises.conftest import (
    paper,
    scan,
)

pytestmark = pytest.mark.usefixtures("wednesday")


def _lawyer(tenant: Tenant) -> Member:
    return tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)


def _send(app: Flask, tenant: Tenant, code: str, kind: IssueKind) -> PremisesReport:
    with app.test_request_context(), as_scope(tenant.scope):
        row = report_actions.send(code, Plea(kind, "锁着门", paper()), by=_lawyer(tenant))
        db.session.commit()
        db.session.refresh(row)
        db.session.expunge(row)
    return row


def test_a_report_becomes_an_issue_that_the_firm_sees(
    app: Flask, tenant: Tenant, checker: Member
) -> None:
    code = tenant.town.communities[0]
    sent = _send(app, tenant, code, IssueKind.NO_BOARD)
    with app.test_request_context(), as_office(tenant.town.street_code):
        row = db.session.get_one(PremisesReport, (tenant.firm_id, sent.id))
        issue = report_actions.take(row, by=checker, revision=sent.revision)
        with pytest.raises(ConflictError):
            report_actions.decline(row, "不是问题", by=checker)
        issue_id = issue.id
        db.session.rollback()
        row = db.session.get_one(PremisesReport, (tenant.firm_id, sent.id))
        issue_id = report_actions.take(row, by=checker).id
        db.session.commit()
    with app.test_request_context(), as_scope(tenant.scope):
        row = db.session.get_one(PremisesReport, (tenant.firm_id, sent.id))
        assert (row.status, row.issue_id) == (ReportStatus.TAKEN, issue_id)
        assert [one.id for one in queries.issues_of(code)] == [issue_id]
        assert queries.steps_of(queries.issues_of(code)[0]) == []
        plea = Plea(IssueKind.NO_BOARD, "")
        with pytest.raises(ConflictError, match="正在整改，不用再报"):
            report_actions.send(code, plea, by=_lawyer(tenant))


def test_two_firms_reports_join_one_issue(
    app: Flask, tenant: Tenant, outsider: Tenant, checker: Member
) -> None:
    code = tenant.town.communities[0]
    both = [_send(app, firm, code, IssueKind.POOR) for firm in (tenant, outsider)]
    with app.test_request_context(), as_office(tenant.town.street_code):
        rows = [db.session.get_one(PremisesReport, (one.firm_id, one.id)) for one in both]
        first, second = (report_actions.take(row, by=checker).id for row in rows)
        assert first == second


def test_a_report_waits_once_and_only_where_one_serves(app: Flask, tenant: Tenant) -> None:
    code, lawyer = tenant.town.communities[0], _lawyer(tenant)
    _send(app, tenant, code, IssueKind.NO_ROOM)
    with app.test_request_context(), as_scope(tenant.scope):
        with pytest.raises(ConflictError, match="已经报告过"):
            report_actions.send(code, Plea(IssueKind.NO_ROOM, ""), by=lawyer)
        with pytest.raises(NotFoundError):
            report_actions.send(tenant.town.communities[3], Plea(IssueKind.POOR, ""), by=lawyer)
        plea = Plea(IssueKind.POOR, "", files.read(scan()))
        with pytest.raises(RefusedError, match="照片"):
            report_actions.send(code, plea, by=lawyer)


def test_the_office_answers_a_report_and_changes_nothing_of_it(app: Flask, tenant: Tenant) -> None:
    sent = _send(app, tenant, tenant.town.communities[0], IssueKind.NO_ROOM)
    with app.test_request_context(), as_office(tenant.town.street_code):
        forge = text("update premises_report set words = '没事' where id = :id")
        with pytest.raises(DBAPIError, match="the office answers it"):
            db.session.execute(forge, {"id": sent.id})
        db.session.rollback()
