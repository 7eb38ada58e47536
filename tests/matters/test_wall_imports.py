"""A wall and workbooks: words that are hidden from whoever imports are not written over."""

from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.core import tenancy
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.people.models import Person
from counselhub.workbook.export import export_workbook
from counselhub.workbook.plan import make_plan
from tests import factories
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon", "walled")


def test_a_walled_off_colleague_imports_no_words_of_it(app: Flask, tenant: Tenant) -> None:
    """A file of somebody who sees them: with its words a fault at the cell, without them taken."""
    with app.test_request_context(), as_scope(tenant.scope):
        file = BytesIO()
        export_workbook(file)
    shut_out = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    with app.test_request_context(), as_scope(tenant.scope):
        with tenancy.as_person(_person(shut_out)):
            plan = make_plan(file.getvalue())
            assert [fault.cell for fault in plan.findings.faults] == ["服务记录!L2"]
            assert "因事项隔离" in plan.findings.faults[0].message
            blank = BytesIO()
            export_workbook(blank)
            assert make_plan(blank.getvalue()).findings.faults == []
        assert make_plan(file.getvalue()).findings.faults == []


def _person(email: str) -> UUID:
    with as_platform():
        return db.session.scalars(select(Person.id).where(Person.email == email)).one()
