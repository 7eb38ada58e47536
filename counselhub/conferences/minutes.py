"""What the minutes of a conference say, every value already written: PDF and Word print it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from counselhub.conferences import queries
from counselhub.conferences.kinds import ConferenceMode, Presence
from counselhub.conferences.models import Conference, ConferenceSeat, ConferenceTask
from counselhub.core import clock
from counselhub.core.members import Member

TITLE = "社区法律顾问团队会商纪要"
NONE = "无"


def content_of(conference: Conference, by: Member) -> dict[str, Any]:
    """Return the document of a conference as it stands now; three statements.

    Lists keep their order. Texts may hold line breaks and stay text.
    """
    seats = queries.seats(conference.id)
    came = [seat for seat in seats if seat.presence == Presence.CAME]
    return {
        "title": TITLE,
        "firm": by.title,
        "facts": _facts(conference, came),
        "absent": [f"{one.adviser.name}：{one.reason}" for one in seats if one not in came],
        "agenda": list(conference.agenda),
        "disputes": list(conference.disputes),
        "opinions": [[one.adviser.name, one.opinion] for one in seats if one.opinion],
        "summary": conference.summary or NONE,
        "conclusion": conference.conclusion,
        "tasks": _tasks(queries.tasks(conference.id)),
        "signers": [one.adviser.name for one in came],
        "chair": conference.chair.name,
    }


def _facts(conference: Conference, came: Sequence[ConferenceSeat]) -> list[list[str]]:
    referral = conference.referral
    told = conference.feedback_on
    return [
        ["议题", conference.title],
        ["社区", conference.community.name],
        [
            "来源",
            f"服务记录 {conference.service.number}"
            + (f"，转介 {referral.number}" if referral else ""),
        ],
        ["时间", f"{day(conference.day)} {conference.starts:%H:%M}—{conference.ends:%H:%M}"],
        ["方式", f"{ConferenceMode.of(conference.mode).word}，{conference.place}"],
        ["主持", conference.chair.name],
        ["参加律师", "、".join(one.adviser.name for one in came)],
        ["列席", conference.guests or NONE],
        ["反馈社区日期", day(told) if told else "待反馈"],
    ]


def _tasks(rows: Sequence[ConferenceTask]) -> list[list[str]]:
    return [[one.words, one.owner.name, day(one.due_on)] for one in rows]


def day(value: date) -> str:
    """Return a day as documents write it: 2026年10月8日."""
    return f"{value.year}年{value.month}月{value.day}日"


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the content as canonical JSON, in hex."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def foot_of(version: int, reason: str, made: Any, digest: str) -> dict[str, Any]:
    """Return what stands below every page: which version it is, of when, and its digest's head."""
    issued = f"第{version}版，{day(clock.local(made).date())}出具"
    return {
        "issued": f"{issued}（修订：{reason}）" if reason else issued,
        "digest": f"摘要 {digest[:16]}",
    }
