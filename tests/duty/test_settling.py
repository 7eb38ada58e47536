"""Slots are judged by the sessions on record: at once, again after a correction, and by command."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import event

from counselhub.cli import cli
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import as_scope
from counselhub.duty import actions, desk, settling
from counselhub.duty.desk import Entry
from counselhub.roster.models import DutySlot, DutyTerm
from tests.duty.conftest import DAY, YESTERDAY, MakeSession, load
from tests.factories import Tenant

MakeSlot = Callable[..., UUID]
PAST = date(2026, 9, 30)
"""A Wednesday on which people work."""


@pytest.fixture
def make_slot(app: Flask, tenant: Tenant) -> MakeSlot:
    """Plan 9 to 11 of 30 September for the first adviser in the first community."""
    turns = iter(range(1, 50))

    def make(day: date = PAST, **given: Any) -> UUID:
        with app.app_context(), as_scope(tenant.scope):
            term = DutyTerm(
                contract_id=tenant.contract_id, kind="weekly", weekday=2,
                starts=time(9), ends=time(11),
            )  # fmt: skip
            db.session.add(term)
            db.session.flush()
            values = {
                "adviser_id": tenant.adviser_id,
                "community_code": tenant.town.communities[0],
                "starts": time(9),
                "ends": time(11),
            } | given
            slot = DutySlot(
                turn=next(turns), month=day.replace(day=1), day=day, term_id=term.id,
                street_code=tenant.town.street_code, **values,
            )  # fmt: skip
            db.session.add(slot)
            db.session.commit()
            return slot.id

    return make


def the(slot_id: UUID) -> DutySlot:
    db.session.expire_all()
    slot = db.session.scalar(db.select(DutySlot).where(DutySlot.id == slot_id))
    assert slot
    return slot


def test_a_sign_out_judges_at_once(
    adviser: Member, make_slot: MakeSlot, make_session: MakeSession
) -> None:
    slot_id = make_slot(DAY, starts=time(10), ends=time(12))
    session = load(make_session(time(10, 5), None))
    actions.sign_out(session, by=adviser)
    slot = the(slot_id)
    assert (slot.status, slot.present_minutes, slot.late_minutes) == ("done", 115, 5)
    assert slot.came_id == adviser.adviser_id
    assert [one.act for one in history.of(slot)] == ["fulfil"]


def test_too_short_a_stay_waits_for_the_end_of_the_day(
    adviser: Member, make_slot: MakeSlot, make_session: MakeSession
) -> None:
    slot_id = make_slot(DAY)
    actions.sign_out(load(make_session(time(11, 30), None)), by=adviser)
    assert the(slot_id).status == "planned"


def test_a_correction_judges_again_and_a_void_too(
    adviser: Member, tenant: Tenant, make_slot: MakeSlot, make_session: MakeSession
) -> None:
    slot_id, session_id = make_slot(), make_session(time(9), time(10), PAST)
    done = settling.settle_past(DAY, by=adviser)
    assert (done.changed, the(slot_id).status) == (1, "short")
    session = load(session_id)
    entry = Entry(
        adviser_id=session.adviser_id, community_code=session.community_code, day=PAST,
        signed_in=time(9), signed_out=time(11), substitute_for_id=None,
        community_confirmed=False, remark="签退记错",
    )  # fmt: skip
    desk.correct(session, entry, revision=None, by=tenant.member())
    assert the(slot_id).status == "done"
    actions.void(load(session_id), by=tenant.member(), reason="不是本人")
    slot = the(slot_id)
    assert (slot.status, slot.came_id, slot.present_minutes) == ("missed", None, None)
    assert [one.act for one in history.of(slot)] == ["fall_short", "fulfil", "miss"]


def test_settling_twice_changes_nothing(
    adviser: Member, tenant: Tenant, make_slot: MakeSlot, make_session: MakeSession
) -> None:
    other = tenant.town.communities[1]
    slots = make_slot(), make_slot(community_code=other, starts=time(14), ends=time(15))
    make_session(time(14), time(15), PAST, community_code=other, adviser_id=tenant.backup_id)
    first = settling.settle_past(DAY, by=adviser)
    assert (first.changed, first.same) == (2, 0)
    assert [the(one).status for one in slots] == ["missed", "substituted"]
    assert the(slots[1]).came_id == tenant.backup_id
    revisions = [the(one).revision for one in slots]
    again = settling.settle_past(DAY, by=adviser)
    assert (again.changed, again.same) == (0, 2)
    assert [the(one).revision for one in slots] == revisions


def test_a_late_notice_is_no_absence_and_a_closed_month_stays(
    adviser: Member, make_slot: MakeSlot, close_october: Callable[[], None]
) -> None:
    """7 October is off: whoever was planned then is asked to move, not judged."""
    hit = make_slot(YESTERDAY)
    done = settling.settle_past(DAY, by=adviser)
    assert (done.off, done.changed, the(hit).status) == (1, 0, "planned")
    stands = make_slot(YESTERDAY, stands_off=True, starts=time(14), ends=time(15))
    db.session.rollback()
    close_october()
    done = settling.settle_past(DAY, by=adviser)
    assert (done.closed, done.changed) == (2, 0)
    assert the(stands).status == "planned"


def test_what_was_called_off_is_not_judged(adviser: Member, make_slot: MakeSlot) -> None:
    slot_id = make_slot(status="excused", reason="社区停电")
    assert settling.settle_past(DAY, by=adviser).changed == 0
    assert the(slot_id).status == "excused"


def test_the_statements_do_not_grow_with_the_slots(
    adviser: Member, make_slot: MakeSlot, make_session: MakeSession
) -> None:
    def asked() -> int:
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            sent.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        settling.settle_past(DAY, by=adviser)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    make_slot()
    settling.settle_past(DAY, by=adviser)
    few = asked()
    for hour in range(12, 20):
        make_slot(starts=time(hour), ends=time(hour, 30))
    settling.settle_past(DAY, by=adviser)
    assert asked() == few


def run(app: Flask, *arguments: str) -> Any:
    return CliRunner().invoke(cli, ["duty", "settle", *arguments], obj=lambda: nullcontext())


def test_the_command_judges_a_firm_once(app: Flask, tenant: Tenant, make_slot: MakeSlot) -> None:
    slot_id = make_slot()
    with app.app_context(), clock.frozen(clock.instant(DAY, time(3))):
        told = run(app, "--firm", tenant.code, "--until", "2026-09-30", "--json")
        assert told.exit_code == 0, told.output
        document = json.loads(told.output)
        assert document["firms"] == [
            {"firm": tenant.code, "changed": 1, "same": 0, "off": 0, "closed": 0}
        ]
        again = run(app, "--firm", tenant.code)
        assert "判定 0 个班次，不变 1 个" in again.output
        assert run(app, "--firm", "nobody").exit_code == 1
    with app.app_context(), as_scope(tenant.scope):
        assert the(slot_id).status == "missed"
        assert history.of(the(slot_id))[-1].actor_name == "命令行"
