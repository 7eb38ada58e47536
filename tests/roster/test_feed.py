"""A lawyer's calendar: tokened, read back by a strict parser, renewed, ended."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core import clock, limits
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.roster.feed_rules import Entry, calendar, escaped, folded
from counselhub.roster.models import CalendarFeed, DutySlot
from tests import factories
from tests.factories import Tenant

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 10, 15)


def parsed(text: str) -> list[dict[str, str]]:
    """Return the events of a calendar, as RFC 5545 reads it; anything loose fails."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    open_parts: list[str] = []
    events: list[dict[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        assert colon, line
        if name == "BEGIN":
            open_parts.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert open_parts.pop() == value
        elif open_parts[-1] == "VEVENT":
            assert name not in events[-1]
            events[-1][name] = value
    assert open_parts == []
    assert len({event["UID"] for event in events}) == len(events)
    return events


def starts(event: dict[str, str]) -> datetime:
    told = event["DTSTART;TZID=Asia/Shanghai"]
    return datetime.strptime(told, "%Y%m%dT%H%M%S").replace(tzinfo=SHANGHAI)


@given(st.text(max_size=200).filter(lambda text: not set(text) & {"\r", "\n"}))
def test_a_folded_line_is_the_line(text: str) -> None:
    line = f"SUMMARY:{text}"
    assert all(len(part.encode()) <= 75 for part in folded(line).split("\r\n"))
    assert folded(line).replace("\r\n ", "") == line


def test_what_has_a_meaning_is_escaped() -> None:
    assert escaped("甲,乙;丙\\丁\n戊") == "甲\\,乙\\;丙\\\\丁\\n戊"


def test_an_empty_calendar_is_one() -> None:
    assert parsed(calendar([], name="某某的值班")) == []


def test_entries_keep_their_time() -> None:
    entry = Entry(
        "1@counselhub", 3, DAY, time(9), time(12), "值班：" + "很长的社区名" * 10, "某社区"
    )
    (event,) = parsed(calendar([entry], name="某某"))
    assert starts(event) == datetime(2026, 10, 15, 9, tzinfo=SHANGHAI)
    assert event["SEQUENCE"] == "3"
    assert event["SUMMARY"].endswith("很长的社区名")


@pytest.fixture
def slot_id(app: Flask, tenant: Tenant, make_term: Callable[..., UUID], september: None) -> UUID:
    """A slot of the first lawyer on 15 October, and one of the other."""
    term_id = make_term()
    made = []
    with app.app_context(), as_scope(tenant.scope):
        for turn, adviser_id in enumerate((tenant.adviser_id, tenant.backup_id), 1):
            values: dict[str, Any] = {"month": DAY.replace(day=1), "day": DAY, "turn": turn}
            slot = DutySlot(
                term_id=term_id, adviser_id=adviser_id, starts=time(9), ends=time(12),
                community_code=tenant.town.communities[0], street_code=tenant.town.street_code,
                **values,
            )  # fmt: skip
            db.session.add(slot)
            made.append(slot.id)
        db.session.commit()
    return made[0]


def renewed(client: FlaskClient, tenant: Tenant) -> str:
    page = client.post(f"/advisers/{tenant.adviser_id}/feed").text
    address = page.split('id="address" value="')[1].split('"')[0]
    assert address.startswith("http")
    return urlsplit(address).path


def test_a_calendar_reads_what_its_lawyer_is_planned_for(
    app: Flask, as_adviser: FlaskClient, tenant: Tenant, slot_id: UUID
) -> None:
    assert "还没有订阅链接" in as_adviser.get(f"/advisers/{tenant.adviser_id}/feed").text
    path = renewed(as_adviser, tenant)
    stranger = app.test_client()
    answer = stranger.get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    (event,) = parsed(answer.text)
    assert event["UID"] == f"{slot_id}@counselhub"
    assert starts(event) == datetime(2026, 10, 15, 9, tzinfo=SHANGHAI)
    assert "李四光" not in answer.text
    tag = answer.headers["ETag"]
    assert stranger.get(path, headers={"If-None-Match": tag}).status_code == 304
    with app.app_context(), as_scope(tenant.scope):
        slot = db.session.get_one(DutySlot, (tenant.firm_id, slot_id))
        slot.starts = time(10)
        db.session.commit()
    moved = stranger.get(path, headers={"If-None-Match": tag})
    assert moved.status_code == 200
    (later,) = parsed(moved.text)
    assert later["UID"] == event["UID"]
    assert int(later["SEQUENCE"]) > int(event["SEQUENCE"])


def test_only_a_digest_is_kept_and_a_new_address_ends_the_old(
    app: Flask, as_adviser: FlaskClient, tenant: Tenant, slot_id: UUID
) -> None:
    first = renewed(as_adviser, tenant)
    assert "正在使用" in as_adviser.get(f"/advisers/{tenant.adviser_id}/feed").text
    second = renewed(as_adviser, tenant)
    stranger = app.test_client()
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    with app.app_context(), as_platform():
        kept = db.session.get_one(CalendarFeed, (tenant.firm_id, tenant.adviser_id)).digest
    assert kept not in second
    ended = as_adviser.post(f"/advisers/{tenant.adviser_id}/feed/removal")
    assert ended.status_code == 303
    assert stranger.get(second).status_code == 404


def test_a_feed_is_its_lawyers_and_the_desks(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, as_outsider: FlaskClient,
    tenant: Tenant,
) -> None:  # fmt: skip
    other = f"/advisers/{tenant.backup_id}/feed"
    assert as_adviser.get(other).status_code == 403
    assert as_adviser.post(other).status_code == 403
    assert as_adviser.post(f"{other}/removal").status_code == 403
    assert as_outsider.post(other).status_code == 404
    assert as_manager.post(other).status_code == 200
    finance = factories.signed_in(app, tenant.scope, Role.FINANCE)
    assert finance.get(other).status_code == 403


def test_strangers_who_try_tokens_are_counted(app: Flask) -> None:
    with app.test_request_context("/calendar/guess.ics"):
        assert limits.is_door()


def test_the_phone_shows_what_is_planned_first(
    app: Flask, as_adviser: FlaskClient, slot_id: UUID
) -> None:
    assert "今天排了" not in as_adviser.get("/duty").text
    with clock.frozen(datetime(2026, 10, 15, 8, tzinfo=SHANGHAI)):
        page = as_adviser.get("/duty").text
    assert page.index("今天排了") < page.index('data-punch="in"')
    assert "09:00–12:00" in page
