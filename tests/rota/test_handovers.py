"""What a tap makes: shifts that money rule M7 counts, without gap or overlap, and never by plan."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty import shift_actions, shift_queries
from counselhub.duty.models import OnlineShift
from counselhub.duty.shift_actions import ShiftEntry
from counselhub.rota import board_actions, handovers, now_queries
from counselhub.rota.models import OnlineTurn
from tests.factories import Tenant
from tests.rota.conftest import FIRST, at


@pytest.fixture
def first(tenant: Tenant) -> Member:
    return tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)


@pytest.fixture
def second(tenant: Tenant) -> Member:
    return tenant.member(Role.ADVISER, adviser_id=tenant.backup_id)


@pytest.fixture
def turns(
    desk: Member, app: Flask, tenant: Tenant, make_rota: Callable[..., UUID]
) -> Iterator[list[OnlineTurn]]:
    """08–20 of the second lawyer, 20–08 of the first, and so on, from Sunday noon on."""
    rota_id = make_rota()
    with as_scope(tenant.scope):
        query = select(OnlineTurn).where(OnlineTurn.rota_id == rota_id)
        yield list(db.session.scalars(query.order_by(OnlineTurn.starts_at)))


def shifts() -> list[tuple[datetime, datetime]]:
    query = select(OnlineShift).where(OnlineShift.starts_at > at(0)).order_by(OnlineShift.starts_at)
    return [(one.starts_at, one.ends_at) for one in db.session.scalars(query)]


def take(turn: OnlineTurn, by: Member, moment: datetime) -> OnlineTurn | None:
    with clock.frozen(moment):
        relieved = handovers.take_over(turn, revision=turn.revision, by=by)
    db.session.flush()
    return relieved


def test_a_plan_alone_is_no_evidence(turns: list[OnlineTurn]) -> None:
    assert turns[0].starts_at == at(8)
    assert shifts() == []


def test_the_tap_begins_the_shift(turns: list[OnlineTurn], second: Member) -> None:
    assert take(turns[0], second, at(12)) is None
    assert shifts() == [(at(12), at(20))]
    assert (turns[0].status, turns[0].taken_at) == ("standing", at(12))


@pytest.mark.parametrize(
    ("tap", "held"),
    [
        pytest.param(at(19, 30), at(19, 30), id="early"),
        pytest.param(at(20, 45), at(20, 45), id="ROTA-4 late: the one before stays"),
        pytest.param(at(22), at(20), id="ROTA-4 too late: a gap"),
    ],
)
def test_a_hand_over_ends_the_shift_before(
    turns: list[OnlineTurn], first: Member, second: Member, tap: datetime, held: datetime
) -> None:
    take(turns[0], second, at(12))
    assert take(turns[1], first, tap) is turns[0]
    assert shifts() == [(at(12), held), (tap, at(8, day=23))]
    assert turns[0].status == "done"


def test_a_whole_day_counts_when_every_change_is_taken(
    turns: list[OnlineTurn], first: Member, second: Member
) -> None:
    take(turns[0], second, at(12))
    take(turns[1], first, at(20, 20))
    take(turns[2], second, at(8, 50, day=23))
    take(turns[3], first, at(19, 5, day=23))
    day = date(2026, 11, 23)
    assert shift_queries.by_day(day, day, shift_queries.shifts_between(day, day))[0].gaps == []
    open_ = shift_queries.by_day(FIRST, FIRST, shift_queries.shifts_between(FIRST, FIRST))[0].gaps
    assert open_ == [(0, 12 * 60)]


def test_too_early_over_and_stale(turns: list[OnlineTurn], first: Member) -> None:
    with pytest.raises(IllegalMoveError, match="11-22 19:00 起"):
        take(turns[1], first, at(18, 59))
    with pytest.raises(IllegalMoveError, match="已经结束"):
        take(turns[1], first, at(8, day=23))
    with pytest.raises(ConflictError), clock.frozen(at(20)):
        handovers.take_over(turns[1], revision=7, by=first)
    take(turns[1], first, at(20))
    with pytest.raises(IllegalMoveError):
        take(turns[1], first, at(20, 1))


def test_a_slip_is_given_back(turns: list[OnlineTurn], first: Member, second: Member) -> None:
    take(turns[0], second, at(12))
    take(turns[1], first, at(19, 10))
    with clock.frozen(at(19, 20)):
        handovers.give_back(turns[1], revision=turns[1].revision, by=first)
    db.session.flush()
    assert [turn.status for turn in turns[:2]] == ["standing", "planned"]
    assert shifts() == [(at(12), at(20))]
    take(turns[1], first, at(20))
    with clock.frozen(at(20, 11)), pytest.raises(IllegalMoveError, match="10分钟"):
        handovers.give_back(turns[1], revision=turns[1].revision, by=first)


def test_two_taps_in_one_minute(turns: list[OnlineTurn], first: Member, second: Member) -> None:
    take(turns[0], second, at(19, 10))
    take(turns[1], first, at(19, 10))
    assert shifts() == [(at(19, 10), at(8, day=23))]
    with clock.frozen(at(19, 11)):
        handovers.give_back(turns[1], revision=turns[1].revision, by=first)
    db.session.flush()
    assert shifts() == [(at(19, 10), at(20))]


def test_a_shift_of_the_desk_for_the_same_minute_is_taken(
    turns: list[OnlineTurn], first: Member, tenant: Tenant, desk: Member
) -> None:
    entry = ShiftEntry(
        adviser_id=tenant.adviser_id,
        street_code=tenant.town.street_code,
        day=FIRST,
        starts=time(20),
        ends=time(23),
    )
    shift_actions.add(entry, by=desk)
    take(turns[1], first, at(20))
    assert shifts() == [(at(20), at(23))]


def test_a_note_is_left_and_mended(turns: list[OnlineTurn], second: Member) -> None:
    with pytest.raises(IllegalMoveError, match="接班之后"):
        handovers.leave_note(turns[0], "漏水", "", revision=None, by=second)
    take(turns[0], second, at(12))
    handovers.leave_note(turns[0], "漏水", "居委会", revision=turns[0].revision, by=second)
    db.session.flush()
    with pytest.raises(ConflictError):
        handovers.leave_note(turns[0], "旧页", "", revision=1, by=second)
    handovers.leave_note(turns[0], "已修好", "", revision=turns[0].revision, by=second)
    assert turns[0].note is not None
    assert turns[0].note.matters == "已修好"


def answer(moment: datetime) -> now_queries.Answer:
    with clock.frozen(moment):
        return now_queries.picture().answers()[0]


def test_who_answers_now(turns: list[OnlineTurn], second: Member) -> None:
    planned = answer(at(12))
    assert (planned.adviser.name, planned.is_taken, planned.until) == ("李四光", False, at(20))
    take(turns[0], second, at(12))
    held = answer(at(12, 1))
    assert (held.adviser.name, held.is_taken) == ("李四光", True)
    assert held.next is turns[1]
    waiting = answer(at(20, 30))
    assert (waiting.adviser.name, waiting.is_taken, waiting.is_late) == ("李四光", True, True)
    assert waiting.next is turns[1]
    alone = answer(at(21))
    assert (alone.adviser.name, alone.is_taken) == ("张三丰", False)


def test_the_public_number_is_the_lawyers_only_when_he_agreed(
    turns: list[OnlineTurn], second: Member, tenant: Tenant
) -> None:
    def shown() -> tuple[str, str]:
        picture = now_queries.picture()
        return picture.public_phone(picture.answers()[0])

    assert shown() == ("", "0755-88880000")
    adviser = turns[0].adviser
    board_actions.set_phone(adviser, "13800000001", is_public=False, by=second)
    assert shown() == ("", "0755-88880000")
    board_actions.set_phone(adviser, "13800000001", is_public=True, by=second)
    db.session.flush()
    assert shown() == ("李四光", "13800000001")
    board_actions.set_phone(adviser, "", is_public=False, by=second)
    db.session.flush()
    assert shown() == ("", "0755-88880000")


def test_gaps_begin_where_the_plan_ends(turns: list[OnlineTurn]) -> None:
    look = now_queries.picture().outlooks()[0]
    assert [(one.starts.day, one.starts.hour) for one in look.gaps] == []
    assert look.late == [turns[0]]
    with clock.frozen(at(12, day=24)):
        gaps = now_queries.picture().outlooks()[0].gaps
    assert [(one.starts, one.ends) for one in gaps] == [
        (datetime(2026, 12, 6, 8), datetime(2026, 12, 8)),  # wall clock
    ]
    assert gaps[0].is_long
