"""The sentences of leave: when it is, what is wrong with one."""

from datetime import date

from flask_babel import gettext as _

from counselhub.core.i18n import day as day_word
from counselhub.leave.rules import BACKWARDS, Absence, Fault


def when(absence: Absence) -> str:
    """Return `2026-10-08 周四 09:00–12:00`, or the days from first to last."""
    if absence.starts and absence.ends:
        hours = f"{absence.starts:%H:%M}–{absence.ends:%H:%M}"
        return f"{day_word(absence.first)} {hours}"
    if absence.first == absence.last:
        return str(_("%(day)s 全天", day=day_word(absence.first)))
    return f"{day_word(absence.first)} – {day_word(absence.last)}"


def sentence(fault: Fault, today: date) -> str:
    """Return what is wrong with an absence, and what to do."""
    words = {
        Fault.ORDER: _("最后一天不能早于第一天。"),
        Fault.HALF_TOLD: _("开始和结束时间要一起填；全天请假两处都留空。"),
        Fault.HOURS_OF_DAYS: _("按小时请假只限一天，请把日期填成同一天，或去掉时间。"),
        Fault.TIMES: _("结束时间要晚于开始时间。"),
        Fault.TOO_LONG: _("一次请假最长一年，请核对日期。"),
        Fault.LONG_AGO: _(
            "只能补办 %(day)s 以后的请假，更早的请在工作群里说明，由主任核对排班。",
            day=today - BACKWARDS,
        ),
        Fault.FAR_OFF: _("只能请一年以内的假，请核对日期。"),
    }
    return str(words[fault])
