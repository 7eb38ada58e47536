"""Sessions as the list shows them: minutes, and why one may count for nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.history import Event
from counselhub.core.i18n import clauses, listed
from counselhub.core.labels import N_
from counselhub.duty import rules, session_queries
from counselhub.duty.kinds import CorrectionReason, DutySource, SessionStatus
from counselhub.duty.models import DutySession

ACTS = {
    "sign_in": N_("签到"),
    "sign_out": N_("签退"),
    "leave_untold": N_("没有签退，不再追问"),
    "void": N_("作废"),
    "add": N_("补录"),
    "correct": N_("更正"),
    "merge": N_("按后到的打卡合并"),
    "ask_again": N_("签退不成立，请补填"),
    "photo_add": N_("添加照片"),
    "photo_remove": N_("删除照片"),
    "community_confirm": N_("社区确认属实"),
    "community_dispute": N_("社区认为与实际不符"),
    "confirmation_lost": N_("改动后社区确认失效"),
    "dispute_settle": N_("处理社区意见"),
}
PUNCH_ACTS = {"keep": N_("收到未计入的打卡")}
TONES = {"sign_out": "success", "leave_untold": "warning", "void": "danger", "correct": "info"} | {
    "community_confirm": "success",
    "community_dispute": "danger",
    "confirmation_lost": "warning",
}
COLUMN_WORDS = {
    "day": N_("日期"),
    "remark": N_("备注"),
    "adviser_id": N_("值班律师"),
    "community_code": N_("社区"),
    "signed_in_at": N_("签到"),
    "signed_out_at": N_("签退"),
    "substitute_for_id": N_("替班对象"),
    "community_confirmed": N_("社区确认"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One session of the list; minutes None while there is no sign-out."""

    session: DutySession
    status: SessionStatus
    source: DutySource
    minutes: int | None
    doubts: Sequence[rules.Doubt]
    shortest_minutes: int


def minutes_of(session: DutySession) -> int | None:
    """Return the whole minutes between sign-in and sign-out, None without a sign-out."""
    if session.signed_out_at is None:
        return None
    return int((session.signed_out_at - session.signed_in_at).total_seconds()) // 60


def lines(rows: Sequence[Any]) -> list[Line]:
    """Return the page's (session, is_assigned, shortest) as lines, with one statement more."""
    days: defaultdict[tuple[str, date], list[rules.Stay]] = defaultdict(list)
    for code, day, begin, end, is_assigned in session_queries.days_of([row[0] for row in rows]):
        days[code, day].append(_stay(begin, end, is_assigned))
    return [
        _line(session, is_assigned, shortest, days[session.community_code, session.day])
        for session, is_assigned, shortest in rows
    ]


def _line(
    session: DutySession, is_assigned: bool, shortest: int, day: Sequence[rules.Stay]
) -> Line:
    status = SessionStatus(session.status)
    own = _stay(session.signed_in_at, session.signed_out_at, is_assigned)
    doubts = rules.doubts(own, day, shortest) if status is SessionStatus.CLOSED else []
    return Line(session, status, DutySource(session.source), minutes_of(session), doubts, shortest)


def _stay(begin: datetime, end: datetime | None, is_assigned: bool) -> rules.Stay:
    return rules.Stay(_minute(begin), _minute(end) if end else None, is_assigned)


def _minute(moment: datetime) -> int:
    local = clock.local(moment)
    return local.hour * 60 + local.minute


def acts(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return the acts on a session for the macro `timeline`, newest first."""
    return [
        {
            "at": event.at,
            "who": event.who,
            "what": _(ACTS[event.act]) if event.act in ACTS else event.act,
            "tone": TONES.get(event.act, "neutral"),
            "note": _note(event),
        }
        for event in reversed(list(events))
    ]


def _note(event: Event) -> str | None:
    if (reason := event.detail.get("reason")) and event.act == "void":
        return str(reason)
    why = [CorrectionReason(reason).label] if reason in list(CorrectionReason) else []
    changed = [
        _(COLUMN_WORDS[name]) for name in event.detail.get("before", {}) if name in COLUMN_WORDS
    ]
    what = [_("改动：%(what)s", what=listed(changed))] if changed else []
    return clauses([*why, *what]) or None
