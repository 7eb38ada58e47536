"""What was said of leave is emptied a year after its last day; days and kind stay."""

from datetime import date, timedelta

import pytest
from flask import Flask

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.leave.models import LeaveRequest
from counselhub.retention import actions
from counselhub.retention.kinds import Kept
from counselhub.retention.rules import due_before
from tests.factories import Tenant
from tests.leave.conftest import MakeLeave

pytestmark = pytest.mark.usefixtures("noon")


def test_words_go_after_a_year_and_the_days_stay(
    app: Flask, tenant: Tenant, make_leave: MakeLeave
) -> None:
    before = due_before(clock.today(), 365)
    gone = make_leave(first_on=before - timedelta(3), last_on=before - timedelta(1))
    kept = make_leave(first_on=before, last_on=before)
    with app.app_context():
        dry = actions.Sweep(Kept.LEAVE, 365, before, dry=True)
        actions.sweep(dry)
        sweep = actions.Sweep(Kept.LEAVE, 365, before)
        actions.sweep(sweep)
    assert dry.ids[tenant.code] == sweep.ids[tenant.code] == [str(gone)]
    with app.app_context(), as_scope(tenant.scope):
        rows = {row.id: row for row in db.session.scalars(db.select(LeaveRequest))}
        assert (rows[gone].reason, rows[gone].kind) == (None, "annual")
        assert rows[gone].first_on == date(2025, 10, 5)
        assert rows[kept].reason == "回老家"
        assert [act.act for act in history.of(rows[gone])] == ["blank_words"]
