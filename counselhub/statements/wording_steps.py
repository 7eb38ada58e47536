"""Chinese for each step of a trace, with the figures that let one follow it with a pencil."""

from collections.abc import Callable
from fractions import Fraction

from flask_babel import gettext as _

from counselhub.core.i18n import listed
from counselhub.core.i18n import minutes as in_hours
from counselhub.statements import wording_extras as extras
from counselhub.statements import wording_packs as packs
from counselhub.statements.wording_parts import Inputs, Worded, in_language, yuan


def _period(given: Inputs) -> Worded:
    since = "" if given["effective_on"] <= "0001-01-01" else given["effective_on"]
    version = _("（%(since)s起的版本）", since=since) if since else ""
    return Worded(
        _("结算期间"),
        _(
            "补贴方案“%(scheme)s”%(version)s，按%(cycle)s结算，本期 %(first)s 至 %(last)s",
            scheme=given["scheme"],
            version=version,
            cycle=in_language(given["cycle"]),
            first=given["first"],
            last=given["last"],
        ),
    )


def _full_base(given: Inputs) -> Worded:
    whose = _("合同约定的年度金额") if given["is_of_contract"] else _("方案的年度标准")
    if "is_of_community" in given:
        whose = _("本社区的年度金额")
    return Worded(
        _("本期全额"),
        _(
            "%(whose)s %(annual)s 元，一年 %(per_year)s 期。"
            "到第 %(place)s 期累计 %(reached)s − 到上一期累计 %(before)s",
            whose=whose,
            annual=yuan(given["annual_fen"]),
            per_year=given["per_year"],
            place=given["place"],
            reached=yuan(given["reached_fen"]),
            before=yuan(given["before_fen"]),
        ),
        yuan(given["full_fen"]),
    )


def _active_part(given: Inputs) -> Worded:
    return Worded(
        _("按履行天数"),
        _(
            "%(full)s × 履行 %(active)s 天 ÷ 本期 %(days)s 天",
            full=yuan(given["full_fen"]),
            active=given["active_days"],
            days=given["days_in_period"],
        ),
        yuan(given["base_fen"]),
    )


def _withheld(given: Inputs) -> Worded:
    return Worded(
        _("考核预留"),
        _(
            "基础补贴 %(base)s × %(percent)s%%，年度考核后返还",
            base=yuan(given["base_fen"]),
            percent=given["percent"],
        ),
        yuan(-given["withheld_fen"]),
    )


def _presence(given: Inputs) -> Worded:
    each = listed(
        _("%(day)s %(minutes)s 分钟", day=day[5:], minutes=minutes)
        for day, minutes in given["days"]
    )
    least = _("每天到岗不足 %(minutes)s 分钟的不计", minutes=given["shortest_visit_minutes"])
    if "lowest_grade" in given:
        proven = _("证据等级低于 %(grade)s 的不计", grade=given["lowest_grade"])
        least = listed((least, proven))
    return Worded(
        _("实际到岗"),
        _("%(each)s（%(least)s）", each=each, least=least)
        if each
        else _("没有到岗（%(least)s）", least=least),
        _(
            "%(visits)s 次 %(time)s",
            visits=given["visits"],
            time=in_hours(given["minutes"]),
        ),
    )


def _required(given: Inputs) -> Worded:
    asked = []
    if given["minutes_a_month"] is not None:
        asked.append(_("每月 %(time)s", time=in_hours(int(Fraction(given["minutes_a_month"])))))
    if given["visits_a_month"] is not None:
        asked.append(_("每月 %(visits)s 次", visits=given["visits_a_month"]))
    return Worded(
        _("应到岗"),
        _(
            "%(asked)s，当月履行 %(active)s 天 ÷ %(days)s 天",
            asked=listed(asked) or _("方案没有要求"),
            active=given["active_days"],
            days=given["days_in_month"],
        ),
        _(
            "%(visits)s 次 %(time)s",
            visits=given["visits"],
            time=in_hours(given["minutes"]),
        ),
    )


def _per_visit(given: Inputs) -> Worded:
    return Worded(
        _("缺勤扣减"),
        _(
            "缺 %(missing)s 次 × %(rate)s 元",
            missing=given["missing_visits"],
            rate=yuan(given["rate_fen"]),
        ),
        yuan(-given["cost_fen"]),
    )


def _per_hour(given: Inputs) -> Worded:
    return Worded(
        _("时长不足扣减"),
        _(
            "缺 %(missing)s 分钟，不足一小时按一小时，计 %(hours)s 小时 × %(rate)s 元",
            missing=given["missing_minutes"],
            hours=given["started_hours"],
            rate=yuan(given["rate_fen"]),
        ),
        yuan(-given["cost_fen"]),
    )


def _pro_rata(given: Inputs) -> Worded:
    return Worded(
        _("按比例扣减"),
        _(
            "当月基础补贴 %(base)s × 缺 %(missing)s 分钟 ÷ 应服务 %(required)s 分钟",
            base=yuan(given["month_base_fen"]),
            missing=given["missing_minutes"],
            required=given["required_minutes"],
        ),
        yuan(-given["cost_fen"]),
    )


def _period_cap(given: Inputs) -> Worded:
    return Worded(
        _("扣减不超过本期基础补贴"),
        _(
            "本期基础补贴 %(base)s，扣到这里还余 %(left)s",
            base=yuan(given["base_fen"]),
            left=yuan(given["left_fen"]),
        ),
        yuan(-given["taken_fen"]),
    )


STEPS: dict[tuple[str, str], Callable[[Inputs], Worded]] = {
    ("M1", "period"): _period,
    ("M2", "full_base"): _full_base,
    ("M2", "active_part"): _active_part,
    ("M3", "presence"): _presence,
    ("M4", "required"): _required,
    ("M5", "per_visit"): _per_visit,
    ("M5", "per_hour"): _per_hour,
    ("M5", "pro_rata"): _pro_rata,
    ("M5", "period_cap"): _period_cap,
    ("M6", "lectures"): extras.lectures,
    ("M7", "covered_days"): extras.covered_days,
    ("M8", "claim"): extras.claim,
    ("M9", "withheld"): _withheld,
    ("M9", "released"): extras.released,
    ("M9", "deducted"): extras.deducted,
    ("M10", "adjusted"): extras.adjusted,
    ("M11", "carried"): extras.carried,
    ("M11", "withdrawn"): extras.withdrawn,
    ("M13", "class"): packs.by_class,
    ("M14", "allotted"): packs.allotted,
    ("M15", "attendance"): packs.attendance,
    ("M16", "activity"): packs.activity,
    ("M17", "points"): packs.points,
}
