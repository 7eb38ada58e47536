"""A handover with its pack, a promise, a group, a liaison, a post, a round of choice: marked."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from counselhub.assignments.models import Assignment
from counselhub.choosing.models import ChoiceProposal, ChoiceRound, ChoiceWish
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.handovers.models import ChatGroup, HandoverLine, HandoverPack, Promise
from counselhub.liaisons.models import CommitteePost, Liaison

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room", day: date) -> None:
    """Furnish them all for the first community of the room."""
    here, token = room.tenant, room.token
    place, street = here.town.communities[0], here.town.street_code
    pack = _pack(room, place, day)
    promise = Promise(
        community_code=place,
        adviser_id=here.adviser_id,
        to_whom=f"王{token}",
        words=f"答应{token}",
        made_on=day,
    )
    group = ChatGroup(
        community_code=place, name=f"群{token}", level="community", owner_id=here.adviser_id
    )
    liaison = Liaison(
        street_code=street,
        community_code=place,
        name=f"联{token}",
        post="副主任",
        phone="020-00000000",
        starts_on=day,
        checked_on=day,
    )
    post = CommitteePost(
        street_code=street,
        community_code=place,
        adviser_id=here.adviser_id,
        role="deputy_head",
        document=f"聘{token}",
        starts_on=day,
    )
    choice = _choice(room, place)
    _kept(promise, group, liaison, post)
    by = Member(None, f"张{token}", Role.MANAGER, here.scope, "测试所")
    for row, act, shown in (
        (pack, "make_pack", None),
        (promise, "promise", None),
        (group, "add_group", None),
        (choice, "open_round", None),
        (liaison, "add_liaison", street),
        (post, "begin_post", street),
    ):
        history.record(row, act, by=by, street_code=shown)
    room.note(
        pack_id=pack.id,
        promise_id=promise.id,
        group_id=group.id,
        liaison_id=liaison.id,
        post_id=post.id,
        round_id=choice.id,
    )


def _pack(room: "Room", place: str, day: date) -> HandoverPack:
    here, token = room.tenant, room.token
    old, new = db.session.scalars(
        db.select(Assignment)
        .where(Assignment.community_code == place)
        .order_by(Assignment.role.desc())
        .limit(2)
    )
    pack = HandoverPack(
        ended_id=old.id,
        begun_id=new.id,
        community_code=place,
        role="lead",
        from_adviser_id=here.adviser_id,
        to_adviser_id=here.backup_id,
        starts_on=day,
        cause="rotation",
        reason=f"因{token}",
        made_at=clock.now(),
        made_by_name=f"张{token}",
    )
    _kept(pack)
    _kept(HandoverLine(pack_id=pack.id, place=1, kind="paper", words=f"交{token}"))
    return pack


def _choice(room: "Room", place: str) -> ChoiceRound:
    here, today = room.tenant, clock.today()
    choice = ChoiceRound(
        name=f"轮{room.token}",
        closes_on=today,
        starts_on=today + timedelta(days=30),
        most=5,
        made_at=clock.now(),
    )
    _kept(choice)
    of_it: dict[str, Any] = {
        "round_id": choice.id,
        "adviser_id": here.adviser_id,
        "community_code": place,
    }
    _kept(ChoiceWish(side="lawyer", rank=1, **of_it), ChoiceProposal(**of_it))
    return choice


def _kept(*rows: Any) -> None:
    db.session.add_all(rows)
    db.session.flush()
