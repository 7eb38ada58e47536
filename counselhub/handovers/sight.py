"""Which packs a member sees, and which he takes: the conditions that `sights.py` deals out."""

from sqlalchemy import ColumnElement, or_, true

from counselhub.core.members import Member
from counselhub.handovers.models import HandoverPack


def packs_seen(member: Member, *, is_all: bool) -> ColumnElement[bool]:
    """Return the condition of the packs in sight: all, or those that a lawyer gives or takes."""
    if is_all:
        return true()
    return or_(
        HandoverPack.from_adviser_id == member.adviser_id,
        HandoverPack.to_adviser_id == member.adviser_id,
    )


def own_pack(member: Member, pack: HandoverPack) -> bool:
    """Say whether a member is the successor who takes a pack."""
    return pack.to_adviser_id == member.adviser_id
