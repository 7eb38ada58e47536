"""Sentences about rule packs: faults, terms as they are compared, who owns one."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from counselhub.core.i18n import listed
from counselhub.core.labels import N_
from counselhub.core.money import format_yuan
from counselhub.packs.models import SchemePack
from counselhub.schemes.forms import plain
from counselhub.schemes.kinds import (
    AllotmentFactor,
    AssessedGrade,
    DeductionMode,
    LowestGrade,
    SettlementCycle,
)
from counselhub.schemes.rules import Terms
from counselhub.services.kinds import ServiceKind

FAULTS = {
    "class": N_("有社区归入的类别没有写年度标准。"),
    "weights": N_("各因素的比重合计应为百分之百。"),
    "factor_total": N_("有比重的因素，全部社区的合计不能是 0。"),
    "floor": N_("最低分不能高于 0。"),
    "twice": N_("讲座另按讲座补贴计算；已有以案定补标准的，参与调解不再列入活动补贴。"),
    "percent": N_("应在 0 到 100 之间。"),
    "negative": N_("不能是负数。"),
    "deduction_rate": N_("按次、按小时扣减需要填写每次或每小时扣多少元。"),
    "deduction_base": N_("这种扣减方式需要填写应到次数或应服务时长。"),
    "shares": N_("三级分担合计应为百分之百。"),
}
IN_TABLE = {
    "cells": N_("第 %(number)s 行的列数不对。"),
    "community": N_("第 %(number)s 行的社区没有找到，或者重名，请改用社区代码。"),
    "kind": N_("第 %(number)s 行的服务类别没有找到。"),
    "number": N_("第 %(number)s 行应填 0 或更大的整数。"),
    "amount": N_("第 %(number)s 行的金额不对，请填写元，最多两位小数。"),
    "level": N_("第 %(number)s 行的难易等级应为 简易、普通、重大 或 特别重大。"),
    "agreement": N_("第 %(number)s 行的协议形式应为 口头 或 书面。"),
    "line": N_("第 %(number)s 行的项目没有找到，请用结算单上的名称，例如 基础补贴、合计。"),
    "day": N_("第 %(number)s 行的日期请写成 2026-10-12 这样。"),
    "again": N_("第 %(number)s 行与前面重复。"),
}


def fault(code: str) -> str:
    """Word what keeps a version from being computed."""
    return str(_(FAULTS[code]))


def fault_in_table(number: int, code: str) -> str:
    """Word what is wrong in a line of a pasted table."""
    return str(_(IN_TABLE[code], number=number))


def class_unknown(name: str) -> str:
    """Word that a community's class has no amount."""
    return str(_("类别“%(name)s”没有写年度标准，请先在上面写明。", name=name))


def owner(pack: SchemePack) -> str:
    """Name whose pack it is."""
    if pack.street is not None:
        return str(_("%(name)s司法所", name=pack.street.name))
    return str(_("%(name)s司法局", name=pack.district.name))


def told(terms: Terms, document: Mapping[str, Any]) -> dict[str, str]:
    """Return every term that a version knows, in words, by its name: what is compared."""
    return {
        name: words
        for name, words in (*_usual(terms), *_of_pack(document))
        if words not in ("", "—")
    }


def _fen(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)


def _number(number: Any) -> str:
    return "" if number is None else f"{plain(number) if hasattr(number, 'quantize') else number}"


def _usual(terms: Terms) -> list[tuple[str, str]]:
    shares = (terms.city_percent, terms.district_percent, terms.street_percent)
    grade = terms.lowest_grade
    return [
        (_("年度标准（元）"), _fen(terms.annual_fen)),
        (_("结算周期"), SettlementCycle(terms.cycle).label),
        (_("考核预留（百分比）"), _number(terms.withhold_percent)),
        (_("应服务时长（小时 / 月）"), _number(terms.required_hours)),
        (_("应到次数（次 / 月）"), _number(terms.required_visits)),
        (_("有效到岗最短（分钟）"), _number(terms.shortest_visit_minutes)),
        (_("最低证据等级"), LowestGrade(grade).label if grade else ""),
        (_("扣减方式"), DeductionMode(terms.deduction_mode).label),
        (_("扣减标准（元）"), _fen(terms.deduction_fen)),
        (_("讲座（元 / 场）"), _fen(terms.lecture_fen)),
        (_("讲座每季封顶（场）"), _number(terms.lecture_quarter_cap)),
        (_("线上值守（元 / 日）"), _fen(terms.online_day_fen)),
        (_("简易案件（元）"), _fen(terms.case_simple_fen)),
        (_("普通案件（元）"), _fen(terms.case_ordinary_fen)),
        (_("重大案件（元）"), _fen(terms.case_major_fen)),
        (_("特别重大案件（元）"), _fen(terms.case_extraordinary_fen)),
        (_("口头协议比例（百分比）"), _number(terms.oral_percent)),
        (_("以案定补年封顶（元）"), _fen(terms.case_year_cap_fen)),
        (
            _("市级 / 区级 / 街道（百分比）"),
            _("全部由街道承担")
            if not any(shares)
            else " / ".join(_number(share or 0) for share in shares),
        ),
    ]


def _of_pack(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    factors = document.get("factors") or {}
    return [
        *(
            (
                _("%(name)s社区（元 / 年）", name=one["name"]),
                _(
                    "%(fen)s，%(count)s 个",
                    fen=_fen(one["annual_fen"]),
                    count=len(one["communities"]),
                ),
            )
            for one in document.get("classes", ())
        ),
        (_("按因素分配的预算（元）"), _fen(factors.get("budget_fen"))),
        (_("因素比重"), _weights(factors.get("weights", {}))),
        (_("到岗补贴（元 / 次）"), _fen(document.get("visit_fen"))),
        (_("到岗每月最多（次）"), _number(document.get("visit_cap"))),
        (_("到岗补贴（元 / 小时）"), _fen(document.get("hour_fen"))),
        (_("到岗每月最多（小时）"), _number(document.get("hour_cap"))),
        *(
            (_("%(kind)s（元 / 件次）", kind=ServiceKind(kind).label), _activity(fen, cap))
            for kind, fen, cap in document.get("activities", ())
        ),
        (_("绩效（元 / 分）"), _fen(document.get("point_fen"))),
        (_("绩效最高（分）"), _number(document.get("point_cap"))),
        (_("绩效最低（分）"), _number(document.get("point_floor"))),
        (_("预留返还"), _grades(document.get("release", {}))),
        (_("考核扣减"), _grades(document.get("grade_deductions", {}))),
    ]


def _weights(weights: Mapping[str, str]) -> str:
    return listed(f"{one.label} {weights[one]}%" for one in AllotmentFactor if one in weights)


def _grades(percents: Mapping[str, str]) -> str:
    return listed(f"{one.label} {percents[one]}%" for one in AssessedGrade if one in percents)


def _activity(fen: int, cap: int | None) -> str:
    if cap is None:
        return format_yuan(fen)
    return str(_("%(fen)s，每月最多 %(cap)s 件次", fen=format_yuan(fen), cap=cap))
