"""The notice that a matter was declined, as an A4 page in Chinese for the client."""

from collections.abc import Sequence
from pathlib import Path

from counselhub.core import typesetting
from counselhub.matters import rules, seals
from counselhub.matters.kinds import DeclineReason
from counselhub.matters.models import Matter, MatterParty

TEMPLATE = Path(__file__).parent / "decline.typ"
DUTY = "律师不得办理与本人、近亲属或者本所其他委托人有利益冲突的法律事务。"
KEPT_QUIET = "您已经告诉本所的情况，本所依法保密。请注意诉讼时效和各项法定期限，尽快另行委托。"


def pdf(matter: Matter, parties: Sequence[MatterParty], firm: str) -> bytes:
    """Return the PDF. Raises TypesettingError."""
    return typesetting.pdf(TEMPLATE, document_of(matter, parties, firm))


def document_of(matter: Matter, parties: Sequence[MatterParty], firm: str) -> dict[str, object]:
    """Return what the page says, every value already written. It names nobody but the clients."""
    clients = [
        marks.name for row in parties if row.role in rules.OWN and (marks := seals.opened(row))
    ]
    day, reason = matter.ended_on, DeclineReason(matter.decline_reason or "other")
    return {
        "title": "不予受理告知书",
        "number": matter.number,
        "to": "、".join(filter(None, clients)) or "委托人",
        "body": f"您委托本所办理的“{matter.title}”一事，经审查，因{reason.word}，本所不能办理。"
        + (DUTY if reason is DeclineReason.CONFLICT else ""),
        "words": matter.ending_words or "",
        "referred": matter.referred_to or "",
        "secret": KEPT_QUIET,
        "firm": firm,
        "day": f"{day.year}年{day.month}月{day.day}日" if day else "",
    }
