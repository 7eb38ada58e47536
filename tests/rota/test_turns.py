"""Making turns, moving, exchanging, calling off, covering; and taking all of it back."""

import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from counselhub.advisers.models import Adviser
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.duty.models import OnlineShift
from counselhub.rota import actions, making, now_queries, queries, turn_actions
from counselhub.rota.models import OnlineTurn, Rota
from counselhub.rota.turn_actions import Target
from tests.factories import Tenant
from tests.rota.conftest import at, entry

UNTIL = date(2026, 11, 25)


def made(by: Member, tenant: Tenant, **given: object) -> Rota:
    rota = actions.add(entry(tenant, **given), by=by)
    making.make(rota, UNTIL, making.preview(rota, UNTIL).digest, by=by)
    db.session.flush()
    return rota


def turns(rota: Rota) -> list[OnlineTurn]:
    query = select(OnlineTurn).where(
        OnlineTurn.rota_id == rota.id, OnlineTurn.status != "withdrawn"
    )
    return list(db.session.scalars(query.order_by(OnlineTurn.starts_at)))


def times(rota: Rota) -> list[tuple[datetime, datetime, UUID]]:
    return [(one.starts_at, one.ends_at, one.adviser_id) for one in turns(rota)]


def test_what_is_previewed_is_stored_and_made_once(desk: Member, tenant: Tenant) -> None:
    rota = made(desk, tenant)
    stored = times(rota)
    assert stored[0] == (at(8), at(20), tenant.backup_id)
    assert stored[-1][:2] == (at(20, day=25), at(8, day=26))
    assert all(one[1] == two[0] for one, two in itertools.pairwise(stored))
    again = making.preview(rota, UNTIL)
    assert not again.is_change
    assert again.same == len(stored)
    with pytest.raises(ConflictError, match="重新算出"):
        making.make(rota, UNTIL, "another", by=desk)


def test_making_again_leaves_what_a_person_placed(desk: Member, tenant: Tenant) -> None:
    rota = made(desk, tenant)
    first = turns(rota)[1]
    turn_actions.move(first, Target(tenant.backup_id, at(21), at(7, day=23)), revision=1, by=desk)
    plan = making.preview(rota, UNTIL)
    assert [(one.starts.hour, one.ends.hour) for one in plan.made] == [(20, 21), (7, 8)]
    making.make(rota, UNTIL, plan.digest, by=desk)
    db.session.flush()
    assert (at(21), at(7, day=23), tenant.backup_id) in times(rota)
    stored = times(rota)
    assert all(one[1] == two[0] for one, two in itertools.pairwise(stored))


def test_another_order_changes_people_and_a_last_day_drops_turns(
    desk: Member, tenant: Tenant
) -> None:
    rota = made(desk, tenant)
    other = entry(tenant, people=(tenant.backup_id, tenant.adviser_id), last_on=date(2026, 11, 23))
    actions.change(rota, other, revision=rota.revision, by=desk)
    plan = making.preview(rota, UNTIL)
    assert plan.changed
    assert {one.starts_at for one, _who in plan.changed} == {at(8), at(20), at(8, day=23)}
    assert {one.starts_at for one in plan.dropped} >= {at(8, day=24), at(8, day=25)}
    making.make(rota, UNTIL, plan.digest, by=desk)
    db.session.flush()
    assert times(rota)[-1][1] == at(0, day=24)


def test_who_left_is_passed_over(desk: Member, tenant: Tenant) -> None:
    gone = db.session.get_one(Adviser, (tenant.firm_id, tenant.backup_id))
    gone.left_on = date(2026, 11, 23)
    db.session.flush()
    rota = made(desk, tenant)
    after = [who for _start, end, who in times(rota) if end > at(0, day=24)]
    assert set(after) == {tenant.adviser_id}


def test_a_move_names_the_turn_in_the_way(desk: Member, tenant: Tenant) -> None:
    rota = made(desk, tenant)
    one, other = turns(rota)[1:3]
    with pytest.raises(ConflictError, match="李四光"):
        turn_actions.move(one, Target(one.adviser_id, at(20), at(9, day=23)), revision=1, by=desk)
    assert other.adviser_id == tenant.backup_id


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        pytest.param(at(20), at(19), "晚于开始", id="the wrong way round"),
        pytest.param(at(1), at(2), "已经过去", id="past"),
        pytest.param(at(20), at(20) + timedelta(days=40), "31天", id="too long"),
    ],
)
def test_impossible_times(
    desk: Member, tenant: Tenant, starts: datetime, ends: datetime, said: str
) -> None:
    turn = turns(made(desk, tenant))[1]
    with pytest.raises(RefusedError, match=said):
        turn_actions.move(turn, Target(turn.adviser_id, starts, ends), revision=1, by=desk)


