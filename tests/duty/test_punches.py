"""Taps on the real database: once each, in any order, beside what people do by hand."""

import itertools
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.duty import actions, punches
from counselhub.duty.kinds import PunchKind, PunchTiming, PunchVerdict
from counselhub.duty.models import DutyPunch, DutySession
from counselhub.duty.punch_rules import Claim
from counselhub.duty.punches import Sent
from tests.duty.conftest import NOON, MakeSession
from tests.duty.tapping import as_sent, at, ms, post, sign_in, sign_out
from tests.factories import Tenant

V = PunchVerdict


def of(adviser: Member) -> list[tuple[str, str, str, str]]:
    """The adviser's sessions as place, sign-in, sign-out and status."""
    query = select(DutySession).where(DutySession.adviser_id == adviser.adviser_id)
    return [
        (
            row.community_code[-1],
            f"{clock.local(row.signed_in_at):%H:%M}",
            f"{clock.local(row.signed_out_at):%H:%M}" if row.signed_out_at else "",
            row.status,
        )
        for row in db.session.scalars(query.order_by(DutySession.signed_in_at))
    ]


def test_taps_of_a_morning_without_a_signal(adviser: Member, tenant: Tenant) -> None:
    begin = sign_in(tenant, at(9), remark="门岗登记")
    end = sign_out(tenant, at(11), begin.key, community_confirmed=True)
    one, other = punches.take([begin, end], by=adviser)
    assert (one.verdict, one.timing) == (V.COUNTED, PunchTiming.OFFLINE)
    assert one.session_id == other.session_id
    assert of(adviser) == [("1", "09:00", "11:00", "closed")]


def test_the_same_taps_in_every_order_and_twice(adviser: Member, tenant: Tenant) -> None:
    first, second = sign_in(tenant, at(8)), sign_in(tenant, at(10), 1)
    taps = [
        first,
        sign_out(tenant, at(9, 30), first.key),
        second,
        sign_out(tenant, at(11), second.key),
    ]
    for order in itertools.permutations(taps):
        with db.session.begin_nested() as undone:
            for tap in order:
                punches.take([tap], by=adviser)
                punches.take([tap], by=adviser)
            assert of(adviser) == [
                ("1", "08:00", "09:30", "closed"),
                ("2", "10:00", "11:00", "closed"),
            ]
            undone.rollback()


def test_a_repeated_tap_writes_nothing(adviser: Member, tenant: Tenant) -> None:
    begin = sign_in(tenant, at(9))
    [one] = punches.take([begin], by=adviser)
    before = db.session.scalar(select(func.count()).select_from(DutyPunch))
    again, once_more = punches.take([begin, begin], by=adviser)
    assert again is once_more is one
    assert db.session.scalar(select(func.count()).select_from(DutyPunch)) == before


def test_a_sign_out_waits_for_its_sign_in(adviser: Member, tenant: Tenant) -> None:
    begin = sign_in(tenant, at(9))
    [out] = punches.take([sign_out(tenant, at(11), begin.key)], by=adviser)
    assert (out.verdict, of(adviser)) == (V.WAITING, [])
    punches.take([begin], by=adviser)
    assert out.verdict == V.COUNTED
    assert of(adviser) == [("1", "09:00", "11:00", "closed")]


def test_a_contradiction_between_two_phones_is_asked_about(adviser: Member, tenant: Tenant) -> None:
    begin = sign_in(tenant, at(9))
    punches.take([begin, sign_out(tenant, at(11), begin.key)], by=adviser)
    punches.take([sign_in(tenant, at(10), 1)], by=adviser)
    assert of(adviser) == [("1", "09:00", "", "open"), ("2", "10:00", "", "open")]
    opened = db.session.scalars(select(DutySession).order_by(DutySession.signed_in_at)).first()
    assert opened
    assert actions.is_forgotten(opened, NOON)


def test_what_the_desk_changed_stays(adviser: Member, tenant: Tenant) -> None:
    begin = sign_in(tenant, at(9))
    [tap] = punches.take([begin], by=adviser)
    session = punches.session_of(tap)
    assert session
    actions.void(session, by=adviser, reason="走错社区")
    db.session.flush()
    [out] = punches.take([sign_out(tenant, at(11), begin.key)], by=adviser)
    assert out.verdict == V.VOIDED
    assert of(adviser) == [("1", "09:00", "", "voided")]


def test_a_session_that_the_desk_changed_is_ended_by_a_tap(adviser: Member, tenant: Tenant) -> None:
    begun = sign_in(tenant, at(9))
    punches.take([begun], by=adviser)
    session = db.session.scalars(select(DutySession)).one()
    session.signed_in_at = at(8, 30)
    db.session.flush()
    ends = sign_out(tenant, at(11), begun.key, remark="开会")
    (taken,) = punches.take([ends], by=adviser)
    assert taken.verdict == V.COUNTED
    assert of(adviser) == [(tenant.town.communities[0][-1], "08:30", "11:00", "closed")]
    assert session.remark == "开会"


def test_a_session_begun_by_the_form_is_ended_by_a_tap(adviser: Member, tenant: Tenant) -> None:
    with clock.frozen(at(10)):
        session = punches.sign_in(adviser, tenant.town.communities[0], key=uuid4())
    assert session
    [out] = punches.take([sign_out(tenant, at(11), session.id)], by=adviser)
    assert (out.verdict, out.session_id) == (V.COUNTED, session.id)
    assert of(adviser) == [("1", "10:00", "11:00", "closed")]


