"""Many communities to other lawyers at once: tried first, then all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _

from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.core.db import db
from counselhub.core.errors import DomainError, RefusedError
from counselhub.core.members import Member
from counselhub.handovers import queries, replacing, rules
from counselhub.handovers.models import HandoverPack
from counselhub.handovers.replacing import Change
from counselhub.handovers.rules import Load
from counselhub.places.models import short_name


@dataclass(frozen=True, slots=True)
class Move:
    """One community's change of hands."""

    old: Assignment
    adviser: Adviser


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about one community."""

    community: str
    words: str


@dataclass(slots=True)
class Trial:
    """What would come of the moves. duty: how many slots would go to successors."""

    loads: Sequence[Load] = ()
    obstacles: list[Told] = field(default_factory=list)
    warnings: list[Told] = field(default_factory=list)
    duty: int = 0


class ObstaclesError(RefusedError):
    """Something is in the way of one of the moves: none was made (422)."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(_("有%(count)s处不能更换，全部没有执行。", count=len(trial.obstacles)))
        self.trial = trial


def attempt(moves: Sequence[Move], change: Change, *, by: Member) -> Trial:
    """Return what would come of the moves: they are made, looked at, and taken back."""
    trial, before = Trial(), queries.led_counts(change.starts_on)
    savepoint = db.session.begin_nested()
    try:
        for move in moves:
            _try(move, change, trial, by)
        db.session.flush()
        after = queries.led_counts(change.starts_on)
    finally:
        savepoint.rollback()
    trial.loads = rules.loads(_names(moves), before, after)
    return trial


def carry_out(moves: Sequence[Move], change: Change, *, by: Member) -> list[HandoverPack]:
    """Make all the moves with their packs, or none. Raises ObstaclesError naming each obstacle.

    The caller ends the transaction of a refusal.
    """
    if not moves:
        raise RefusedError(_("请至少给一个社区选接任律师。"))
    trial, packs = Trial(), []
    for move in moves:
        place = _place(move)
        try:
            packs.append(replacing.replace(move.old, move.adviser, change, by=by))
        except DomainError as refusal:
            trial.obstacles.append(Told(place, refusal.message))
    if trial.obstacles:
        raise ObstaclesError(trial)
    return packs


def _try(move: Move, change: Change, trial: Trial, by: Member) -> None:
    place = _place(move)
    try:
        with db.session.begin_nested():
            _new, duty = replacing.tried(move.old, move.adviser, change, by=by)
    except DomainError as refusal:
        trial.obstacles.append(Told(place, refusal.message))
        return
    for went in duty:
        trial.duty += went.is_moved
        if not went.is_moved:
            trial.warnings.append(Told(place, went.draft.words))


def _place(move: Move) -> str:
    return short_name(move.old.community.name)


def _names(moves: Sequence[Move]) -> Mapping[UUID, str]:
    ids = {one for move in moves for one in (move.old.adviser_id, move.adviser.id)}
    return queries.names_of(ids)
