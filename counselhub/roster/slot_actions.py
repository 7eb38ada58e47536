"""Move a planned slot, call it off, bring it back; what is in the way is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import constraint_of
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.leave import queries as leave
from counselhub.leave import wording as leave_words
from counselhub.leave.rules import Absence
from counselhub.roster import gather, holiday_queries, slot_queries
from counselhub.roster.facts import Place
from counselhub.roster.gather import clock_time, minute, place_of
from counselhub.roster.kinds import SLOT_FLOW, SlotStatus
from counselhub.roster.making import TWO_PLACES
from counselhub.roster.models import DutySlot
from counselhub.roster.quotas import stands
from counselhub.roster.rules import Clash, clash


@dataclass(frozen=True, slots=True)
class Target:
    """Where a slot is to go."""

    adviser_id: UUID
    day: date
    starts: time
    ends: time

    @classmethod
    def of(cls, slot: DutySlot) -> "Target":
        """Return where a slot is."""
        return cls(slot.adviser_id, slot.day, slot.starts, slot.ends)

    def kept(self) -> dict[str, Any]:
        """Return it for the record, for `Target.told` to read."""
        return {
            "adviser_id": str(self.adviser_id),
            "day": self.day.isoformat(),
            "starts": f"{self.starts:%H:%M}",
            "ends": f"{self.ends:%H:%M}",
        }

    @classmethod
    def told(cls, kept: dict[str, Any]) -> "Target":
        """Return what `kept` wrote."""
        return cls(
            UUID(kept["adviser_id"]),
            date.fromisoformat(kept["day"]),
            time.fromisoformat(kept["starts"]),
            time.fromisoformat(kept["ends"]),
        )


def move(slot: DutySlot, target: Target, *, revision: int | None, by: Member) -> None:
    """Move a slot; making the month again leaves it there.

    Raises RefusedError naming what is in the way, ConflictError for a stale page,
    IllegalMoveError for one that has begun or is settled, FrozenError in a closed month.
    """
    history.expect(slot, revision)
    _refuse_settled(slot)
    _refuse_begun(slot)
    if target == Target.of(slot):
        return
    refuse_impossible(slot, target)
    before = Target.of(slot).kept() | {"is_moved": slot.is_moved, "stands_off": slot.stands_off}
    off = not holiday_queries.calendar(target.day, target.day).is_worked(target.day)
    _put(slot, target, is_moved=True, stands_off=off)
    history.record(slot, "move", by=by, street_code=slot.street_code, before=before)


def undo(slot: DutySlot, *, revision: int | None, by: Member) -> None:
    """Take the last move back. Raises as `move`, IllegalMoveError when another act came since."""
    history.expect(slot, revision)
    _refuse_settled(slot)
    _refuse_begun(slot)
    before = last_move(slot)
    if before is None:
        raise IllegalMoveError(_("最近一次操作不是调整，不能撤销。"), row=slot)
    target = Target.told(before)
    refuse_impossible(slot, target)
    _put(slot, target, is_moved=before["is_moved"], stands_off=before["stands_off"])
    history.record(slot, "unmove", by=by, street_code=slot.street_code)


def last_move(slot: DutySlot) -> dict[str, Any] | None:
    """Return where a slot was before, when moving it was the last act on it."""
    events = history.of(slot)
    if not events or events[-1].act != "move":
        return None
    found: dict[str, Any] = events[-1].detail["before"]
    return found


def excuse(slot: DutySlot, reason: str, *, revision: int | None, by: Member) -> None:
    """Call a slot off: it counts as nobody's absence and is not planned again.

    Raises IllegalMoveError for one that has begun: what was missed is excused by its reason.
    """
    history.expect(slot, revision)
    if slot.status == SlotStatus.PLANNED:
        _refuse_begun(slot)
    with guarded():
        slot.reason = reason
        place = slot.street_code
        history.advance(slot, SLOT_FLOW, "excuse", by=by, street_code=place, reason=reason)


def restore(slot: DutySlot, *, revision: int | None, by: Member) -> None:
    """Bring back a slot that was called off. Raises RefusedError naming what is in the way."""
    history.expect(slot, revision)
    if slot.status == SlotStatus.EXCUSED:
        refuse_impossible(slot, Target.of(slot))
    with written(slot):
        slot.reason, slot.is_moved = None, True
        history.advance(slot, SLOT_FLOW, "restore", by=by, street_code=slot.street_code)


def keep_on_day_off(slot: DutySlot, *, revision: int | None, by: Member) -> None:
    """Let a slot stand although its day is off, as the community wants it."""
    history.expect(slot, revision)
    _refuse_settled(slot)
    with guarded():
        slot.stands_off = slot.is_moved = True
        history.record(slot, "keep_on_day_off", by=by, street_code=slot.street_code)


def _refuse_settled(slot: DutySlot) -> None:
    if slot.status != SlotStatus.PLANNED:
        status = SlotStatus(slot.status).label
        raise IllegalMoveError(_("这个班次%(status)s，不能再调整。", status=status), row=slot)
    if slot.day < clock.today():
        raise IllegalMoveError(_("%(day)s 已经过去，班次不能再调整。", day=slot.day), row=slot)
    if slot.substitute is not None:
        raise IllegalMoveError(
            _("这个班次由%(name)s替班，请先撤销替班再调整。", name=slot.substitute.name), row=slot
        )


def has_begun(slot: DutySlot) -> bool:
    """Whether the time of a slot has come, on a day on which somebody is to come."""
    if clock.instant(slot.day, slot.starts) > clock.now():
        return False
    if slot.stands_off:
        return True
    weekday = slot_queries.weekday_of(slot)
    return stands(slot.day, weekday, holiday_queries.calendar(slot.day, slot.day))


def _refuse_begun(slot: DutySlot) -> None:
    if has_begun(slot):
        raise IllegalMoveError(
            _("班次已经开始，不能再调整或取消；没能到岗的，当天过后填写缺勤理由，由主任审核。"),
            row=slot,
        )


def refuse_impossible(slot: DutySlot, target: Target) -> None:
    """Raise RefusedError with what is in the way of a slot at its target."""
    if target.starts >= target.ends:
        raise RefusedError(_("结束时间要晚于开始时间，一次值班在同一天内。"), at="ends")
    if target.day < clock.today():
        raise RefusedError(_("不能移到已经过去的 %(day)s。", day=target.day))
    if target.day.replace(day=1) != slot.month:
        raise RefusedError(
            _("应到次数按月计算，只能在 %(month)s 内调整。", month=f"{slot.month:%Y-%m}")
        )
    _refuse_uncovered(slot, target.day)
    name = _refuse_unposted(slot, target)
    _refuse_away(name, target)
    others = slot_queries.beside(slot, target.adviser_id, target.day)
    place = Place(
        target.adviser_id,
        slot.community_code,
        target.day,
        minute(target.starts),
        minute(target.ends),
    )
    if found := clash(place, [place_of(one) for one in others], gather.travel()):
        raise RefusedError(in_the_way(name, found, others))
    if slot_queries.same_term_on(slot, target.day):
        raise RefusedError(
            _(
                "%(place)s在 %(day)s 已有同一约定的另一个班次。",
                place=slot.community.short_name,
                day=target.day,
            )
        )


def _refuse_uncovered(slot: DutySlot, day: date) -> None:
    if slot.term_id is None:
        _refuse_without_contract(slot, day)
        return
    term, place = slot_queries.contract_of(slot)
    number = term.contract.number if term else ""
    last = place.last_on if place else None
    if place is None or last is None or not place.starts_on <= day <= last:
        words = _("没有约定") if place is None else f"{place.starts_on} – {last}"
        raise RefusedError(
            _(
                "%(day)s 不在合同 %(number)s 的日期内（%(days)s）。",
                day=day,
                number=number,
                days=words,
            )
        )


def _refuse_without_contract(slot: DutySlot, day: date) -> None:
    if slot_queries.covering(slot.community_code, day) is None:
        raise RefusedError(
            _(
                "%(day)s %(place)s没有生效的合同，不能排班。",
                day=day,
                place=slot.community.short_name,
            )
        )


def _refuse_unposted(slot: DutySlot, target: Target) -> str:
    """Return the lawyer's name. Raises RefusedError when he does not serve there that day."""
    posts = gather.posted(target.day, target.day, [slot.community_code])
    for one in posts:
        if one.adviser_id == target.adviser_id and gather.post(one).holds(target.day):
            return one.adviser.name
    raise RefusedError(
        _(
            "这位律师 %(day)s 没有指派到%(place)s，请先指派，或换有指派的律师。",
            day=target.day,
            place=slot.community.short_name,
        ),
        at="adviser_id",
    )


