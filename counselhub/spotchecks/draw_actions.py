"""Draw what to look at, and repeat a draw."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.roster.models import DutySlot
from counselhub.spotchecks import queries, rules
from counselhub.spotchecks.models import SpotCheck, SpotDraw
from counselhub.spotchecks.rules import Candidate, Pick

LONGEST = timedelta(days=31)
SEED_BITS = 31
"""Of a seed that the machine chooses: short enough to be read out."""
ONE_CHECK = "uq_spot_check_live_slot"


@dataclass(frozen=True, slots=True)
class Order:
    """What a draw is asked for. seed: None lets the machine choose one."""

    first: date
    last: date
    wanted: int
    seed: int | None = None


def draw(order: Order, *, by: Member) -> SpotDraw:
    """Draw communities and slots of the office's street, and keep how it was done.

    Raises RefusedError when nothing can be drawn, ConflictError when somebody drew the same.
    """
    _judge(order)
    street = by.street_code
    slots = queries.drawable(street, order.first, order.last)
    if not slots:
        raise RefusedError(
            _("这几天没有可以抽的班次：律所还没有排班、班次已过，或者有排班的社区都已抽过。")
        )
    population = queries.population(street, slots)
    seed = secrets.randbits(SEED_BITS) if order.seed is None else order.seed
    made = SpotDraw(
        street_code=street,
        first_on=order.first,
        last_on=order.last,
        wanted=order.wanted,
        seed=seed,
        population=rules.listed(population),
        sha256=rules.digest(population),
        made_at=clock.now(),
        made_by_name=by.name,
    )
    db.session.add(made)
    db.session.flush()
    picks = rules.draw(population, seed=seed, count=order.wanted, on=order.first)
    _keep(made, picks, {str(slot.id): slot for slot in slots})
    history.record(made, "draw_spot_checks", by=by, draw_seed=seed, checks=len(picks))
    return made


def _judge(order: Order) -> None:
    if order.last < order.first:
        raise RefusedError(_("结束日期不能早于开始日期。"), at="last_on")
    if order.last < clock.today():
        raise RefusedError(_("这几天已经过去，请选择今天以后的日期。"), at="last_on")
    if order.last - order.first >= LONGEST:
        raise RefusedError(_("一次最多抽31天内的班次。"))


def _keep(made: SpotDraw, picks: list[Pick], slots: dict[str, DutySlot]) -> None:
    try:
        with db.session.begin_nested():
            for turn, pick in enumerate(picks, 1):
                db.session.add(_check(made, turn, slots[pick.slot]))
    except IntegrityError as error:
        if constraint_of(error) != ONE_CHECK:
            raise
        raise ConflictError(
            _("同事刚刚也抽了签，抽到了同一个班次。请看最新的列表后再抽。")
        ) from error


def _check(made: SpotDraw, turn: int, slot: DutySlot) -> SpotCheck:
    return SpotCheck(
        firm_id=slot.firm_id,
        draw_id=made.id,
        turn=turn,
        slot_id=slot.id,
        community_code=slot.community_code,
        street_code=slot.street_code,
        adviser_id=slot.adviser_id,
        day=slot.day,
        starts=slot.starts,
        ends=slot.ends,
    )


@dataclass(frozen=True, slots=True)
class Repeated:
    """A draw done once more. is_same: None for one that was never kept."""

    sha256: str
    communities: int
    picks: list[Pick]
    is_same: bool | None

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "sha256": self.sha256,
            "communities": self.communities,
            "kept": self.is_same is not None,
            "same": self.is_same,
            "picks": [
                {"community": one.community, "slot": one.slot, "tickets": one.tickets}
                for one in self.picks
            ],
        }


def repeat(kept: SpotDraw) -> Repeated:
    """Draw again from the list that was kept, and compare digest and checks with what there is."""
    population = [Candidate.of(one) for one in kept.population]
    found = _drawn(population, kept.seed, kept.wanted, kept.first_on)
    there = [(one.community_code, str(one.slot_id)) for one in queries.of_draw(kept)]
    picked = [(one.community, one.slot) for one in found.picks]
    is_same = there == picked and found.sha256 == kept.sha256
    return Repeated(found.sha256, found.communities, found.picks, is_same)


def rehearse(order: Order, street_code: str) -> Repeated:
    """Return what a draw would give now, or, when it was made before, gave then."""
    if order.seed is None:
        raise RefusedError(_("请给出种子，才能重算。"))
    kept = queries.same_draw(street_code, order.first, order.last, order.wanted, order.seed)
    if kept is not None:
        return repeat(kept)
    slots = queries.drawable(street_code, order.first, order.last)
    population = queries.population(street_code, slots)
    return _drawn(population, order.seed, order.wanted, order.first)


def _drawn(population: list[Candidate], seed: int, count: int, on: date) -> Repeated:
    picks = rules.draw(population, seed=seed, count=count, on=on)
    return Repeated(rules.digest(population), len(population), picks, None)