def test_an_old_session_without_taps_is_ended_too(
    make_session: MakeSession, adviser: Member, tenant: Tenant
) -> None:
    session_id = make_session(time(9), None)
    [out] = punches.take([sign_out(tenant, at(11), session_id)], by=adviser)
    assert (out.verdict, out.session_id) == (V.COUNTED, session_id)
    assert of(adviser) == [("1", "09:00", "11:00", "closed")]


@pytest.mark.parametrize(
    ("place", "hours", "verdict"),
    [
        pytest.param(2, 9, V.NOT_ASSIGNED, id="a community of others"),
        pytest.param(1, 9, V.TWO_PLACES, id="at a place while the desk says another"),
    ],
)
def test_refused_taps_are_kept(
    make_session: MakeSession,
    adviser: Member,
    tenant: Tenant,
    place: int,
    hours: int,
    verdict: PunchVerdict,
) -> None:
    make_session(time(8, 30), time(9, 30))
    [tap] = punches.take([sign_in(tenant, at(hours), place)], by=adviser)
    assert (tap.verdict, tap.session_id) == (verdict, None)


def test_a_closed_month_refuses_and_heals(
    close_october: Any, adviser: Member, tenant: Tenant
) -> None:
    close_october()
    [tap] = punches.take([sign_in(tenant, at(9))], by=adviser)
    assert (tap.verdict, of(adviser)) == (V.CLOSED, [])


def test_no_such_place(adviser: Member, tenant: Tenant) -> None:
    nowhere = Sent(
        key=uuid4(), kind=PunchKind.IN, community_code="x", claim=Claim(NOON, NOON, None)
    )
    with pytest.raises(RefusedError, match="没有这个社区"):
        punches.take([nowhere], by=adviser)


@pytest.mark.usefixtures("noon")
def test_the_phone_is_told_what_became_of_each(as_adviser: FlaskClient, tenant: Tenant) -> None:
    begin = as_sent(tenant)
    end = as_sent(tenant, kind="out", ends=begin["key"], tapped=ms(at(9)))
    answer = post(as_adviser, [begin, end]).get_json()
    assert [one["verdict"] for one in answer["results"]] == ["counted", "too_soon"]
    assert answer["results"][0]["timing"] == "离线补传，按手机校正时间"
    assert "过1分钟再签退" in answer["results"][1]["advice"]
    state = as_adviser.get("/duty/phone").get_json()
    assert (state["now"], state["running"]["name"]) == (ms(NOON), "甲社区")
    assert "09:00 签到" in as_adviser.get("/duty").text


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param("", id="nothing"),
        pytest.param("[]", id="no tap"),
        pytest.param('[{"kind": "in"}]', id="half a tap"),
        pytest.param("[1]", id="no tap at all"),
        pytest.param("{", id="no JSON"),
    ],
)
def test_nonsense_is_refused(as_adviser: FlaskClient, sent: str) -> None:
    assert as_adviser.post("/duty/punches", data={"punches": sent}).status_code == 422


@pytest.mark.usefixtures("noon")
def test_a_form_sent_twice_is_one_tap(as_adviser: FlaskClient, tenant: Tenant) -> None:
    form = {"place": tenant.town.communities[0], "key": str(uuid4())}
    for _again in range(2):
        assert as_adviser.post("/duty/sign-ins", data=form).status_code == 303
    page = as_adviser.get("/duty").text
    address = f"/duty/sessions/{page.partition('/duty/sessions/')[2].partition('/')[0]}/sign-out"
    leave = {"key": str(uuid4())}
    with clock.frozen(NOON + timedelta(minutes=20)):
        for _again in range(2):
            assert as_adviser.post(address, data=leave).status_code == 303
        assert as_adviser.get("/duty").text.count("12:00–12:20") == 1


@pytest.mark.usefixtures("noon")
def test_who_may_not(as_checker: FlaskClient, app: Any) -> None:
    assert as_checker.get("/duty/phone").status_code == 403
    assert app.test_client().get("/duty/phone").status_code == 303


@pytest.mark.usefixtures("noon")
def test_the_page_of_a_session_shows_when_each_tap_arrived(
    as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant
) -> None:
    a_day = 24 * 60 * 60 * 1000
    behind = {"tapped": ms(at(9)) - a_day, "sent": ms(NOON) - a_day, "offset": a_day}
    post(as_adviser, [as_sent(tenant, **behind)])
    session_id = as_adviser.get("/duty/phone").get_json()["running"]["ends"]
    page = as_manager.get(f"/duty/sessions/{session_id}").text
    assert "手机时间 10-08 09:00（已校正），10-08 12:00 送达" in page
    assert "手机时钟与服务器相差24小时00分，已校正" in page


@pytest.mark.usefixtures("noon")
def test_a_tap_that_waited_too_long_counts_when_it_arrives(
    as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant
) -> None:
    [result] = post(as_adviser, [as_sent(tenant, tapped=ms(at(9)) - 2 * 86_400_000)]).get_json()[
        "results"
    ]
    assert (result["at"], result["timing"]) == ("12:00", "补传过晚，按到达时间")
    session_id = as_adviser.get("/duty/phone").get_json()["running"]["ends"]
    assert "手机时间 10-06 09:00" in as_manager.get(f"/duty/sessions/{session_id}").text
