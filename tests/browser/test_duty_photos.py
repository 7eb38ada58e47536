"""A photo of the stairwell: kept on the phone without a signal, sent behind its tap."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.duty.models import DutySession
from counselhub.people.models import Membership, Person
from counselhub.photos.models import SessionPhoto
from tests import factories
from tests.browser.conftest import Visitor, sign_in
from tests.browser.steps import button
from tests.factories import PASSWORD, Tenant
from tests.photos.cameras import picture

pytestmark = pytest.mark.browser
ANSWER_PHOTOS = """(status) => {
  window.sentFetch ||= window.fetch;
  window.answered = 0;
  window.fetch = (address, options) => String(address).endsWith("/duty/photos")
    ? Promise.resolve(new Response("<h1>", { status })).finally(() => { window.answered += 1; })
    : window.sentFetch(address, options);
}"""
"""Whatever stands between the phone and the system answers with a page of this status."""
IS_ANSWERED = """() => new Promise((done) => {
  const asking = setInterval(() => { if (window.answered) { clearInterval(asking); done(); } }, 20);
})"""
AS_BEFORE = "() => { window.fetch = window.sentFetch; }"
BYTES_HERE = """() => new Promise((done) => {
  indexedDB.open("duty-photos", 1).onsuccess = (event) => {
    const asked = event.target.result.transaction("photos").objectStore("photos").getAll();
    asked.onsuccess = () => done(asked.result.map((one) => one.bytes ? one.bytes.byteLength : 0));
  };
})"""
AGAIN = "window.dispatchEvent(new Event('online'))"


@pytest.fixture
def email(app: Flask, tenant: Tenant) -> str:
    """The lawyer's account."""
    return factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)


@pytest.fixture
def phone(email: str, visitor: Visitor) -> Iterator[Page]:
    """The lawyer's phone on the duty page, once its worker looks after it."""
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


def take_photo(phone: Page, file: Path) -> Locator:
    """Sign in to duty and take a photo; return its row in the queue."""
    file.write_bytes(picture(clock.local(clock.now())))
    phone.locator("#duty-today .take-photo input[data-photo]").set_input_files(file)
    return phone.locator("#photo-queue li")


@pytest.fixture
def on_duty(phone: Page) -> Page:
    """The phone of a lawyer who has signed in to duty."""
    button(phone, "签到 · 甲社区").tap()
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    return phone


def is_saved(phone: Page) -> None:
    """Expect the photo with its session, and the phone without it."""
    expect(phone.locator("#duty-today .photo-row img")).to_have_count(1, timeout=20_000)
    expect(phone.locator("#photo-queue li")).to_have_count(0)


def test_no_answer_from_elsewhere_takes_the_picture_off_the_phone(
    on_duty: Page, tmp_path: Path
) -> None:
    on_duty.evaluate(ANSWER_PHOTOS, 503)
    row = take_photo(on_duty, tmp_path / "photo.jpg")
    size = (tmp_path / "photo.jpg").stat().st_size
    for status in (408, 429, 500, 503):
        on_duty.evaluate(ANSWER_PHOTOS, status)
        on_duty.evaluate(AGAIN)
        on_duty.evaluate(IS_ANSWERED)
        expect(row).to_contain_text("系统暂时收不下，照片还在手机上")
        assert on_duty.evaluate(BYTES_HERE) == [size]
    on_duty.evaluate(ANSWER_PHOTOS, 401)
    on_duty.evaluate(AGAIN)
    expect(row).to_contain_text("登录已过期或需要再验证身份，照片还在手机上")
    on_duty.evaluate(ANSWER_PHOTOS, 400)
    on_duty.evaluate(AGAIN)
    expect(row).to_contain_text("照片还在手机上，没有丢失。系统没有收下（400）")
    for status in (403, 404, 409, 410, 413, 422):
        on_duty.evaluate(ANSWER_PHOTOS, status)
        button(on_duty, "再发一次").tap()
        expect(row).to_contain_text(f"系统没有收下（{status}）")
        assert on_duty.evaluate(BYTES_HERE) == [size]
    on_duty.evaluate(AS_BEFORE)
    button(on_duty, "再发一次").tap()
    is_saved(on_duty)


def test_a_refusal_by_rights_keeps_the_photo_until_they_are_mended(
    app: Flask, tenant: Tenant, on_duty: Page, email: str, tmp_path: Path
) -> None:
    belongs_to(app, email, None)
    row = take_photo(on_duty, tmp_path / "photo.jpg")
    expect(row).to_contain_text("照片还在手机上，没有丢失。您的账号没有对应到名册中的律师")
    on_duty.reload()
    expect(row).to_contain_text("您的账号没有对应到名册中的律师")
    button(on_duty, "删除照片").tap()
    expect(on_duty.locator("dialog[open]")).to_contain_text("只存在这部手机上")
    button(on_duty, "取消").tap()
    belongs_to(app, email, tenant.adviser_id)
    on_duty.reload()
    expect(row).to_have_count(1)
    button(on_duty, "再发一次").tap()
    is_saved(on_duty)


def test_a_lost_session_keeps_the_photo_and_says_so(
    on_duty: Page, email: str, tmp_path: Path
) -> None:
    on_duty.context.clear_cookies()
    row = take_photo(on_duty, tmp_path / "photo.jpg")
    expect(row).to_contain_text("登录已过期或需要再验证身份，照片还在手机上")
    on_duty.goto("/sign-in?next=/duty")
    sign_in(on_duty, email, PASSWORD)
    is_saved(on_duty)


def test_a_photo_that_stays_can_be_given_up(
    app: Flask, on_duty: Page, email: str, tmp_path: Path
) -> None:
    belongs_to(app, email, None)
    row = take_photo(on_duty, tmp_path / "photo.jpg")
    button(on_duty, "删除照片").tap()
    button(on_duty, "确认删除").tap()
    expect(row).to_have_count(0)
    assert on_duty.evaluate(BYTES_HERE) == []


def belongs_to(app: Flask, email: str, adviser_id: UUID | None) -> None:
    """Let the account be of this adviser, or of none."""
    person = select(Person.id).where(Person.email == email).scalar_subquery()
    change = update(Membership).where(Membership.person_id == person)
    with app.app_context(), as_platform():
        db.session.execute(change.values(adviser_id=adviser_id))
        db.session.commit()