def _refuse_away(name: str, target: Target) -> None:
    wanted = Absence(target.day, target.day, target.starts, target.ends)
    if found := leave.away_at(target.adviser_id, wanted):
        raise RefusedError(
            _(
                "%(name)s %(when)s 请假已批准，请换日子或换人。",
                name=name,
                when=leave_words.when(found),
            ),
            at="adviser_id",
        )


def in_the_way(name: str, found: Clash, others: list[DutySlot]) -> str:
    """Return the sentence that names the slot in the way, by overlap or by the way to go."""
    other = next(one for one in others if place_of(one) == found.other)
    values = {
        "name": name,
        "day": other.day,
        "begin": f"{clock_time(found.other.begins):%H:%M}",
        "end": f"{clock_time(found.other.ends):%H:%M}",
        "place": other.community.short_name,
    }
    if found.is_overlap:
        return str(_("%(name)s %(day)s %(begin)s–%(end)s 已排在%(place)s，时间重叠。", **values))
    return str(_("%(name)s %(day)s %(begin)s–%(end)s 在%(place)s值班，路上的时间不够。", **values))


def _put(slot: DutySlot, target: Target, *, is_moved: bool, stands_off: bool) -> None:
    with written(slot):
        slot.adviser_id, slot.day = target.adviser_id, target.day
        slot.starts, slot.ends = target.starts, target.ends
        slot.is_moved, slot.stands_off = is_moved, stands_off


@contextmanager
def written(slot: DutySlot) -> Iterator[None]:
    """Write inside; whoever took the same time meanwhile is told. Raises ConflictError."""
    try:
        with guarded():
            yield
    except IntegrityError as error:
        if constraint_of(error) != TWO_PLACES:
            raise
        raise ConflictError(
            _("这位律师同一时间刚刚排了别的班次，请看最新排班后再调整。")
        ) from error
