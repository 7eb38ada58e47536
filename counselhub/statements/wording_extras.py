"""Chinese for the steps beside the base: lectures, online days, cases, corrections."""

from flask_babel import gettext as _

from counselhub.core.i18n import clauses, listed, titled
from counselhub.statements.wording_parts import REFUSALS, Inputs, Worded, days, in_language, yuan


def lectures(given: Inputs) -> Worded:
    cap = given["cap_a_quarter"]
    limit = _("不封顶") if cap is None else _("每社区每季最多 %(cap)s 场", cap=cap)
    each = listed(
        _(
            "%(day)s 讲 %(times)s 场计 %(paid)s 场",
            day=lecture["day"][5:],
            times=lecture["times"],
            paid=lecture["paid"],
        )
        for lecture in given["lectures"]
    )
    times = sum(lecture["paid"] for lecture in given["lectures"])
    return Worded(
        _("法治讲座"),
        _(
            "%(each)s（%(limit)s）；%(times)s 场 × %(rate)s 元",
            each=each,
            limit=limit,
            times=times,
            rate=yuan(given["rate_fen"]),
        ),
        yuan(times * (given["rate_fen"] or 0)),
    )


def covered_days(given: Inputs) -> Worded:
    count = len(given["days"])
    which = _("（%(days)s）", days=days(given["days"])) if given["days"] else ""
    return Worded(
        _("线上值守"),
        _(
            "24 小时不间断值守 %(count)s 天%(which)s × %(rate)s 元",
            count=count,
            which=which,
            rate=yuan(given["rate_fen"]),
        ),
        yuan(count * given["rate_fen"]),
    )


def claim(given: Inputs) -> Worded:
    """A mediated case: why it counts for nothing, or its class, form and what the cap left (M8)."""
    what = _("案件 %(number)s", number=given["case_number"])
    closed = _("%(day)s 结案", day=given["closed_on"])
    difficulty = in_language(given["difficulty"])
    if given["refusal"]:
        why = _("不计：%(why)s", why=in_language(REFUSALS[given["refusal"]]))
        return Worded(what, clauses((closed, difficulty, why)), yuan(0))
    parts = [closed, _("%(level)s %(fen)s 元", level=difficulty, fen=yuan(given["class_fen"]))]
    if given["oral_percent"] is not None:
        parts.append(_("口头协议按 %(percent)s%%", percent=given["oral_percent"]))
    if given["room_fen"] is not None:
        cap, room = yuan(given["cap_a_year_fen"]), yuan(given["room_fen"])
        parts.append(_("年封顶 %(cap)s 元，此前还余 %(room)s 元", cap=cap, room=room))
    return Worded(what, clauses(parts), yuan(given["paid_fen"]))


def released(given: Inputs) -> Worded:
    return Worded(
        _("预留返还"),
        _(
            "%(year)s 年预留 %(withheld)s，考核“%(grade)s”返还 %(percent)s%%",
            year=given["year"],
            withheld=yuan(given["withheld_fen"]),
            grade=in_language(given["grade"]),
            percent=given["percent"] or 0,
        ),
        yuan(given["released_fen"]),
    )


def deducted(given: Inputs) -> Worded:
    """What the year's grade takes off its base (M9)."""
    return Worded(
        _("考核扣减"),
        _(
            "%(year)s 年基础补贴 %(base)s，考核“%(grade)s”扣减 %(percent)s%%",
            year=given["year"],
            base=yuan(given["base_fen"]),
            grade=in_language(given["grade"]),
            percent=given["percent"],
        ),
        yuan(-given["deducted_fen"]),
    )


def adjusted(given: Inputs) -> Worded:
    """A difference to an earlier month: since 2026-11 with its cause (M10)."""
    what = _("更正 %(month)s", month=given["month"])
    reason = given["reason"]
    if given.get("cause"):
        reason = titled(in_language(given["cause"]), reason)
    return Worded(what, reason, yuan(given["amount_fen"]))


def carried(given: Inputs) -> Worded:
    return Worded(
        _("上期结转"),
        _("%(month)s 的结算单合计为负，按 0 支付，差额转入本期", month=given["month"]),
        yuan(given["amount_fen"]),
    )


def withdrawn(_given: Inputs) -> Worded:
    return Worded(_("本项不再计算"), _("提交后记录有更正，已没有可计算的记录"), yuan(0))
