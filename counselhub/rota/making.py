"""Make a rota's turns for weeks ahead: look at what they would be, then store exactly that."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.rota import queries, rules
from counselhub.rota.kinds import TurnStatus
from counselhub.rota.models import OnlineTurn, Rota
from counselhub.rota.queries import instant, span_of, wall
from counselhub.rota.rules import DAY, Span, Turn

ONE_AT_A_TIME = "ex_online_turn_one_at_a_time"
LONGEST = 8 * DAY
"""More than a turn lasts: what runs over the asked last day is not cut there."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What making the turns up to `until` would do."""

    until: date
    made: Sequence[Turn]
    changed: Sequence[tuple[OnlineTurn, UUID]]
    dropped: Sequence[OnlineTurn]
    same: int
    kept_turns: Sequence[OnlineTurn]
    """Those to come that a person placed, or that somebody took over."""
    nobody: Sequence[Span]
    """Spans for which everybody is away."""
    shares: dict[UUID, tuple[int, int]]
    """(turns, minutes) of each lawyer from now on."""

    @property
    def is_change(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.made or self.changed or self.dropped)

    @property
    def digest(self) -> str:
        """Return what tells this preview from any other."""
        changed = sorted((str(one.id), one.revision, str(who)) for one, who in self.changed)
        dropped = sorted((str(one.id), one.revision) for one in self.dropped)
        made = sorted((str(one.adviser_id), one.starts, one.ends) for one in self.made)
        return hashlib.blake2b(repr((made, changed, dropped)).encode(), digest_size=16).hexdigest()


def preview(rota: Rota, until: date) -> Preview:
    """Return what making the turns that begin up to `until` would do; writes nothing."""
    now, closes = wall(clock.now()), queries.midnight(until + DAY)
    there = queries.turns_between(clock.now() - LONGEST, closes, rota_id=rota.id)
    fixed = [one for one in there if _stays(one)]
    wanted, nobody = _wanted(rota, until, fixed)
    movable = {span_of(one): one for one in there if one not in fixed}
    changed = [
        (old, turn.adviser_id)
        for turn in wanted
        if (old := movable.get((turn.starts, turn.ends))) and old.adviser_id != turn.adviser_id
    ]
    kept_spans = {(turn.starts, turn.ends) for turn in wanted}
    dropped = [one for span, one in movable.items() if span not in kept_spans]
    kept = [one for one in fixed if one.ends_at > clock.now()]
    held = [(one.adviser_id, span_of(one)) for one in kept]
    planned = [(turn.adviser_id, (turn.starts, turn.ends)) for turn in wanted]
    return Preview(
        until=until,
        made=[turn for turn in wanted if (turn.starts, turn.ends) not in movable],
        changed=changed,
        dropped=dropped,
        same=len(movable) - len(changed) - len(dropped),
        kept_turns=kept,
        nobody=[span for span in nobody if span[1] > now],
        shares=rules.shares([*held, *planned]),
    )


def _stays(turn: OnlineTurn) -> bool:
    """Tell whether a turn is left as it is: placed by a person, taken over, or past."""
    return turn.is_moved or turn.status != TurnStatus.PLANNED or turn.ends_at <= clock.now()


def _wanted(rota: Rota, until: date, fixed: Sequence[OnlineTurn]) -> tuple[list[Turn], list[Span]]:
    """Return the turns that the rule asks for from now to `until`, around what stays."""
    now = wall(clock.now())
    pattern = queries.pattern_of(rota)
    gone = queries.left_on(pattern.people)

    def is_away(adviser_id: UUID, span: Span) -> bool:
        return adviser_id in gone and gone[adviser_id] < span[1].date()

    found, nobody = rules.turns(pattern, until + LONGEST, is_away)
    ahead = [turn for turn in found if turn.ends > now and turn.starts.date() <= until]
    pieces = rules.around(ahead, map(span_of, fixed))
    return [turn for turn in pieces if turn.ends > now], [
        span for span in nobody if span[0].date() <= until
    ]


def make(rota: Rota, until: date, digest: str, *, by: Member) -> Preview:
    """Store what was previewed. Raises ConflictError when it would not be the same any more."""
    plan = preview(rota, until)
    if plan.digest != digest:
        raise ConflictError(_("预览之后轮值表或班次有变动，下面是重新算出的结果，请再确认。"))
    try:
        with db.session.begin_nested():
            _store(rota, plan)
    except IntegrityError as error:
        if constraint_of(error) != ONE_AT_A_TIME:
            raise
        raise ConflictError(_("别人正在改同一张轮值表的班次，请重新预览后再保存。")) from error
    history.record(
        rota,
        "make_turns",
        by=by,
        until=until.isoformat(),
        made=len(plan.made),
        changed=len(plan.changed),
        dropped=len(plan.dropped),
    )
    return plan


def _store(rota: Rota, plan: Preview) -> None:
    if plan.dropped:
        gone = [one.id for one in plan.dropped]
        db.session.execute(delete(OnlineTurn).where(OnlineTurn.id.in_(gone)))
    for old, adviser_id in plan.changed:
        old.adviser_id = adviser_id
    db.session.add_all(
        OnlineTurn(
            rota_id=rota.id,
            adviser_id=turn.adviser_id,
            starts_at=instant(turn.starts),
            ends_at=instant(turn.ends),
        )
        for turn in plan.made
    )
