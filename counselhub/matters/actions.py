"""Open a matter after a check, add parties and services, decline, close, show in full."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from counselhub.advisers.models import Adviser
from counselhub.clients.kinds import UnmaskReason
from counselhub.core import clock, data_keys, history
from counselhub.core.db import db, take_lock
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.matters import conflicts, queries, rules, seals, settling
from counselhub.matters.conflicts import Answer, Asked
from counselhub.matters.kinds import (
    MATTER_FLOW,
    DeclineReason,
    MatterKind,
    MatterStatus,
    Occasion,
    PartyKind,
    PartyRole,
)
from counselhub.matters.models import (
    Matter,
    MatterConflict,
    MatterMember,
    MatterParty,
    MatterWall,
    PartyKey,
)
from counselhub.matters.seals import Marks

SHORTEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class MatterEntry:
    """A matter as its form has it. members: the lawyers beside the one responsible."""

    title: str
    kind: MatterKind
    community_code: str | None
    adviser_id: UUID
    members: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """A party as its form has it. client_id: the client of the register that it is, if any."""

    asked: Asked
    client_id: UUID | None = None


def open_matter(
    entry: MatterEntry, parties: Sequence[PartyEntry], *, by: Member
) -> tuple[Matter, Answer]:
    """Check the parties, then open the matter; frozen where there may be a conflict.

    Raises RefusedError without a client, and for a lawyer who is not of the firm.
    """
    if not any(one.asked.role in rules.OWN for one in parties):
        raise RefusedError(_("请至少填写一位委托人。"))
    _expect_lawyers({entry.adviser_id, *entry.members})
    _one_after_another(by)
    answer = conflicts.check([one.asked for one in parties], by=by, occasion=Occasion.OPENING)
    matter = Matter(
        firm_id=by.firm_id,
        number=queries.next_number(clock.today().year),
        title=entry.title,
        kind=entry.kind,
        community_code=entry.community_code,
        adviser_id=entry.adviser_id,
        opened_on=clock.today(),
    )
    db.session.add(matter)
    db.session.flush()
    answer.row.matter_id = matter.id
    _join(matter, entry)
    rows = [_write_party(matter, one) for one in parties]
    history.record(matter, "open_matter", by=by, verdict=answer.verdict.value)
    _freeze_for(matter, answer, rows, {entry.adviser_id, *entry.members}, by)
    return matter, answer


def _one_after_another(by: Member) -> None:
    """Let two that open or add at once wait: each is to find the other's parties."""
    take_lock(f"matters of {by.firm_id}")


def _expect_lawyers(ids: Collection[UUID]) -> None:
    """Raise RefusedError unless all are lawyers of the firm."""
    found = db.session.scalars(select(Adviser.id).where(Adviser.id.in_(ids))).all()
    if set(found) != set(ids):
        raise RefusedError(_("所选律师不在本所的律师名单里，请重新选择。"))


def _join(matter: Matter, entry: MatterEntry) -> None:
    for adviser_id in entry.members - {entry.adviser_id}:
        db.session.add(
            MatterMember(firm_id=matter.firm_id, matter_id=matter.id, adviser_id=adviser_id)
        )


def _write_party(matter: Matter, entry: PartyEntry) -> MatterParty:
    asked, ring = entry.asked, data_keys.writing_ring()
    nears = seals.nears_of(asked.kind, asked.marks)
    row = MatterParty(
        firm_id=matter.firm_id,
        matter_id=matter.id,
        client_id=entry.client_id,
        role=asked.role,
        kind=asked.kind,
        near=nears[0] if nears else None,
    )
    for column, value in seals.sealed(ring, row, asked.marks).items():
        setattr(row, column, value)
    db.session.add(row)
    db.session.flush()
    keys = seals.written_keys(ring, matter.firm_id, asked.kind, asked.marks)
    db.session.add_all(
        PartyKey(firm_id=row.firm_id, party_id=row.id, kind=kind, digest=digest)
        for kind, digest in keys
    )
    return row


def _freeze_for(
    matter: Matter,
    answer: Answer,
    rows: Sequence[MatterParty | None],
    team: Collection[UUID],
    by: Member,
) -> None:
    """Keep each finding, and freeze the matter until the manager has decided on all of them.

    rows: the party of each place of the question, None for one that found nothing new.
    """
    kept = 0
    for one in answer.findings:
        party = rows[one.place]
        if party is None:
            continue
        conflict = MatterConflict(
            firm_id=matter.firm_id,
            matter_id=matter.id,
            other_id=one.matter_id,
            check_id=answer.row.id,
            party_id=party.id,
            code=one.code,
            how=one.how,
            concerned=sorted(map(str, rules.concerned(team, one))),
            found_at=clock.now(),
        )
        db.session.add(conflict)
        history.record(conflict, "find_conflict", by=by, code=one.code.value)
        kept += 1
    if kept and matter.status == MatterStatus.OPEN:
        history.advance(matter, MATTER_FLOW, "freeze", by=by, conflicts=kept)
    db.session.flush()


