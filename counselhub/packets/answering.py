"""What the receiver does: check, then read, accept or decline; the sender's row follows."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_firm
from counselhub.matters import conflicts
from counselhub.packets import rules, seals
from counselhub.packets.actions import erase, other_firm
from counselhub.packets.kinds import PACKET_FLOW, Checked, PacketStatus, RefusalWhy
from counselhub.packets.models import Packet, PacketFile, PacketReceived


@dataclass(frozen=True, slots=True)
class Answer:
    """No or yes in words; `why` of a no."""

    words: str
    why: RefusalWhy | None = None


def acts_of(row: PacketReceived, *, decides: bool) -> frozenset[str]:
    """Return what may be done to a received packet now."""
    checked = Checked.of(row.checked) if row.checked else None
    over = rules.is_over(row.status, row.expires_at, clock.now())
    return rules.receiver_acts(PacketStatus.of(row.status), checked, is_over=over, decides=decides)


def check(row: PacketReceived, *, by: Member) -> Checked:
    """Compare the packet's parties with all that the own firm has; nobody is told who they are.

    Raises ConflictError for one that is not waiting. The sender does not learn what was found.
    """
    _lock_both(row)
    _must(row, "check", decides=True)
    content = seals.opened(row)
    if content is None:
        raise RefusedError(_("内容无法解密，请联系平台管理员。"))
    answer = conflicts.check(content.parties, by=by)
    row.checked = Checked.POSSIBLE if answer.findings else Checked.NONE
    row.reasons = list(dict.fromkeys(one.code.value for one in answer.findings))
    row.checked_at = clock.now()
    history.record(row, "check_packet", by=by)
    return row.checked


def open_packet(
    row: PacketReceived, words: str, *, decides: bool, revision: int | None, by: Member
) -> None:
    """Read it from now on. words: why past a possible conflict, needed only there (PACK-2).

    Raises ConflictError when stale, over or not checked (PACK-1), ForbiddenError for who does not
    decide about conflicts.
    """
    _lock_both(row)
    history.expect(row, revision)
    possible = row.checked == Checked.POSSIBLE
    if possible and not decides:
        raise ForbiddenError(_("可能有利益冲突：由主任核实后查看，或者谢绝。"))
    _must(row, "open", decides=decides)
    if possible and not words:
        raise RefusedError(_("请写明怎么核实的、为什么可以查看。"))
    history.advance(row, PACKET_FLOW, "open", by=by)
    row.opened_at, row.opened_past = clock.now(), words if possible else None
    _follow(row, "open", None, by)


def accept(row: PacketReceived, answer: Answer, *, revision: int | None, by: Member) -> None:
    """Take the case. Raises ConflictError when stale, over or not read yet."""
    _lock_both(row)
    history.expect(row, revision)
    _must(row, "accept", decides=False)
    history.advance(row, PACKET_FLOW, "accept", by=by)
    row.answer, row.answered_at = answer.words, clock.now()
    _follow(row, "accept", answer, by)


def decline(row: PacketReceived, answer: Answer, *, revision: int | None, by: Member) -> None:
    """Say no: the content goes. Raises ConflictError when stale, over or answered."""
    _lock_both(row)
    history.expect(row, revision)
    _must(row, "decline", decides=False)
    erase(row, "decline", by=by)
    row.why, row.answer = answer.why, answer.words
    _follow(row, "decline", answer, by)


def _must(row: PacketReceived, act: str, *, decides: bool) -> None:
    if act in acts_of(row, decides=decides):
        return
    if rules.is_over(row.status, row.expires_at, clock.now()):
        raise ConflictError(_("答复期限已过，请对方重新转来。"), row=row)
    raise ConflictError(_("它现在的状态不允许这项操作，请看最新内容。"), row=row)


def _lock_both(row: PacketReceived) -> None:
    """Lock the sender's row, then the own one, and see what the other side did."""
    db.session.flush()
    _at_sender(row, lambda packet: None)
    db.session.refresh(row, with_for_update={"of": PacketReceived})


def _follow(row: PacketReceived, act: str, answer: Answer | None, by: Member) -> None:
    """Let the sender's row make the same move, told by the name of the own firm alone."""

    def move(packet: Packet) -> None:
        there = other_firm(packet.firm_id, by.title)
        history.advance(packet, PACKET_FLOW, act, by=there, street_code=packet.street_code)
        if answer is None:
            return
        packet.answered_at = clock.now()
        file = db.session.get_one(PacketFile, (packet.firm_id, packet.id))
        file.answer, file.why = answer.words, answer.why

    _at_sender(row, move)


def _at_sender(row: PacketReceived, do: Callable[[Packet], None]) -> None:
    """Do something to the sender's row, locked, under the sender's own row security."""
    packet_id = row.id
    with as_firm(row.from_firm_id):
        query = select(Packet).where(Packet.id == packet_id).with_for_update()
        do(db.session.scalars(query.execution_options(populate_existing=True)).one())
