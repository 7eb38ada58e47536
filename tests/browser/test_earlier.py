"""A lecture that was forgotten: entered on a phone, approved at the desk, read by the office."""

import pytest
from flask import Flask

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.browser.conftest import Visitor
from tests.factories import Tenant
from tests.photos.cameras import picture
from tests.statements.sealed import sealed

pytestmark = pytest.mark.browser


def test_from_the_phone_to_the_office(app: Flask, tenant: Tenant, visitor: Visitor) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        sealed(tenant)
        db.session.commit()
    manager = factories.account(app, tenant.scope, Role.MANAGER)
    checker = factories.account(app, tenant.town.scope, Role.CHECKER)

    page = visitor(manager, factories.PASSWORD, phone=True)
    page.goto("/earlier/new?kind=lecture")
    page.select_option("#community_code", tenant.town.communities[0])
    page.select_option("#adviser_id", str(tenant.adviser_id))
    page.fill("#day", "2026-10-14")
    page.check("#reason-0")
    page.fill("#words", "当天停电，回所后忘记登记")
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.set_input_files("#files-chosen", [photo])
    page.get_by_role("button", name="提交补录").click()
    page.wait_for_url("**/earlier/*-*")
    address = page.url
    page.get_by_role("button", name="批准，列入下期").click()
    page.get_by_text("等下一份未提交的结算单").wait_for()

    desk = visitor(checker, factories.PASSWORD)
    desk.goto(address)
    assert "当天停电" in desk.inner_text("main")
    desk.goto("/adjustments")
    assert "300.00" in desk.inner_text("#rows")