def add_party(matter: Matter, entry: PartyEntry, *, revision: int | None, by: Member) -> Answer:
    """Add a party after a check of all of them; a conflict found now freezes the matter.

    Raises IllegalMoveError unless the matter is open, ConflictError for a stale page.
    """
    _one_after_another(by)
    _expect_open(matter, revision)
    present = queries.parties_of(matter)
    asked = [one for row in present if (one := asked_of(row)) is not None]
    answer = conflicts.check(
        [*asked, entry.asked], by=by, occasion=Occasion.PARTY_ADDED, matter_id=matter.id
    )
    row = _write_party(matter, entry)
    history.record(matter, "add_party", by=by, role=entry.asked.role.value)
    rows: list[MatterParty | None] = [None] * len(asked)
    _freeze_for(matter, answer, [*rows, row], team_ids(matter), by)
    return answer


def _expect_open(matter: Matter, revision: int | None) -> None:
    """Raise ConflictError for a stale page, IllegalMoveError unless the matter is open."""
    history.expect(matter, revision)
    if matter.status == MatterStatus.FROZEN:
        raise IllegalMoveError(_("事项已冻结，等主任处理利益冲突后才能继续。"), row=matter)
    if matter.status != MatterStatus.OPEN:
        raise IllegalMoveError(_("事项已经结束，不能再修改。"), row=matter)


def asked_of(row: MatterParty) -> Asked | None:
    """Return a party as a check asks about it, None for one that is wiped or does not open."""
    marks = seals.opened(row)
    if marks is None or not marks.name:
        return None
    return Asked(PartyRole(row.role), PartyKind(row.kind), marks)


def team_ids(matter: Matter) -> set[UUID]:
    """Return the lawyers of a matter, the one responsible among them."""
    members = select(MatterMember.adviser_id).where(MatterMember.matter_id == matter.id)
    return {matter.adviser_id, *db.session.scalars(members)}


def remove_party(matter: Matter, party: MatterParty, *, revision: int | None, by: Member) -> None:
    """Take a party off that was entered by mistake. Raises RefusedError for the last client."""
    _expect_open(matter, revision)
    ours = [one for one in queries.parties_of(matter) if one.role in rules.OWN]
    if [one.id for one in ours] == [party.id]:
        raise RefusedError(_("这是唯一的委托人，不能移除。请先增加正确的委托人。"))
    role = party.role
    db.session.delete(party)
    history.record(matter, "remove_party", by=by, role=role)


def change(matter: Matter, entry: MatterEntry, *, revision: int | None, by: Member) -> None:
    """Write a matter anew: title, kind, community, lawyers. The manager may of a frozen one too.

    Raises IllegalMoveError for an ended one, RefusedError for a lawyer behind a wall.
    """
    history.expect(matter, revision)
    if matter.status not in rules.LIVE:
        raise IllegalMoveError(_("事项已经结束，不能再修改。"), row=matter)
    team = {entry.adviser_id, *entry.members}
    _expect_lawyers(team)
    _expect_beyond_no_wall(matter, team)
    matter.title, matter.kind = entry.title, entry.kind
    matter.community_code, matter.adviser_id = entry.community_code, entry.adviser_id
    db.session.execute(
        delete(MatterMember).where(
            MatterMember.firm_id == matter.firm_id, MatterMember.matter_id == matter.id
        )
    )
    _join(matter, entry)
    history.record(matter, "change_matter", by=by)


def _expect_beyond_no_wall(matter: Matter, team: Iterable[UUID]) -> None:
    """Raise RefusedError naming who is walled off from the matter."""
    query = select(MatterWall.name).where(
        MatterWall.matter_id == matter.id,
        MatterWall.lifted_at.is_(None),
        MatterWall.adviser_id.in_(list(team)),
    )
    if names := db.session.scalars(query).all():
        raise RefusedError(_("%(names)s已被隔离在这件事项之外，不能办理。", names="、".join(names)))


def decline(
    matter: Matter,
    reason: DeclineReason,
    referred_to: str,
    words: str,
    *,
    revision: int | None,
    by: Member,
) -> None:
    """Decline a matter, say whom its client was pointed to, and end its open conflicts."""
    history.expect(matter, revision)
    if reason is DeclineReason.OTHER and len(words) < SHORTEST_WORDS:
        raise RefusedError(_("选择“其他原因”时，请写明原因。"))
    history.advance(matter, MATTER_FLOW, "decline", by=by, reason=reason.value)
    matter.decline_reason, matter.ended_on = reason, clock.today()
    matter.referred_to, matter.ending_words = referred_to or None, words or None
    settling.give_up(matter, by=by)


def close(matter: Matter, words: str, *, revision: int | None, by: Member) -> None:
    """Close a matter with its result. Raises IllegalMoveError while it is frozen."""
    history.expect(matter, revision)
    if len(words) < SHORTEST_WORDS:
        raise RefusedError(_("请写明办理结果。"))
    history.advance(matter, MATTER_FLOW, "close_matter", by=by)
    matter.ended_on, matter.ending_words = clock.today(), words


def unmask(matter: Matter, reason: UnmaskReason, words: str, *, by: Member) -> dict[UUID, Marks]:
    """Return every party in full, those that open, and record who saw them and why.

    Raises RefusedError for another reason without words.
    """
    if reason is UnmaskReason.OTHER and len(words) < SHORTEST_WORDS:
        raise RefusedError(_("选择“其他原因”时，请写明原因。"))
    history.record(matter, "unmask_parties", by=by, reason=reason.value, words=words)
    found = {row.id: seals.opened(row) for row in queries.parties_of(matter)}
    return {row_id: marks for row_id, marks in found.items() if marks is not None}
