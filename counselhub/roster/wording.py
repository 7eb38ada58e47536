"""The sentences of planned duty: what a term means, why a quota has no slot."""

from collections.abc import Mapping

from flask_babel import gettext as _

from counselhub.core.i18n import clauses, listed, page_text
from counselhub.core.labels import N_
from counselhub.roster.facts import Why
from counselhub.roster.kinds import WEEKDAYS, OnHoliday, TermKind
from counselhub.roster.models import DutyTerm

WHY: Mapping[Why, str] = {
    Why.SKIPPED: N_("放假，按约定不补"),
    Why.NO_WORKDAY: N_("合同期内没有可排的工作日"),
    Why.PAST: N_("日子已过，不补排"),
    Why.NO_ADVISER: N_("那几天没有指派律师"),
    Why.AWAY: N_("律师那天不能值班"),
    Why.BUSY: N_("律师那几天在别处值班，时间或路程冲突"),
    Why.TWICE: N_("能排的日子都已有同一约定的班次"),
}
BENIGN = frozenset({Why.SKIPPED, Why.PAST})
"""Reasons that nobody has to do anything about."""


def weekday_word(weekday: int) -> str:
    """Return 周一 for 0."""
    return page_text(WEEKDAYS[weekday])


def sentence(term: DutyTerm) -> str:
    """Return what a term asks for, as a contract would put it."""
    hours = f"{term.starts:%H:%M}–{term.ends:%H:%M}"
    parts = [_("%(when)s %(hours)s", when=_when(term), hours=hours)]
    if term.kind in (TermKind.WEEKLY, TermKind.NTH):
        parts.append(OnHoliday(term.on_holiday).label)
    elif term.weekday is not None:
        parts.append(_("尽量排在%(day)s", day=weekday_word(term.weekday)))
    return clauses(parts)


def _when(term: DutyTerm) -> str:
    match term.kind:
        case TermKind.WEEKLY:
            return str(_("每周的%(day)s", day=weekday_word(term.weekday or 0)))
        case TermKind.NTH:
            weeks = listed(term.weeks)
            return str(
                _("每月第 %(weeks)s 个%(day)s", weeks=weeks, day=weekday_word(term.weekday or 0))
            )
        case TermKind.HOURS:
            return str(_("每月共 %(hours)d 小时，每次", hours=term.required_hours))
        case _:
            return str(_("每月 %(days)d 天，每天", days=term.required_days))
