"""Chinese for the steps that rule packs add (M13 to M17)."""

from flask_babel import gettext as _

from counselhub.core.i18n import clauses, listed
from counselhub.core.i18n import minutes as in_hours
from counselhub.statements.wording_parts import Inputs, Worded, in_language, yuan


def by_class(given: Inputs) -> Worded:
    """The class of the community and its amount a year."""
    return Worded(
        _("社区类别"),
        _("本社区属于“%(name)s”", name=given["class"]),
        _("%(fen)s 元 / 年", fen=yuan(given["class_fen"])),
    )


def allotted(given: Inputs) -> Worded:
    """What the community has of each factor, and its part of the budget."""
    each = listed(
        _(
            "%(factor)s占 %(weight)s%%，本社区 %(own)s ÷ 全部 %(all)s",
            factor=in_language(one["factor"]),
            weight=one["weight"],
            own=one["own"],
            all=one["all"],
        )
        for one in given["factors"]
    )
    return Worded(
        _("按因素分配"),
        _("年度预算 %(budget)s 元：%(each)s", budget=yuan(given["budget_fen"]), each=each),
        _("%(fen)s 元 / 年", fen=yuan(given["amount_fen"])),
    )


def attendance(given: Inputs) -> Worded:
    """Paid visits and paid time, each at its rate and under its cap."""
    parts = []
    if given["visit_fen"]:
        paid = _("计 %(visits)s 次", visits=given["visits"])
        cap = given["visit_cap"]
        limit = "" if cap is None else _("（每月最多 %(cap)s 次）", cap=cap)
        rate = _("每次 %(rate)s 元", rate=yuan(given["visit_fen"]))
        parts.append(f"{paid}{limit} × {rate}")
    if given["hour_fen"]:
        paid = _("计 %(time)s", time=in_hours(given["minutes"]))
        cap = given["hour_cap"]
        limit = "" if cap is None else _("（每月最多 %(cap)s 小时）", cap=cap)
        rate = _("每小时 %(rate)s 元", rate=yuan(given["hour_fen"]))
        parts.append(f"{paid}{limit} × {rate}")
    total_fen = given["visits_fen"] + given["hours_fen"]
    return Worded(_("到岗补贴"), clauses(parts), yuan(total_fen))


def activity(given: Inputs) -> Worded:
    """One kind of service: what was done on which day, what of it is paid."""
    each = listed(
        _(
            "%(day)s 办 %(times)s 件次计 %(paid)s 件次",
            day=one["day"][5:],
            times=one["times"],
            paid=one["paid"],
        )
        for one in given["services"]
    )
    cap = given["cap"]
    limit = _("不封顶") if cap is None else _("每社区每月最多 %(cap)s 件次", cap=cap)
    return Worded(
        in_language(given["kind"]),
        _(
            "%(each)s（%(limit)s）；%(times)s 件次 × %(fee)s 元",
            each=each,
            limit=limit,
            times=given["times"],
            fee=yuan(given["fee_fen"]),
        ),
        yuan(given["amount_fen"]),
    )


def points(given: Inputs) -> Worded:
    """The office's marks, floor and cap, and what a point is worth."""
    each = listed(
        _("%(reason)s %(points)s 分", reason=one["reason"], points=f"{one['points']:+d}")
        for one in given["marks"]
    )
    cap = given["cap"]
    most = _("不封顶") if cap is None else _("最高 %(cap)s 分", cap=cap)
    least = _("最低 %(floor)s 分", floor=given["floor"])
    return Worded(
        _("绩效评分"),
        _(
            "%(each)s，合计 %(total)s 分（%(most)s，%(least)s），计 %(counted)s 分 × %(rate)s 元",
            each=each,
            total=given["total"],
            most=most,
            least=least,
            counted=given["counted"],
            rate=yuan(given["point_fen"]),
        ),
        yuan(given["amount_fen"]),
    )
