"""A long work, watched: the page moves by itself, and a reload shows the same."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.statements.actions.months import TASK
from counselhub.work import actions
from counselhub.work.models import LongWork
from tests import factories
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser


def test_progress_goes_on_and_survives_a_reload(
    app: Flask, tenant: Tenant, visitor: Visitor
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        work_id, _is_new = actions.ask(TASK, by=tenant.member(), subject="2026-10")
        db.session.commit()

    def stand(**values: object) -> None:
        with app.app_context(), as_platform():
            row = db.session.get_one(LongWork, work_id)
            for name, value in values.items():
                setattr(row, name, value)
            db.session.commit()

    page = visitor(factories.account(app, tenant.scope, Role.MANAGER), PASSWORD, phone=True)
    page.goto(f"/work/{work_id}")
    expect(page.locator("#work")).to_contain_text("排队中")
    stand(started_at=clock.now(), done=3, parts=9, doing="编制结算单")
    expect(page.locator("#work")).to_contain_text("编制结算单 3/9")
    page.reload()
    expect(page.locator("#work")).to_contain_text("编制结算单 3/9")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    stand(done=9, ended_at=clock.now(), outcome="done", words="编制 9 份")
    expect(page.locator("#work")).to_contain_text("编制 9 份")
    expect(page.get_by_role("link", name="查看结果")).to_be_visible()
