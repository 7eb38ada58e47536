"""The sentences of cover: why a colleague may not come, what the community is told."""

from collections.abc import Mapping

from flask_babel import gettext as _

from counselhub.core.i18n import day as day_word
from counselhub.core.i18n import listed
from counselhub.cover.kinds import CoverStatus, Plus
from counselhub.cover.models import CoverOffer, CoverRequest
from counselhub.cover.rules import Candidate
from counselhub.roster.gather import clock_time


def pluses(offer: CoverOffer | Candidate) -> str:
    """Return what speaks for a colleague, '' when nothing does."""
    return listed(Plus(code).label for code in offer.pluses)


def block(one: Candidate, places: Mapping[str, str]) -> str:
    """Return why a colleague may not come, with the slot in the way; '' when he may.

    places: what its communities are called, by code.
    """
    if one.block is None:
        return ""
    if one.clash is None:
        return one.block.label
    other = one.clash.other
    return str(
        _(
            "%(why)s（%(begin)s–%(end)s %(place)s）",
            why=one.block.label,
            begin=f"{clock_time(other.begins):%H:%M}",
            end=f"{clock_time(other.ends):%H:%M}",
            place=places.get(other.community, other.community),
        )
    )


def _taken_back(request: CoverRequest) -> str:
    slot = request.slot
    return str(
        _(
            "%(place)s：%(day)s %(begin)s–%(end)s 的替班取消，"
            "仍由%(absent)s律师按原时间到社区值班，请相互转告。",
            place=slot.community.name,
            day=day_word(slot.day),
            begin=f"{slot.starts:%H:%M}",
            end=f"{slot.ends:%H:%M}",
            absent=request.adviser.name,
        )
    )


def notice(request: CoverRequest, phone: str | None, firm: str) -> str:
    """Return what the community is told, '' with nothing to tell (COVER-7).

    Who comes instead, when, how to reach him; or that it was taken back.
    """
    slot, comes = request.slot, request.substitute
    if comes is None or request.agreed_at is None:
        return ""
    if request.status == CoverStatus.WITHDRAWN:
        return _taken_back(request) + firm
    text = _(
        "%(place)s：原定 %(day)s %(begin)s–%(end)s 值班的%(absent)s律师因故不能到岗，"
        "由%(comes)s律师（执业证号 %(licence)s）按原时间到社区值班，请相互转告。",
        place=slot.community.name,
        day=day_word(slot.day),
        begin=f"{slot.starts:%H:%M}",
        end=f"{slot.ends:%H:%M}",
        absent=request.adviser.name,
        comes=comes.name,
        licence=comes.licence_number,
    )
    if phone:
        text += _("联系电话：%(phone)s。", phone=phone)
    return f"{text}{firm}"
