"""The blueprint and what its pages share."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint

from counselhub.core.i18n import page_text
from counselhub.packets import queries
from counselhub.packets.kinds import (
    TONES,
    Checked,
    ConsentHow,
    PacketField,
    PacketStatus,
    ReceivedWord,
    RefusalWhy,
)
from counselhub.referrals.kinds import Speciality, Urgency

bp = Blueprint("packets", __name__)
KINDS: dict[str, Any] = {
    "Status": PacketStatus,
    "Received": ReceivedWord,
    "Field": PacketField,
    "How": ConsentHow,
    "Why": RefusalWhy,
    "Checked": Checked,
    "Speciality": Speciality,
    "Urgency": Urgency,
    "tones": TONES,
}


@bp.app_template_global("packets_of")
def packets_of(referral_id: UUID) -> list[dict[str, Any]]:
    """Return the packets of a referral for its page, newest first."""
    return [
        {"row": one, "label": PacketStatus.of(one.status).label, "tone": TONES[one.status]}
        for one in queries.of_referral(referral_id)
    ]


def events_of(row: Any, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the acts on a packet for a timeline."""
    return [
        {"at": one.at, "who": one.who, "what": page_text(words.get(one.act, one.act))}
        for one in queries.whole_way(row)
    ]
