"""Open a round, take wishes, match, edit, and make assignments of it: all of them or none."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm.attributes import flag_modified

from counselhub.choosing import gather, queries, rules
from counselhub.choosing.kinds import ROUND_FLOW, Plus, RoundStatus, Side
from counselhub.choosing.models import MOST_WISHES, ChoiceProposal, ChoiceRound, ChoiceWish
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """A round; street_code None: every community that the firm serves on `starts_on`."""

    name: str
    street_code: str | None
    closes_on: date
    starts_on: date
    most: int


def begin(entry: RoundEntry, *, by: Member) -> ChoiceRound:
    """Open a round. Raises RefusedError for impossible days, or where there is no community."""
    if entry.closes_on < clock.today():
        raise RefusedError(_("填报截止日期不能早于今天。"), at="closes_on")
    if entry.starts_on <= entry.closes_on:
        raise RefusedError(_("上任日期要在填报截止之后。"))
    row = ChoiceRound(
        name=entry.name,
        street_code=entry.street_code,
        closes_on=entry.closes_on,
        starts_on=entry.starts_on,
        most=entry.most,
        made_at=clock.now(),
    )
    if not queries.communities(row):
        raise RefusedError(
            _("%(day)s 没有在约的社区，请先登记合同，或换一个街道。", day=entry.starts_on),
            at="street_code",
        )
    db.session.add(row)
    db.session.flush()
    history.record(row, "open_round", by=by)
    return row


def wish(
    row: ChoiceRound, adviser_id: UUID, codes: Sequence[str], *, by: Member, late: bool = False
) -> None:
    """Let a lawyer wish communities, the first first; what he wished before is gone.

    late: past the last day too, for the desk. Raises IllegalMoveError once the round has been
    matched or its last day is over, RefusedError for wishes that are none.
    """
    _refuse_closed(row, late=late)
    known = {one.code for one in queries.communities(row)}
    _refuse_unfit(codes, known)
    pairs = [(adviser_id, code) for code in codes]
    _rewrite(row, Side.LAWYER, ChoiceWish.adviser_id == adviser_id, pairs)
    history.record(row, "wish", by=by, adviser_id=str(adviser_id), count=len(codes))


def wish_for(row: ChoiceRound, code: str, adviser_ids: Sequence[UUID], *, by: Member) -> None:
    """Write down whom a community wishes, the first first. Raises as `wish`."""
    _refuse_closed(row, late=True)
    if code not in {one.code for one in queries.communities(row)}:
        raise RefusedError(_("这个社区不在本次双向选择里。"))
    known = {one.id for one in queries.lawyers(row.starts_on)}
    _refuse_unfit(adviser_ids, known)
    pairs = [(adviser_id, code) for adviser_id in adviser_ids]
    _rewrite(row, Side.COMMUNITY, ChoiceWish.community_code == code, pairs)
    history.record(row, "wish", by=by, community=code, count=len(adviser_ids))


def _refuse_closed(row: ChoiceRound, *, late: bool) -> None:
    if row.status != RoundStatus.OPEN:
        raise IllegalMoveError(_("这一轮已经不在填报了。"), row=row)
    if not late and row.closes_on < clock.today():
        raise IllegalMoveError(_("填报已在 %(day)s 截止，请联系主任。", day=row.closes_on), row=row)


def _refuse_unfit(wished: Sequence[object], known: Collection[object]) -> None:
    if len(set(wished)) != len(wished):
        raise RefusedError(_("同一个选项选了两次，请改掉一个。"))
    if len(wished) > MOST_WISHES or not set(wished) <= set(known):
        raise RefusedError(_("有的选项不在这一轮里，请重新选择。"))


def _rewrite(
    row: ChoiceRound, side: Side, whose: ColumnElement[bool], pairs: Iterable[tuple[UUID, str]]
) -> None:
    """Put the wishes of one lawyer or community in place of those they had."""
    is_of = (ChoiceWish.round_id == row.id, ChoiceWish.side == side, whose)
    db.session.execute(delete(ChoiceWish).where(*is_of))
    db.session.add_all(
        ChoiceWish(round_id=row.id, side=side, adviser_id=who, community_code=code, rank=rank)
        for rank, (who, code) in enumerate(pairs, 1)
    )
    db.session.flush()


def match(row: ChoiceRound, *, by: Member, revision: int | None = None) -> int:
    """Propose a lead for each community; return for how many nobody has room.

    Again does away with what was proposed before. Raises ConflictError, IllegalMoveError.
    """
    history.expect(row, revision)
    history.advance(row, ROUND_FLOW, "match_round", by=by)
    _touch(row)
    found = rules.match(*gather.facts(row), row.most)
    _clear(row)
    db.session.add_all(
        ChoiceProposal(
            round_id=row.id,
            community_code=one.code,
            adviser_id=one.adviser_id,
            reasons=list(one.reasons),
        )
        for one in found
    )
    db.session.flush()
    return sum(one.adviser_id is None for one in found)


def _touch(row: ChoiceRound) -> None:
    """Let the round's revision tell that its proposals, on another table, have changed."""
    row.made_at = clock.now()
    flag_modified(row, "made_at")


def _clear(row: ChoiceRound) -> None:
    db.session.execute(delete(ChoiceProposal).where(ChoiceProposal.round_id == row.id))


def edit(
    row: ChoiceRound,
    chosen: Mapping[UUID, UUID | None],
    *,
    by: Member,
    revision: int | None = None,
) -> int:
    """Let the manager choose otherwise, by proposal; return how many have changed.

    Raises ConflictError for a stale page, IllegalMoveError unless the round has been matched.
    """
    history.expect(row, revision)
    if row.status != RoundStatus.MATCHED:
        raise IllegalMoveError(_("先自动匹配，再调整方案。"), row=row)
    known = {one.id for one in queries.lawyers(row.starts_on)}
    changed = 0
    for one in queries.proposals(row):
        wanted = chosen.get(one.id, one.adviser_id)
        if wanted == one.adviser_id or (wanted is not None and wanted not in known):
            continue
        one.adviser_id, one.reasons = wanted, [Plus.EDITED] if wanted else []
        changed += 1
    if changed:
        _touch(row)
        history.record(row, "edit_proposals", by=by, count=changed)
    return changed


def reopen(row: ChoiceRound, *, by: Member, revision: int | None = None) -> None:
    """Take wishes again; what was proposed is gone. Raises ConflictError, IllegalMoveError."""
    history.expect(row, revision)
    history.advance(row, ROUND_FLOW, "reopen_round", by=by)
    _clear(row)


def drop(row: ChoiceRound, *, by: Member, revision: int | None = None) -> None:
    """Give a round up; nothing was assigned. Raises ConflictError, IllegalMoveError."""
    history.expect(row, revision)
    history.advance(row, ROUND_FLOW, "drop_round", by=by)
