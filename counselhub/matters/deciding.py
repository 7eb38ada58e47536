"""What the manager decides: a conflict is none, both sides are walled off, or it is waived."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from counselhub.advisers.models import Adviser
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.matters import actions, rules
from counselhub.matters.kinds import ConflictCode, ConflictStatus, WallReason
from counselhub.matters.models import (
    Matter,
    MatterConflict,
    MatterMember,
    MatterPaper,
    MatterWall,
)
from counselhub.matters.papers import Paper
from counselhub.matters.settling import settle

SHORTEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is walled off: a lawyer, or a person of the firm who is none."""

    name: str
    adviser_id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """The consent of both sides, with the paper that both signed."""

    own_on: date
    other_on: date
    paper: Paper


def clear(conflict: MatterConflict, words: str, *, revision: int | None, by: Member) -> None:
    """Note that it is none: another person, another matter. Raises RefusedError without words."""
    _expect(conflict, "clear", revision, by)
    _expect_words(words)
    settle(conflict, "clear", words, by=by)


def waive(
    conflict: MatterConflict, waiver: Waiver, words: str, *, revision: int | None, by: Member
) -> None:
    """Let the firm act with the written consent of both sides.

    Raises RefusedError for a kind that nobody can waive, and for a day that has not come.
    """
    _expect(conflict, "waive", revision, by)
    for name in ("own_on", "other_on"):
        if getattr(waiver, name) > clock.today():
            raise RefusedError(_("同意的日期不能晚于今天。"), at=name)
    paper = waiver.paper
    db.session.add(
        MatterPaper(
            firm_id=conflict.firm_id,
            matter_id=conflict.matter_id,
            conflict_id=conflict.id,
            ending=paper.ending,
            digest=paper.digest,
            bytes_count=len(paper.content),
            content=paper.content,
            arrived_at=clock.now(),
            by_name=by.name,
        )
    )
    conflict.own_consent_on, conflict.other_consent_on = waiver.own_on, waiver.other_on
    settle(conflict, "waive", words, by=by)


def wall(conflict: MatterConflict, words: str, *, revision: int | None, by: Member) -> None:
    """Keep the lawyers of both sides from each other's matter; who is on both leaves this one.

    Raises RefusedError while one of the latter is responsible for this matter.
    """
    _expect(conflict, "wall", revision, by)
    _expect_words(words)
    here = db.session.get_one(Matter, (conflict.firm_id, conflict.matter_id))
    there = _other(conflict)
    if there is None:
        _wall_all(here, set(map(UUID, conflict.concerned)), conflict, words, by)
    else:
        mine, theirs = actions.team_ids(here), actions.team_ids(there)
        _wall_all(here, theirs, conflict, words, by)
        _wall_all(there, mine - theirs, conflict, words, by)
    settle(conflict, "wall", words, by=by)


def _other(conflict: MatterConflict) -> Matter | None:
    if conflict.other_id is None:
        return None
    return db.session.get_one(Matter, (conflict.firm_id, conflict.other_id))


def _wall_all(
    matter: Matter, advisers: set[UUID], conflict: MatterConflict, words: str, by: Member
) -> None:
    query = select(Adviser.id, Adviser.name).where(Adviser.id.in_(advisers))
    present = select(MatterWall.adviser_id).where(
        MatterWall.matter_id == matter.id, MatterWall.lifted_at.is_(None)
    )
    behind = set(db.session.scalars(present))
    for adviser_id, name in db.session.execute(query.order_by(Adviser.id)).all():
        if adviser_id not in behind:
            whom = Whom(name, adviser_id=adviser_id)
            wall_off(matter, whom, WallReason.CONFLICT, words, by=by, conflict_id=conflict.id)


def wall_off(
    matter: Matter,
    whom: Whom,
    reason: WallReason,
    words: str,
    *,
    by: Member,
    conflict_id: UUID | None = None,
) -> MatterWall:
    """Keep somebody from a matter: nothing of it is shown to him any more.

    Raises RefusedError for oneself, for who is responsible for it, and for who is kept from it.
    """
    _expect_words(words)
    _refuse_wall(matter, whom, by)
    _leave(matter, whom)
    row = MatterWall(
        firm_id=matter.firm_id,
        matter_id=matter.id,
        adviser_id=whom.adviser_id,
        person_id=whom.person_id,
        name=whom.name,
        conflict_id=conflict_id,
        reason=reason,
        words=words,
        made_at=clock.now(),
        made_by_name=by.name,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise RefusedError(_("%(name)s已经隔离在外。", name=whom.name)) from error
    history.record(matter, "wall_off", by=by, whom=whom.name, reason=reason.value)
    return row


def _refuse_wall(matter: Matter, whom: Whom, by: Member) -> None:
    if (by.person_id and whom.person_id == by.person_id) or (
        by.adviser_id and whom.adviser_id == by.adviser_id
    ):
        raise RefusedError(_("不能把自己隔离在外，请由另一位主任操作。"))
    if whom.adviser_id == matter.adviser_id:
        raise RefusedError(
            _(
                "%(name)s是%(number)s的主办律师，请先更换主办律师，再隔离。",
                name=whom.name,
                number=matter.number,
            )
        )


def _leave(matter: Matter, whom: Whom) -> None:
    """Take a lawyer off the team of a matter that he is kept from."""
    if whom.adviser_id is not None:
        db.session.execute(
            delete(MatterMember).where(
                MatterMember.firm_id == matter.firm_id,
                MatterMember.matter_id == matter.id,
                MatterMember.adviser_id == whom.adviser_id,
            )
        )


def lift(row: MatterWall, matter: Matter, words: str, *, by: Member) -> None:
    """Let somebody see a matter again; he is not of its team by that.

    Raises ConflictError when it was lifted already.
    """
    _expect_words(words)
    if row.lifted_at is not None:
        raise ConflictError(_("这项隔离已经解除。"), row=row)
    row.lifted_at, row.lifted_by_name, row.lifting_words = clock.now(), by.name, words
    history.record(matter, "lift_wall", by=by, whom=row.name)


def _expect(conflict: MatterConflict, act: str, revision: int | None, by: Member) -> None:
    """Raise unless `by` may decide so on this conflict as he saw it."""
    history.expect(conflict, revision)
    if conflict.status != ConflictStatus.OPEN:
        raise IllegalMoveError(_("这条冲突已经处理过了。"), row=conflict)
    if by.adviser_id and str(by.adviser_id) in conflict.concerned:
        raise ForbiddenError(_("这条冲突涉及您本人，请由另一位主任处理。"))
    if act not in rules.DECISIONS[ConflictCode(conflict.code)]:
        code = ConflictCode(conflict.code).label
        raise RefusedError(_("“%(code)s”不能这样处理，请看可选的办法。", code=code))


def _expect_words(words: str) -> None:
    if len(words) < SHORTEST_WORDS:
        raise RefusedError(_("请写明理由。"))
