"""A change of hands on the real database: assignment, duty, pack, taking over, signing."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from counselhub.assignments import actions as assigning
from counselhub.assignments.kinds import AssignmentRole, EndCause
from counselhub.assignments.models import Assignment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.permissions import Role
from counselhub.handovers import actions, keeping, queries, reassigning, replacing
from counselhub.handovers.keeping import GroupEntry, PromiseEntry
from counselhub.handovers.kinds import GroupLevel, LineKind
from counselhub.handovers.models import HandoverLine, HandoverPack
from counselhub.handovers.reassigning import Move, ObstaclesError
from counselhub.handovers.replacing import Change
from counselhub.matters.models import Matter, MatterWall
from counselhub.places.models import Community
from counselhub.services.models import ServiceRecord
from tests.factories import Tenant
from tests.handovers.conftest import START, WEDNESDAY, adviser, lead_of, slot

CHANGE = Change(EndCause.ROTATION, START)


def changed(desk: Tenant, change: Change = CHANGE) -> HandoverPack:
    taker = adviser(desk, desk.backup_id)
    return replacing.replace(lead_of(desk), taker, change, by=desk.member())


def told(pack: HandoverPack, kind: LineKind) -> list[str]:
    query = select(HandoverLine.words).where(
        HandoverLine.pack_id == pack.id, HandoverLine.kind == kind
    )
    return list(db.session.scalars(query.order_by(HandoverLine.place)))


def test_the_successor_begins_the_day_after(desk: Tenant) -> None:
    pack = changed(desk)
    old = db.session.get_one(Assignment, (desk.firm_id, pack.ended_id))
    new = db.session.get_one(Assignment, (desk.firm_id, pack.begun_id))
    assert (old.ends_on, new.starts_on) == (START - timedelta(days=1), START)
    assert (old.end_cause, old.end_reason) == ("rotation", "轮换")
    assert new.adviser_id == desk.backup_id


def test_coming_duty_goes_along_and_what_cannot_is_told(desk: Tenant) -> None:
    before, moved = slot(desk, date(2026, 10, 15)), slot(desk, date(2026, 10, 21))
    kept = slot(desk, date(2026, 10, 28))
    slot(desk, date(2026, 10, 28), desk.backup_id, place=1)
    pack = changed(desk)
    assert [one.adviser_id for one in (before, moved, kept)] == [
        desk.adviser_id, desk.backup_id, desk.adviser_id
    ]  # fmt: skip
    first, second = told(pack, LineKind.DUTY)
    assert "2026-10-21 09:00–11:00 值班，已转给接任律师" in first
    assert "请在排班里另行安排（李四光 2026-10-28 09:00–11:00 已排在乙社区" in second


def test_duty_stays_where_it_is_asked_to(desk: Tenant) -> None:
    kept = slot(desk, date(2026, 10, 21))
    pack = changed(desk, Change(EndCause.LEAVE, START, moves_duty=False))
    assert kept.adviser_id == desk.adviser_id
    assert "还排着原律师" in told(pack, LineKind.DUTY)[0]


def test_every_source_gives_its_lines(desk: Tenant) -> None:
    place, by = desk.town.communities[0], desk.member()
    who: dict[str, Any] = {"community_code": place, "adviser_id": desk.adviser_id}
    day = WEDNESDAY - timedelta(days=3)
    at = {"street_code": desk.town.street_code, "created_at": clock.now()}
    going = ServiceRecord(
        number="FW-1", day=day, kind="mediation", dispute_kind="neighbour", **who, **at
    )
    over = ServiceRecord(
        number="FW-2",
        day=day,
        kind="mediation",
        dispute_kind="neighbour",
        outcome="达成协议",
        **who,
        **at,
    )
    matter = Matter(number="SX-1", title="某案", kind="litigation", opened_on=day, **who)
    db.session.add_all([going, over, matter])
    keeping.promise(place, PromiseEntry(desk.adviser_id, "王主任", "送公约", START), by=by)
    keeping.add_group(
        place, GroupEntry("甲社区群", GroupLevel.COMMUNITY, desk.adviser_id, 80, True), by=by
    )
    pack = changed(desk)
    services = told(pack, LineKind.SERVICE)
    assert len(services) == 1
    assert services[0].startswith("FW-1 ")
    assert told(pack, LineKind.MATTER) == ["SX-1 诉讼代理"], "never what it is about"
    assert told(pack, LineKind.PROMISE) == ["答应王主任：送公约"]
    assert told(pack, LineKind.GROUP) == ["“甲社区群”，群主张三丰"]
    assert len(told(pack, LineKind.PAPER)) == 3


def test_a_wall_hides_a_line_that_was_made_before_it(desk: Tenant) -> None:
    matter = Matter(
        number="SX-2", title="某案", kind="advice", opened_on=WEDNESDAY,
        community_code=desk.town.communities[0], adviser_id=desk.adviser_id,
    )  # fmt: skip
    db.session.add(matter)
    pack = changed(desk)
    taker = desk.member(Role.ADVISER, adviser_id=desk.backup_id)
    numbers = [line.words for line in queries.lines_of(pack.id, taker)]
    assert any("SX-2" in words for words in numbers)
    wall = MatterWall(
        matter_id=matter.id, adviser_id=desk.backup_id, name="李四光", reason="relative",
        words="", made_at=clock.now(), made_by_name="测试员",
    )  # fmt: skip
    db.session.add(wall)
    db.session.flush()
    assert not any("SX-2" in one.words for one in queries.lines_of(pack.id, taker))
    left = queries.waiting_lines([pack], taker)[pack.id]
    assert left == len(queries.lines_of(pack.id, taker)), "no count tells of it"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(Change(EndCause.OTHER, START), "用一句话写明", id="other without words"),
        pytest.param(
            Change(EndCause.LEFT, date(2026, 1, 1)), "从 2026-01-01 才开始", id="too early"
        ),
    ],
)
def test_what_is_refused_changes_nothing(desk: Tenant, change: Change, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        changed(desk, change)
    assert lead_of(desk).ends_on is None
    assert db.session.scalars(select(HandoverPack)).all() == []


def test_nobody_follows_himself(desk: Tenant) -> None:
    with pytest.raises(RefusedError, match="同一位律师"):
        replacing.replace(lead_of(desk), adviser(desk, desk.adviser_id), CHANGE, by=desk.member())


def test_signing_waits_for_every_line(desk: Tenant) -> None:
    place, by = desk.town.communities[0], desk.member()
    promise = keeping.promise(place, PromiseEntry(desk.adviser_id, "王主任", "送公约"), by=by)
    entry = GroupEntry("群", GroupLevel.OTHER, desk.adviser_id, None, False)
    group = keeping.add_group(place, entry, by=by)
    pack = changed(desk)
    lines = queries.lines_of(pack.id, by)
    assert actions.take(pack, {one.id for one in lines[:-1]}, {}, by=by, revision=1) == 1
    db.session.flush()
    assert (promise.adviser_id, group.owner_id) == (desk.backup_id, desk.backup_id)
    with pytest.raises(RefusedError, match="还有1项没有勾选"):
        actions.sign(pack, by=by)
    with pytest.raises(ConflictError):
        actions.take(pack, set(), {}, by=by, revision=1)
    taken = {one.id for one in lines[:-1]}
    assert actions.take(pack, taken, {lines[-1].id: "社区自己换"}, by=by) == 0
    actions.sign(pack, by=by)
    assert (pack.status, pack.signed_by_name) == ("signed", "测试员")
    for again in (lambda: actions.sign(pack, by=by), lambda: actions.take(pack, set(), {}, by=by)):
        with pytest.raises(IllegalMoveError):
            again()


def test_a_withdrawn_change_takes_its_pack_along(desk: Tenant) -> None:
    pack = changed(desk)
    new = db.session.get_one(Assignment, (desk.firm_id, pack.begun_id))
    assigning.withdraw(new, by=desk.member())
    db.session.flush()
    db.session.expire_all()
    assert db.session.scalars(select(HandoverPack)).all() == []


def moves(desk: Tenant) -> list[Move]:
    taker = adviser(desk, desk.backup_id)
    return [Move(one, taker) for one in queries.led_by(desk.adviser_id, WEDNESDAY)]


def test_many_changes_are_tried_without_a_trace(desk: Tenant) -> None:
    slot(desk, date(2026, 10, 21))
    slot(desk, date(2026, 10, 22), place=1)
    trial = reassigning.attempt(moves(desk), CHANGE, by=desk.member())
    assert [(one.name, one.before, one.after) for one in trial.loads] == [
        ("李四光", 0, 2), ("张三丰", 2, 0)
    ]  # fmt: skip
    assert (trial.obstacles, trial.duty) == ([], 2)
    assert lead_of(desk).ends_on is None
    assert db.session.scalars(select(HandoverPack)).all() == []


def test_many_changes_are_made_together(desk: Tenant) -> None:
    packs = reassigning.carry_out(moves(desk), CHANGE, by=desk.member())
    assert {one.community_code for one in packs} == set(desk.town.communities[:2])
    assert queries.led_counts(START) == {desk.backup_id: 2}


def test_one_obstacle_stops_all_and_every_one_is_named(desk: Tenant) -> None:
    second = lead_of(desk, 1)
    third = db.session.get_one(Community, desk.town.communities[1])
    assigning.end(second, date(2026, 10, 16), "调整", by=desk.member())
    chosen = moves(desk)
    other = assigning.assign(
        third, adviser(desk, desk.backup_id), AssignmentRole.LEAD, START, by=desk.member()
    )
    assert other.id
    savepoint = db.session.begin_nested()
    with pytest.raises(ObstaclesError) as refused:
        reassigning.carry_out(chosen, CHANGE, by=desk.member())
    savepoint.rollback()
    assert [one.community for one in refused.value.trial.obstacles] == ["乙社区"]
    assert "已经结束" in refused.value.trial.obstacles[0].words
    trial = reassigning.attempt(chosen, CHANGE, by=desk.member())
    assert trial.obstacles == refused.value.trial.obstacles
    assert lead_of(desk).ends_on is None


def test_promises_and_groups_refuse_what_cannot_be(desk: Tenant) -> None:
    place, by = desk.town.communities[0], desk.member()
    past = PromiseEntry(desk.adviser_id, "某人", "某事", date(2026, 10, 1))
    with pytest.raises(RefusedError, match="不能早于今天"):
        keeping.promise(place, past, by=by)
    row = keeping.promise(place, PromiseEntry(desk.adviser_id, "某人", "某事"), by=by)
    keeping.keep(row, by=by)
    for again in (keeping.keep, keeping.withdraw):
        with pytest.raises(IllegalMoveError, match="已经兑现"):
            again(row, by=by)
    entry = GroupEntry("群", GroupLevel.COMMUNITY, None, 3, True)
    group = keeping.add_group(place, entry, by=by)
    with pytest.raises(RefusedError, match="已经登记过名为“群”的群"):
        keeping.add_group(place, entry, by=by)
    keeping.close_group(group, by=by)
    keeping.add_group(place, entry, by=by)
    with pytest.raises(IllegalMoveError, match="已经解散"):
        keeping.change_group(group, entry, by=by)
