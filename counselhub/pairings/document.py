"""A year's record of a pairing as A4 in Chinese, typeset by typst: data stays data."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from counselhub.core import clock
from counselhub.core.typesetting import typeset_with
from counselhub.pairings.kinds import PairingStatus, Topic
from counselhub.pairings.models import Pairing
from counselhub.pairings.rules import PlanState
from counselhub.pairings.work_queries import Done, Line, Lists, Year, lists_of, thumbs_of

TEMPLATE = Path(__file__).parent / "record.typ"
STATES = {
    PlanState.DONE: "已完成",
    PlanState.LATE: "逾期未办",
    PlanState.DUE: "本月应办",
    PlanState.COMING: "未到期",
}
LONG = 800
"""Characters of a summary that may break over pages; a shorter one stays in one piece."""


def pdf(pairing: Pairing, year: Year, made_at: datetime) -> bytes:
    """Return the PDF of a year; the same year gives the same bytes. Raises TypesettingError."""
    pictures = thumbs_of(year.done)
    data = document_of(pairing, year, lists_of(pairing), set(pictures), made_at)
    files = {f"{photo}.jpg": content for photo, content in pictures.items()}
    return typeset_with(files, TEMPLATE, data, made_at)


def document_of(
    pairing: Pairing, year: Year, lists: Lists, pictures: set[UUID], made_at: datetime
) -> dict[str, object]:
    """Return what the record says, every value already written. pictures: those there are."""
    return {
        "title": f"{year.year}年度党建结对共建工作记录",
        "place": f"{pairing.street.name}{pairing.community.short_name}",
        "facts": _facts(pairing),
        "sums": _sums(year),
        "plan": [_planned(one) for one in year.plan],
        "projects": [
            [
                one.title,
                lists.titles[one.need_id],
                lists.titles[one.resource_id],
                PROJECTS[one.status],
                one.outcome or "",
            ]
            for one in lists.projects
        ],
        "activities": [_activity(one, pictures) for one in year.done],
        "parties": [pairing.party_a, pairing.party_b],
        "made": f"{_day(clock.local(made_at).date())}由 CounselHub 生成",
    }


PROJECTS = {"running": "进行中", "done": "已完成", "dropped": "已取消"}


def _sums(year: Year) -> list[list[str]]:
    progress = year.progress
    share = f"（{progress.percent}%）" if progress.percent is not None else ""
    return [
        ["计划活动", f"{progress.planned} 项"],
        ["完成", f"{progress.done} 项{share}"],
        ["逾期", f"{progress.late} 项"],
        ["开展活动", f"{progress.held} 次"],
        [
            "计划 / 实际时长",
            f"{_hours(progress.planned_minutes)} / {_hours(progress.held_minutes)} 小时",
        ],
        ["参加", f"{sum(one.row.present for one in year.done)} 人次"],
    ]


def _facts(pairing: Pairing) -> list[list[str]]:
    topics = "、".join(Topic.of(one).word for one in pairing.topics if one in list(Topic))
    last = _day(pairing.valid_until) if pairing.valid_until else "长期"
    signed = _day(pairing.signed_on) if pairing.signed_on else "未签订"
    facts = [
        ["甲方党组织", pairing.party_a],
        ["乙方党组织", pairing.party_b],
        ["律师事务所", pairing.firm.name if pairing.firm else ""],
        ["签订日期", signed],
        ["有效期至", last],
        ["状态", PairingStatus.of(pairing.status).word],
        ["共建内容", "；".join(filter(None, (topics, pairing.content))) or "—"],
        ["共建原则", pairing.principles or "—"],
    ]
    if pairing.ended_on:
        facts.append(["结束", f"{_day(pairing.ended_on)}，{pairing.end_reason or ''}"])
    return facts


def _planned(line: Line) -> Sequence[str]:
    held = "；".join(f"{one.row.day:%m-%d} {one.row.theme}" for one in line.held)
    hours = f"{_hours(line.row.minutes)}" if line.row.minutes else "—"
    return [f"{line.row.month}月", line.row.theme, hours, STATES[line.state], held]


def _activity(done: Done, pictures: set[UUID]) -> dict[str, object]:
    row = done.row
    people = (
        f"律所党组织 {row.firm_count} 人、社区党组织 {row.community_count} 人、"
        f"群众 {row.residents_count} 人，共 {row.present} 人"
    )
    return {
        "title": f"{_day(row.day)}　{row.theme}",
        "facts": [
            ["地点", row.place],
            ["时长", f"{_hours(row.minutes)} 小时"],
            ["参加", people],
            ["参加律师", "、".join(done.advisers) or "—"],
            ["小结", row.summary],
        ],
        "is_long": len(row.summary) > LONG,
        "photos": [f"{one}.jpg" for one in done.photos if one in pictures],
    }


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
