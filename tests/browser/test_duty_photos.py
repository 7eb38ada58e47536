"""A photo of the stairwell: kept on the phone without a signal, sent behind its tap."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from counselhub.photos.models import SessionPhoto
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button
from tests.factories import PASSWORD, Tenant
from tests.photos.cameras import picture

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(app: Flask, tenant: Tenant, visitor: Visitor) -> Iterator[Page]:
    """The lawyer's phone on the duty page, once its worker looks after it."""
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    page = visitor(email, PASSWORD, phone=True)
    page.goto("/duty")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    yield page
    page.context.set_offline(False)


def test_a_photo_waits_with_its_tap_and_a_bad_one_stops_nothing(
    app: Flask, tenant: Tenant, phone: Page, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.jpg", tmp_path / "bad.jpg"
    good.write_bytes(picture(clock.local(clock.now())))
    bad.write_bytes(b"no picture")
    phone.context.set_offline(True)
    button(phone, "签到 · 甲社区").tap()
    camera = phone.locator("#photo-queue input[data-photo]")
    expect(phone.locator("#photo-queue [data-part=take]")).to_be_visible()
    camera.set_input_files(bad)
    expect(phone.locator("#photo-queue li")).to_have_count(1)
    camera.set_input_files(good)
    expect(phone.locator("#photo-queue li")).to_have_count(2)
    phone.reload()  # killed and opened again: both are still there
    expect(phone.locator("#photo-queue li")).to_have_count(2)
    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("#on-duty")).to_contain_text("甲社区", timeout=20_000)
    expect(phone.locator("#duty-today .photo-row img")).to_have_count(1, timeout=20_000)
    expect(phone.locator("#photo-queue li")).to_contain_text("这不是 JPEG 或 PNG 照片")
    phone.get_by_role("button", name="知道了").tap()
    expect(phone.locator("#photo-queue li")).to_have_count(0)
    with app.app_context(), as_scope(tenant.scope):
        session = db.session.scalars(select(DutySession)).one()
        photo = db.session.scalars(select(SessionPhoto)).one()
    assert photo.session_id == session.id
    assert photo.taken_at is not None
    assert photo.arrived_at - photo.taken_at < timedelta(minutes=5)
