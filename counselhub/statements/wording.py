"""Chinese for what the rules give: kinds of lines, quantities, steps of a trace, warnings.

Everything is read from the stored JSON, so that an old statement reads as it did.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from counselhub.core.i18n import minutes as in_hours
from counselhub.core.i18n import titled
from counselhub.core.labels import N_
from counselhub.statements.lines import LineKind
from counselhub.statements.wording_parts import REFUSALS, Worded, days, in_language, yuan
from counselhub.statements.wording_steps import STEPS

KIND_WORDS = {
    LineKind.BASE: N_("基础补贴"),
    LineKind.SHORTFALL: N_("到岗扣减"),
    LineKind.ATTENDANCE: N_("到岗补贴"),
    LineKind.LECTURE: N_("讲座补贴"),
    LineKind.ONLINE: N_("线上值守"),
    LineKind.CASE: N_("以案定补"),
    LineKind.ACTIVITY: N_("活动补贴"),
    LineKind.PERFORMANCE: N_("绩效补贴"),
    LineKind.WITHHOLD: N_("考核预留"),
    LineKind.RELEASE: N_("预留返还"),
    LineKind.GRADE: N_("考核扣减"),
    LineKind.ADJUSTMENT: N_("调整"),
}


def kind(code: str) -> str:
    """Name a kind of line."""
    return str(_(KIND_WORDS[LineKind(code)]))


def step(document: Mapping[str, Any]) -> Worded:
    """Word one step of a trace. document: as stored. Raises KeyError for an unknown step."""
    return STEPS[document["rule"], document["name"]](document["inputs"])


def sentence(document: Mapping[str, Any]) -> str:
    """Word one step of a trace in one sentence."""
    what, working, result = step(document)
    return titled(what, working) + (f" = {result}" if result else "")


def quantity(line: Any) -> str:
    """Write a line's quantity with its unit. line: a StatementLine."""
    number = line.quantity
    if line.kind in _QUANTITIES:
        return str(_(_QUANTITIES[line.kind], number=number))
    match line.kind:
        case LineKind.SHORTFALL:
            return _missing(line)
        case LineKind.ATTENDANCE:
            visits, minutes = number.split("/")
            return str(_("%(visits)s 次 %(time)s", visits=visits, time=in_hours(int(minutes))))
        case LineKind.WITHHOLD:
            return f"{number}%"
    return str(number)


_QUANTITIES: Mapping[str, str] = {
    LineKind.BASE: N_("%(number)s 天"),
    LineKind.LECTURE: N_("%(number)s 场"),
    LineKind.ONLINE: N_("%(number)s 天"),
    LineKind.CASE: N_("%(number)s 件"),
    LineKind.ACTIVITY: N_("%(number)s 件次"),
    LineKind.PERFORMANCE: N_("%(number)s 分"),
}


def _missing(line: Any) -> str:
    """Word what a shortfall is reckoned on; its step says in which unit."""
    way = next((each["name"] for each in line.trace if each["name"] in _MISSING), "")
    if line.quantity in ("0", "") or line.quantity.startswith("0/"):
        return str(_("不缺"))
    return str(_(_MISSING[way], number=line.quantity)) if way else str(line.quantity)


_MISSING = {
    "per_visit": N_("缺 %(number)s 次"),
    "per_hour": N_("缺 %(number)s 小时"),
    "pro_rata": N_("缺 %(number)s 分钟"),
}


_NOTICES = {
    "no_sign_out": N_("%(days)s 没有签退，不计入到岗"),
    "unassigned": N_("%(days)s 值班的律师当天没有指派到本社区，不计入到岗"),
    "low_grade": N_("%(days)s 的值班证据等级低于方案要求，不计入到岗"),
    "short_day": N_("%(days)s 到岗不足最短时长，不计入到岗"),
    "overlap": N_("%(days)s 有值班时段重叠，重叠部分只计一次"),
    "manual": N_("%(days)s 的值班是补录的"),
    "not_confirmed": N_("%(days)s 的值班社区未予确认"),
}


def notice(document: Mapping[str, Any]) -> str:
    """Word one warning of a line. document: as stored."""
    code, given = document["code"], document["inputs"]
    if code in _NOTICES:
        return str(_(_NOTICES[code], days=days(given["days"])))
    if code == "lecture_capped":
        return str(
            _(
                "超过每季 %(cap)s 场的上限，%(times)s 场不计",
                cap=given["cap_a_quarter"],
                times=given["times"],
            )
        )
    if code == "case_refused":
        return str(
            _(
                "案件 %(number)s 不计：%(why)s",
                number=given["case_number"],
                why=in_language(REFUSALS[given["refusal"]]),
            )
        )
    return str(
        _(
            "案件 %(number)s 受年封顶限制，应得 %(full)s，只计 %(paid)s",
            number=given["case_number"],
            full=yuan(given["full_fen"]),
            paid=yuan(given["paid_fen"]),
        )
    )
