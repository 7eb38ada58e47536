"""What may be sent, seen and answered? Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from counselhub.packets.kinds import WAITING, Checked, PacketStatus

S = PacketStatus
TERMS = (3, 7, 14)
"""Days that a receiver may be given to answer."""
USUAL = 7
OLDEST_CONSENT = timedelta(days=180)


def receiver_acts(
    status: PacketStatus, checked: Checked | None, *, is_over: bool, decides: bool
) -> frozenset[str]:
    """Return what the receiver may do now. decides: whether he decides about conflicts.

    PACK-1: nobody reads a packet before his firm has checked its parties.
    PACK-2: past a possible conflict only who decides about conflicts reads it; all may decline.
    PACK-3: after its term a packet is answered no more.
    """
    if status not in WAITING or is_over:
        return frozenset()
    if status is S.OPENED:
        return frozenset({"accept", "decline"})
    if checked is None:
        return frozenset({"check", "decline"})
    may_open = checked is Checked.NONE or decides
    return frozenset({"check", "open", "decline"} if may_open else {"check", "decline"})


def is_over(status: str, expires_at: datetime, now: datetime) -> bool:
    """Whether the term of an unanswered packet has run out (PACK-3)."""
    return status in WAITING and expires_at <= now


def consent_fault(day: date, today: date) -> str:
    """Return what is wrong with the day of a consent: `future`, `old` or "" (PACK-4)."""
    if day > today:
        return "future"
    return "old" if today - day > OLDEST_CONSENT else ""


def without_names(text: str, hidden: Iterable[tuple[str, str]]) -> str:
    """Return `text` with each first text replaced by its second, the longest first (PACK-5).

    hidden: what tells who somebody is, and how it is masked.
    """
    for plain, masked in sorted(hidden, key=lambda pair: -len(pair[0])):
        if plain:
            text = text.replace(plain, masked)
    return text
