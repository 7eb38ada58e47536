"""Online shifts: who answers for a street from when to when, as the desk plans them."""

from datetime import time
from typing import Any, Literal
from uuid import UUID

from flask_babel import gettext as _
from pydantic import AwareDatetime, BaseModel, Field

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import expect, operation
from counselhub.api.shapes import (
    LEFT_OUT,
    Asked,
    Day,
    Instant,
    Listed,
    PageOf,
    Shown,
    StreetCode,
    TimeOfDay,
)
from counselhub.core import clock
from counselhub.core.access import current_member, fetch
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.duty import queries, shift_actions, shift_queries
from counselhub.duty.models import OnlineShift
from counselhub.duty.shift_actions import ShiftEntry

READ, WRITE = "duty:read", "duty:write"


class ShiftShown(Shown):
    """线上值班: one adviser answers for one street from `starts_at` up to `ends_at`."""

    id: UUID
    revision: int
    adviser_id: UUID
    street_code: str
    starts_at: Instant
    ends_at: Instant


class ShiftsMade(BaseModel):
    """The shifts that are new, and how many of those asked for were there before."""

    items: list[ShiftShown]
    there: int


class ShiftsAsked(Listed):
    """What touches the days from `from` to `to`, both included; a street, an adviser."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    street: StreetCode | None = None
    adviser: UUID | None = None
    changed_since: AwareDatetime | None = None


class ShiftsGiven(Asked):
    """A shift; `ends` not after `starts` is the next day's. `every_days` repeats it to month's end.

    0: this once; 1: every day; 7: every week on this day.
    """

    adviser_id: UUID
    street_code: StreetCode
    day: Day
    starts: TimeOfDay
    ends: TimeOfDay
    remark: str = Field("", max_length=200)
    every_days: Literal[0, 1, 7] = 0


class ShiftChanged(Asked):
    """What is to be changed; what is left out stays."""

    adviser_id: UUID = LEFT_OUT
    street_code: StreetCode = LEFT_OUT
    day: Day = LEFT_OUT
    starts: TimeOfDay = LEFT_OUT
    ends: TimeOfDay = LEFT_OUT
    remark: str = Field("", max_length=200)


@operation(
    "GET",
    "/duty/shifts",
    N_("列出线上值班"),
    READ,
    Permission.FIRM_READ,
    query=ShiftsAsked,
    answer=PageOf[ShiftShown],
)
def list_shifts(asked: ShiftsAsked) -> PageOf[ShiftShown]:
    """List the shifts of some days, of all the firm's advisers: their page shows everybody's."""
    query = shift_queries.shift_list(
        asked.first, asked.last, street_code=asked.street, adviser_id=asked.adviser
    )
    if asked.changed_since:
        query = query.where(changed_since(OnlineShift, asked.changed_since))
    return part_of(query, OnlineShift.id, asked, shown, PageOf[ShiftShown])


@operation(
    "GET",
    "/duty/shifts/<uuid:shift_id>",
    N_("查看一班线上值班"),
    READ,
    Permission.DUTY_MANAGE,
    answer=ShiftShown,
)
def shift(shift_id: UUID) -> ShiftShown:
    """Show one shift."""
    return shown(fetch(OnlineShift, shift_id, Permission.DUTY_MANAGE))


@operation(
    "POST",
    "/duty/shifts",
    N_("排线上值班"),
    WRITE,
    Permission.DUTY_MANAGE,
    body=ShiftsGiven,
    answer=ShiftsMade,
    made=True,
)
def create_shifts(body: ShiftsGiven) -> ShiftsMade:
    """Add a shift, once or repeated; those that are there already stay as they are."""
    entry = _entry(body.model_dump(exclude={"every_days"}))
    added = shift_actions.add(entry, every_days=body.every_days, by=current_member())
    return ShiftsMade(items=[shown(one) for one in added.made], there=added.there)


@operation(
    "PATCH",
    "/duty/shifts/<uuid:shift_id>",
    N_("修改一班线上值班"),
    WRITE,
    Permission.DUTY_MANAGE,
    body=ShiftChanged,
    answer=ShiftShown,
)
def change_shift(shift_id: UUID, body: ShiftChanged) -> ShiftShown:
    """Change what is given of a shift while its month is open."""
    row = fetch(OnlineShift, shift_id, Permission.DUTY_MANAGE)
    expect(shown(row))
    entry = _entry(_as_it_is(row) | body.model_dump(exclude_unset=True))
    shift_actions.change(row, entry, revision=None, by=current_member())
    db.session.flush()
    return shown(row)


@operation(
    "DELETE",
    "/duty/shifts/<uuid:shift_id>",
    N_("删除一班线上值班"),
    WRITE,
    Permission.DUTY_MANAGE,
    answer=ShiftShown,
)
def remove_shift(shift_id: UUID) -> ShiftShown:
    """Take a shift off the plan; answers it as it was."""
    row = fetch(OnlineShift, shift_id, Permission.DUTY_MANAGE)
    told = shown(row)
    expect(told)
    shift_actions.remove(row, by=current_member())
    return told


def _entry(told: dict[str, Any]) -> ShiftEntry:
    """Return the entry of what the page offers to choose from. Raises RefusedError at a field."""
    if told["adviser_id"] not in {one.id for one in queries.advisers()}:
        raise RefusedError(_("没有这位律师。"), at="adviser_id")
    if told["street_code"] not in {one.code for one in shift_queries.streets()}:
        raise RefusedError(_("本所没有服务这个街道。"), at="street_code")
    times = {name: time.fromisoformat(told[name]) for name in ("starts", "ends")}
    return ShiftEntry(**told | times)


def _as_it_is(row: OnlineShift) -> dict[str, Any]:
    begin, end = clock.local(row.starts_at), clock.local(row.ends_at)
    return {
        "adviser_id": row.adviser_id,
        "street_code": row.street_code,
        "day": begin.date(),
        "starts": f"{begin:%H:%M}",
        "ends": f"{end:%H:%M}",
        "remark": row.remark or "",
    }


def shown(row: OnlineShift) -> ShiftShown:
    """Return what is told of a shift."""
    return ShiftShown.model_validate(row)
