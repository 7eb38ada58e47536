"""What is told reaches the group: once, in few messages, when it may, and never too fast."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform
from counselhub.notices import channels, outbox
from counselhub.notices.actions import Note, tell_all
from counselhub.notices.kinds import DeliveryState, Kind
from counselhub.notices.models import Delivery
from counselhub.notices.rules import MOST_TRIES, Hours, wait_after
from counselhub.notices.texts import ABOUT
from counselhub.robots import actions, queries, rules
from counselhub.robots.channel import Robots
from counselhub.robots.kinds import Fault, RobotState, Style
from counselhub.robots.models import Robot
from tests.factories import Tenant, Town
from tests.robots.conftest import ALWAYS, given, held, make, wecom
from tests.robots.server import Group

START = datetime(2026, 11, 23, 1, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def alone(app: Flask, context: None) -> Iterator[None]:
    """Nothing of other tests waits for a group."""
    with as_platform():
        waiting = update(Delivery).where(queries.OF_ROBOTS, queries.UNSENT)
        db.session.execute(
            waiting.values(state="lapsed", claimed_at=None, ended_at=START),
            execution_options={"synchronize_session": False},
        )
        db.session.commit()
    with clock.frozen(START):
        yield


def note(tenant: Tenant, number: int, kind: Kind = Kind.CONTRACT_ENDING) -> Note:
    facts: dict[str, Any] = {"community": f"第{number}社区", "day": date(2026, 12, 31)}
    if kind is Kind.CONTRACT_ENDING:
        facts |= {"days": 30, "count": 2}
    return Note(kind=kind, scope=tenant.scope, key=f"k{number}", path="/", facts=facts)


def tell(*notes: Note) -> None:
    tell_all(notes)
    db.session.commit()


def deliver(after: timedelta = timedelta(minutes=2)) -> int:
    with clock.frozen(clock.now() + after):
        return channels.deliver(Robots.name)


def seen(robot: Robot) -> Robot:
    with as_platform():
        found = db.session.scalars(
            select(Robot).where(Robot.id == robot.id).execution_options(populate_existing=True)
        ).one()
        db.session.expunge(found)
        db.session.commit()
        return found


def states(robot: Robot) -> list[str]:
    with as_platform():
        query = select(Delivery.state).where(Delivery.target_id == robot.id)
        return sorted(db.session.scalars(query))


def test_it_is_told_once_whatever_is_repeated(tenant: Tenant, group: Group, robot: Robot) -> None:
    tell(note(tenant, 1))
    tell(note(tenant, 1), note(tenant, 2, Kind.COVERAGE_GAP))
    assert deliver(timedelta(0)) == 0
    assert deliver() == 1
    (read,) = group.texts
    assert "CounselHub：2 条提醒" in read
    assert read.count("第1社区") == 1
    assert "http://127.0.0.1:" in read
    tell(note(tenant, 1))
    assert deliver() == 0
    assert states(robot) == ["sent", "sent"]


def test_only_what_it_takes_and_only_its_own_place(
    tenant: Tenant, outsider: Tenant, town: Town, group: Group, robot: Robot
) -> None:
    narrow = make(outsider.member(), given(group, topics=[Kind.COVERAGE_GAP.value]))
    tell(note(tenant, 1), note(outsider, 2), note(outsider, 3, Kind.COVERAGE_GAP))
    assert (states(robot), states(narrow)) == (["waiting"], ["waiting"])
    assert deliver() == 2
    first, second = sorted(group.texts)
    assert ("第1社区" in first) != ("第1社区" in second)
    assert "第2社区" not in first + second


def test_what_names_people_never_goes_to_a_group(
    tenant: Tenant, group: Group, context: None
) -> None:
    every = make(tenant.member(), given(group, topics=[kind.value for kind in Kind]))
    facts = {"adviser": "张三丰", "month": date(2026, 11, 1), "minutes": 90, "days": 7}
    tell(Note(kind=Kind.HOURS_SHORT, scope=tenant.scope, key="k", path="/", facts=facts))
    assert states(every) == []


def test_a_rollback_tells_nothing(tenant: Tenant, group: Group, robot: Robot) -> None:
    tell_all([note(tenant, 1)])
    db.session.rollback()
    assert states(robot) == []


@pytest.mark.parametrize("style", Style)
def test_a_storm_of_a_hundred(tenant: Tenant, group: Group, context: None, style: Style) -> None:
    robot = make(tenant.member(), wecom(group, style=style))
    for number in range(100):
        with clock.frozen(START + timedelta(seconds=number % 29)):
            tell(note(tenant, number, [Kind.CONTRACT_ENDING, Kind.COVERAGE_GAP][number % 2]))
    assert deliver() <= rules.MOST_A_MINUTE
    assert group.requests == 5
    read = "\n".join(group.texts)
    assert all(f"第{number}社区" in read for number in range(100))
    assert states(robot) == ["sent"] * 100


def test_no_more_than_twenty_in_a_minute_and_the_rest_after_it(
    tenant: Tenant, group: Group, robot: Robot
) -> None:
    tell(*(note(tenant, number) for number in range(21 * Robots.most)))
    assert deliver() == rules.MOST_A_MINUTE
    assert group.requests == rules.MOST_A_MINUTE
    assert deliver(timedelta(minutes=2, seconds=59)) == 0
    assert deliver(timedelta(minutes=3)) == 1
    assert states(robot) == ["sent"] * 21 * Robots.most


def test_quiet_hours_and_the_digest_are_the_robots(
    tenant: Tenant, group: Group, context: None
) -> None:
    by = tenant.member()
    night = make(by, given(group, hours=Hours(quiet_from=8, quiet_until=18)))
    daily = make(by, given(group, is_daily=True, hours=Hours(0, 0, False, 17)))
    tell(note(tenant, 1))
    with as_platform():
        query = select(Delivery.target_id, Delivery.due_at).where(queries.UNSENT)
        due = {row[0]: row[1] for row in db.session.execute(query)}
    assert clock.local(due[night.id]).hour == 18
    assert clock.local(due[daily.id]).hour == 17
    assert deliver(timedelta(hours=8, minutes=1)) == 1
    assert deliver(timedelta(hours=9, minutes=1)) == 1


def test_a_busy_vendor_is_asked_again_later(tenant: Tenant, group: Group, robot: Robot) -> None:
    tell(note(tenant, 1))
    group.say({"errcode": -1, "errmsg": "系统繁忙"})
    assert deliver() == 0
    found = seen(robot)
    assert (found.fault, found.sent_at) == (Fault.BUSY, None)
    assert states(robot) == ["waiting"]
    assert deliver() == 0
    assert deliver(timedelta(minutes=4)) == 1
    assert seen(robot).fault is None


def test_who_was_too_fast_waits_ten_minutes(tenant: Tenant, group: Group, robot: Robot) -> None:
    tell(note(tenant, 1))
    group.say({"errcode": 410100, "errmsg": "发送速度太快而限流"})
    assert deliver() == 0
    tell(note(tenant, 2))
    assert deliver(timedelta(minutes=11)) == 0
    assert group.requests == 1
    assert deliver(timedelta(minutes=13)) == 2
    assert states(robot) == ["sent", "sent"]


def test_a_robot_that_was_removed_stops_until_somebody_looks(
    tenant: Tenant, group: Group, robot: Robot
) -> None:
    tell(note(tenant, 1))
    group.say({"errcode": 400101, "errmsg": "access_token不存在"})
    assert deliver() == 0
    tell(note(tenant, 2))
    assert deliver(timedelta(hours=1)) == 0
    assert group.requests == 1
    assert rules.state_of(False, Fault.of(seen(robot).fault or "")) is RobotState.STOPPED
    verdict = actions.try_out(held(robot), by=tenant.member(), place="某某律师事务所")
    db.session.commit()
    assert verdict.fault is None
    assert deliver() == 2
    assert states(robot) == ["sent", "sent"]


def test_it_is_given_up_in_the_end(tenant: Tenant, group: Group, robot: Robot) -> None:
    tell(note(tenant, 1))
    at = timedelta(minutes=2)
    for tries in range(MOST_TRIES):
        group.say({"errcode": 40035, "errmsg": "参数错误"})
        at += (wait_after(tries) or timedelta(0)) + timedelta(minutes=1) if tries else timedelta(0)
        assert deliver(at) == 0
    assert states(robot) == ["failed"]
    assert seen(robot).fault_words == "40035 参数错误"


def test_a_worker_that_is_killed_after_sending_doubles_that_message_alone(
    tenant: Tenant, group: Group, robot: Robot
) -> None:
    tell(*(note(tenant, number) for number in range(2 * Robots.most)))
    with clock.frozen(START + timedelta(minutes=2)):
        batch = outbox.claim(Robots.name, Robots.most)
        assert batch is not None
        Robots().send(batch)  # and dies before it could say so
        assert channels.deliver(Robots.name) == 1
    assert deliver(timedelta(minutes=5)) == 0
    assert deliver(timedelta(minutes=13)) == 1
    first, other, again = group.texts
    assert first == again
    assert other != first
    assert states(robot) == ["sent"] * 2 * Robots.most


def test_the_turn_of_a_killed_worker_counts(tenant: Tenant, group: Group, robot: Robot) -> None:
    tell(note(tenant, 1))
    with clock.frozen(START + timedelta(minutes=2)):
        batch = outbox.claim(Robots.name, Robots.most)
        assert batch is not None
        group.say({}, 500)
        with pytest.raises(channels.NotNowError):
            Robots().send(batch)
        assert len(seen(robot).asked_at) == 1


def test_a_robot_that_is_off_hears_nothing_and_forgets_what_waited(
    tenant: Tenant, group: Group, robot: Robot
) -> None:
    tell(note(tenant, 1))
    actions.switch_off(held(robot), by=tenant.member())
    db.session.commit()
    tell(note(tenant, 2))
    assert deliver() == 0
    assert states(robot) == [DeliveryState.LAPSED]
    actions.switch_on(held(robot), by=tenant.member())
    db.session.commit()
    tell(note(tenant, 3))
    assert deliver() == 1
    assert "第1社区" not in group.texts[0]


def test_a_message_holds_nothing_but_what_its_kind_has_fields_for(
    tenant: Tenant, town: Town, group: Group, context: None
) -> None:
    """Every kind that may go to a group, with marks in every field: nothing else is in it."""
    some: dict[str, Any] = {
        "month": date(2026, 10, 1), "day": date(2026, 12, 31), "until": date(2027, 1, 2),
        "days": 7, "count": 3, "minutes": 90, "street": "某某街道", "community": "甲社区",
        "firm": "某某律师事务所",
    }  # fmt: skip
    kinds = [kind for kind in Kind if ABOUT[kind].to_groups]
    assert kinds
    for side, scope, by in (
        ("firm", tenant.scope, tenant.member()),
        ("office", town.scope, tenant.member(Role.APPROVER)),
    ):
        own = [kind for kind in kinds if ABOUT[kind].side == side]
        make(by if side == "firm" else _of_office(by, town), given(group, topics=own, hours=ALWAYS))
        for kind in own:
            facts = {name: some[name] for name in ABOUT[kind].fields}
            tell(Note(kind=kind, scope=scope, key="k", path="/x", facts=facts))
    assert deliver() >= 2
    read = "\n".join(group.texts)
    for kind in kinds:
        assert kind.word in read
    assert not any(mark in read for mark in ("%(", "张三丰", "/x", str(tenant.firm_id)))


def _of_office(by: Member, town: Town) -> Member:
    return replace(by, scope=town.scope)
