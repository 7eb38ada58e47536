"""Signing in and out, and what was forgotten, on the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import (
    ConflictError,
    ForbiddenError,
    FrozenError,
    IllegalMoveError,
    RefusedError,
)
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty import actions, queries
from counselhub.duty.models import DutySession
from tests.duty.conftest import DAY, NOON, STATEMENT, YESTERDAY, MakeSession, later, load
from tests.factories import Tenant


def test_signing_in_drops_the_seconds(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(adviser, tenant.town.communities[0])
    assert session.signed_in_at == NOON.replace(second=0)
    assert (session.day, session.status, session.source) == (DAY, "open", "phone")
    assert [event.act for event in history.of(session)] == ["sign_in"]


def test_a_second_tap_gives_the_same_session(adviser: Member, tenant: Tenant) -> None:
    first = actions.sign_in(adviser, tenant.town.communities[0])
    with clock.frozen(later(minutes=3)):
        assert actions.sign_in(adviser, tenant.town.communities[0]) is first


def test_two_taps_at_once_give_one_session(app: Flask, tenant: Tenant) -> None:
    together = Barrier(2)
    member = tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)

    def tap() -> UUID:
        with app.test_request_context(), as_scope(tenant.scope):
            db.session.execute(select(1))
            together.wait()
            session_id = actions.sign_in(member, tenant.town.communities[0]).id
            db.session.commit()
            return session_id

    with ThreadPoolExecutor(2) as pool:
        ids = {task.result() for task in [pool.submit(tap), pool.submit(tap)]}
    assert len(ids) == 1
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.scalar(select(func.count()).select_from(DutySession)) == 1


def test_a_second_community_asks_to_sign_out_of_the_first(adviser: Member, tenant: Tenant) -> None:
    actions.sign_in(adviser, tenant.town.communities[0])
    with pytest.raises(ConflictError, match="您 12:00 已在甲社区签到，请先签退"):
        actions.sign_in(adviser, tenant.town.communities[1])


def test_nobody_signs_in_where_he_is_not_assigned(adviser: Member, tenant: Tenant) -> None:
    with pytest.raises(RefusedError, match="今天没有指派"):
        actions.sign_in(adviser, tenant.town.communities[3])
    with pytest.raises(RefusedError, match="今天没有指派"):
        actions.sign_in(adviser, tenant.town.communities[3], substitute_for_id=tenant.backup_id)


def test_a_stand_in_signs_in_for_who_is_assigned(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(
        adviser, tenant.town.communities[1], substitute_for_id=tenant.backup_id
    )
    assert session.substitute_for_id == tenant.backup_id


def test_an_account_without_an_adviser_cannot_sign_in(adviser: Member, tenant: Tenant) -> None:
    with pytest.raises(ForbiddenError, match="没有对应到名册中的律师"):
        actions.sign_in(tenant.member(), tenant.town.communities[0])


def test_signing_out_counts_whole_minutes(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(adviser, tenant.town.communities[0])
    with clock.frozen(later(minutes=95, seconds=20)):
        actions.sign_out(session, by=adviser, remark="来访2人")
    assert session.signed_out_at == NOON.replace(second=0) + timedelta(minutes=95)
    assert (session.status, session.remark) == ("closed", "来访2人")


def test_signing_out_twice_is_refused(adviser: Member, make_session: MakeSession) -> None:
    with pytest.raises(IllegalMoveError, match="已经结束"):
        actions.sign_out(load(make_session()), by=adviser)


def test_signing_out_within_the_minute_is_refused(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(adviser, tenant.town.communities[0])
    with pytest.raises(RefusedError, match="还不到1分钟"):
        actions.sign_out(session, by=adviser)


def test_a_forgotten_sign_out_is_asked_for_first(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    make_session(time(14, 2), None, YESTERDAY)
    question = "10月7日 在甲社区 14:02 签到后没有签退，请填写离开时间"
    with pytest.raises(ConflictError, match=question):
        actions.sign_in(adviser, tenant.town.communities[0])
    forgotten = queries.open_session(tenant.adviser_id)
    assert forgotten
    with pytest.raises(RefusedError, match=question):
        actions.sign_out(forgotten, by=adviser)
    actions.sign_out(forgotten, by=adviser, left_at=time(16, 30))
    assert forgotten.signed_out_at == clock.instant(YESTERDAY, time(16, 30))
    assert history.of(forgotten)[-1].detail == {"told_later": True}
    assert actions.sign_in(adviser, tenant.town.communities[0]).day == DAY


@pytest.mark.parametrize(
    ("begin", "end", "left_at", "words"),
    [
        pytest.param(time(14), None, time(13, 59), "离开时间要晚于签到时间 14:00", id="before"),
        pytest.param(time(14), None, time(14), "离开时间要晚于签到时间 14:00", id="same"),
    ],
)
def test_an_impossible_time_is_refused(
    adviser: Member,
    make_session: MakeSession,
    begin: time,
    end: time | None,
    left_at: time,
    words: str,
) -> None:
    session = load(make_session(begin, end, YESTERDAY))
    with pytest.raises(RefusedError, match=words):
        actions.sign_out(session, by=adviser, left_at=left_at)
    assert session.status == "open"


def test_a_time_to_come_is_refused(adviser: Member, make_session: MakeSession) -> None:
    session = load(make_session(time(0, 1), None))
    with clock.frozen(later(hours=1)), pytest.raises(RefusedError, match="不能晚于现在（13:00）"):
        actions.sign_out(session, by=adviser, left_at=time(15))


def test_nobody_is_asked_again_about_what_he_does_not_remember(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    session = load(make_session(time(14), None, YESTERDAY))
    actions.leave_untold(session, by=adviser)
    assert (session.status, session.signed_out_at) == ("closed", None)
    assert queries.open_session(tenant.adviser_id) is None
    assert actions.sign_in(adviser, tenant.town.communities[0]).status == "open"


def test_a_session_of_a_closed_month_is_past_asking(
    adviser: Member,
    tenant: Tenant,
    make_session: MakeSession,
    close_october: Callable[[], None],
) -> None:
    session_id = make_session(time(14), None, YESTERDAY)
    close_october()
    assert queries.open_session(tenant.adviser_id) is None
    with pytest.raises(FrozenError, match=STATEMENT):
        actions.sign_out(load(session_id), by=adviser, left_at=time(16))


def test_presence_in_two_places_names_the_other(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    make_session(time(10), time(11, 30), community_code=tenant.town.communities[1])
    session = load(make_session(time(10, 30), None))
    with pytest.raises(ConflictError, match="2026-10-08 10:00–11:30 已有一条在乙社区的值班记录"):
        actions.sign_out(session, by=adviser)


def test_a_slip_is_taken_back_within_ten_minutes(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(adviser, tenant.town.communities[0])
    with clock.frozen(later(minutes=10)):
        actions.cancel(session, by=adviser)
    assert session.status == "voided"
    again = actions.sign_in(adviser, tenant.town.communities[1])
    with clock.frozen(later(minutes=11)), pytest.raises(IllegalMoveError, match="超过10分钟"):
        actions.cancel(again, by=adviser)


def test_the_same_minute_again_names_the_voided_one(adviser: Member, tenant: Tenant) -> None:
    actions.cancel(actions.sign_in(adviser, tenant.town.communities[0]), by=adviser)
    with pytest.raises(ConflictError, match="已有一条在甲社区的值班记录（已作废）"):
        actions.sign_in(adviser, tenant.town.communities[0])