def test_a_move_is_taken_back(desk: Member, tenant: Tenant) -> None:
    rota = made(desk, tenant)
    turn, before = turns(rota)[1], times(rota)
    turn_actions.move(turn, Target(tenant.backup_id, at(21), at(6, day=23)), revision=1, by=desk)
    with pytest.raises(ConflictError, match="别人已经改动"):
        turn_actions.undo(turn, revision=1, by=desk)
    turn_actions.undo(turn, revision=turn.revision, by=desk)
    assert times(rota) == before
    assert not turn.is_moved
    with pytest.raises(IllegalMoveError, match="不能撤销"):
        turn_actions.undo(turn, revision=turn.revision, by=desk)


def test_two_turns_are_exchanged_and_back(desk: Member, tenant: Tenant) -> None:
    rota = made(desk, tenant)
    one, other = turns(rota)[1:3]
    before = times(rota)
    turn_actions.swap(one, other, revision=one.revision, by=desk)
    assert (one.adviser_id, other.adviser_id) == (tenant.backup_id, tenant.adviser_id)
    turn_actions.undo(other, revision=other.revision, by=desk)
    assert times(rota) == before
    same = turns(rota)[3]
    with pytest.raises(RefusedError, match="另一位律师"):
        turn_actions.swap(one, same, revision=one.revision, by=desk)


def test_an_exchange_is_not_taken_back_by_halves(desk: Member, tenant: Tenant) -> None:
    rota = made(desk, tenant)
    one, other = turns(rota)[1:3]
    turn_actions.swap(one, other, revision=one.revision, by=desk)
    turn_actions.withdraw(other, revision=other.revision, by=desk)
    with pytest.raises(IllegalMoveError, match="不能一起撤销"):
        turn_actions.undo(one, revision=one.revision, by=desk)


def test_a_gap_is_covered_once_and_called_off_again(desk: Member, tenant: Tenant) -> None:
    rota = made(desk, tenant)
    turn = turns(rota)[1]
    turn_actions.withdraw(turn, revision=turn.revision, by=desk)
    gap = Target(tenant.adviser_id, turn.starts_at, turn.ends_at)
    offered = queries.candidates(rota, (queries.wall(gap.starts_at), queries.wall(gap.ends_at)))
    assert [one.name for one in offered] == ["张三丰", "李四光"]
    covered = turn_actions.cover(rota, gap, by=desk)
    assert covered.is_moved
    with pytest.raises(ConflictError, match="张三丰"):
        turn_actions.cover(rota, gap, by=desk)
    with pytest.raises(ConflictError, match="时间重叠"):
        turn_actions.restore(turn, revision=turn.revision, by=desk)
    turn_actions.withdraw(covered, revision=covered.revision, by=desk)
    turn_actions.restore(turn, revision=turn.revision, by=desk)
    assert turn.status == "planned"


def test_who_is_busy_is_not_offered(desk: Member, tenant: Tenant) -> None:
    rota = made(desk, tenant)
    turn, following = turns(rota)[1:3]
    turn_actions.withdraw(turn, revision=turn.revision, by=desk)
    gap = (queries.wall(turn.starts_at), queries.wall(following.ends_at))
    assert [one.name for one in queries.candidates(rota, gap)] == ["张三丰"]
    target = Target(following.adviser_id, turn.starts_at, turn.ends_at)
    assert turn_actions.cover(rota, target, by=desk).adviser_id == following.adviser_id


def test_names_and_streets_are_taken_once(desk: Member, tenant: Tenant) -> None:
    made(desk, tenant)
    with pytest.raises(RefusedError, match="湾南片区"):
        actions.add(entry(tenant, streets=()), by=desk)
    with pytest.raises(RefusedError, match="已经在轮值表“湾南片区”里"):
        actions.add(entry(tenant, name="另一张"), by=desk)


def test_a_rota_goes_with_its_plans(desk: Member, tenant: Tenant) -> None:
    rota = made(desk, tenant)
    actions.remove(rota, revision=rota.revision, by=desk)
    db.session.flush()
    assert db.session.scalar(select(OnlineTurn)) is None


def test_what_is_past_is_left_alone(
    desk: Member, tenant: Tenant, make_rota: Callable[..., UUID]
) -> None:
    turn = turns(made(desk, tenant))[0]
    with (
        clock.frozen(at(9, day=23)),
        pytest.raises(IllegalMoveError, match="已经过去"),
    ):
        turn_actions.withdraw(turn, revision=turn.revision, by=desk)


def test_the_first_page_counts_what_the_page_of_gaps_shows(
    desk: Member, tenant: Tenant, make_rota: Callable[..., UUID]
) -> None:
    """Turns not taken over, hours without a turn, and hours that a shift fills."""
    make_rota(until=date(2026, 11, 25))
    begins = datetime(2026, 11, 27, 9, tzinfo=clock.SHANGHAI)
    db.session.add(
        OnlineShift(
            adviser_id=tenant.adviser_id,
            street_code=tenant.town.street_code,
            starts_at=begins,
            ends_at=begins + timedelta(days=1),
        )
    )
    db.session.flush()
    shown = [one for one in now_queries.picture().outlooks() if one.rota]
    assert [len(one.gaps) for one in shown] == [2]
    assert [len(one.late) for one in shown] == [1]
    assert now_queries.gaps_ahead() == 3
