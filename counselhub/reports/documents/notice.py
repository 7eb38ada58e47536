"""公示牌: what a community's notice board says of its adviser, as A4, always in Chinese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from counselhub.core.typesetting import typeset
from counselhub.places.models import short_name
from counselhub.reports.planned import Hours
from counselhub.roster.kinds import WEEKDAYS, TermKind
from counselhub.roster.models import DutyTerm

HERE = Path(__file__).parent

WORK = (
    "解答居民的法律咨询，代写简单的法律文书",
    "为社区管理和重大决定提供法律意见，审查合同和村规民约",
    "参与人民调解，协助申请法律援助",
    "举办法治讲座，开展法治宣传",
)
RULES = "值班人员、时间、内容固定，联系方式、服务内容、工作制度公开；服务不收费。"
LONGEST = 60
"""Characters of a phone or a place, as typed."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What nobody has stored: typed when the notice is printed, a blank is left for the pen."""

    phone: str = ""
    complaints: str = ""
    place: str = ""


def pdf(hours: Hours, month: date, contact: Contact, made_at: datetime) -> bytes:
    """Return the notice of one community and month. Raises TypesettingError."""
    name = short_name(hours.place.name)
    facts = [
        ("服务单位", hours.firm),
        ("法律顾问", "、".join(hours.leads) or "待定"),
        ("备岗律师", "、".join(hours.backups)),
        ("固定值班时间", "；".join(map(fixed_hours, hours.terms)) or "见下表"),
        ("值班地点", contact.place),
        ("联系电话", contact.phone),
        ("监督投诉电话", contact.complaints),
    ]
    data = {
        "title": "一村（社区）一法律顾问公示牌",
        "community": name,
        "street": hours.place.street,
        "facts": [pair for pair in facts if pair[1] or pair[0] != "备岗律师"],
        "work": WORK,
        "rules": RULES,
        "month": f"{month.year}年{month.month}月",
        "slots": [_slot(one) for one in hours.slots],
    }
    return typeset(HERE / "notice.typ", data, made_at)


def _slot(slot: object) -> Sequence[str]:
    day, starts, ends, adviser = (
        getattr(slot, name) for name in ("day", "starts", "ends", "adviser")
    )
    when = f"{starts:%H:%M}–{ends:%H:%M}"
    return f"{day.month}月{day.day}日", WEEKDAYS[day.weekday()], when, adviser


def fixed_hours(term: DutyTerm) -> str:
    """Return when a term asks for presence, as a notice says it."""
    span = f"{term.starts:%H:%M}–{term.ends:%H:%M}"
    weekday = WEEKDAYS[term.weekday or 0]
    match term.kind:
        case TermKind.WEEKLY:
            return f"每{weekday} {span}"
        case TermKind.NTH:
            return f"每月第{'、'.join(map(str, term.weeks))}个{weekday} {span}"
        case TermKind.HOURS:
            return f"每月{term.required_hours}小时（{span}）"
        case _:
            return f"每月{term.required_days}天（{span}）"
