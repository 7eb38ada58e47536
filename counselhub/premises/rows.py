"""The list that a bureau asks for (columns of its form), as rows of written words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from counselhub.premises.kinds import IssueKind
from counselhub.premises.models import PremisesIssue
from counselhub.premises.queries import standing_of

TITLE = "无办公场所整改情况表"
COLUMNS = (
    ("序号", 6),
    ("街道（镇）", 14),
    ("村（社区）", 16),
    ("问题", 12),
    ("原因", 30),
    ("责任单位", 20),
    ("责任人", 10),
    ("计划解决日期", 13),
    ("报告政府日期", 13),
    ("盖章说明", 13),
    ("进展", 34),
    ("销号日期", 13),
)
"""Title and breadth in characters of each column."""


class Line(NamedTuple):
    """One issue; days stay days, so that a spreadsheet can sort them."""

    number: int
    street: str
    community: str
    kind: str
    cause: str
    body: str
    person: str
    planned_on: date | None
    government_on: date | None
    letter: str
    progress: str
    solved_on: date | None


def lines(issues: Sequence[PremisesIssue], notes: Mapping[UUID, str], today: date) -> list[Line]:
    """Return the list's lines in the order of `issues`."""
    return [
        Line(
            number,
            issue.community.street.name,
            issue.community.short_name,
            IssueKind.of(issue.kind).word,
            issue.cause or "",
            issue.responsible_body or "",
            issue.responsible_person or "",
            issue.planned_on,
            issue.government_on,
            _letter(issue),
            _progress(issue, notes.get(issue.id, ""), today),
            issue.solved_on,
        )
        for number, issue in enumerate(issues, 1)
    ]


def _letter(issue: PremisesIssue) -> str:
    if issue.explained_on:
        return f"{issue.explained_on} 交回"
    return "" if issue.solved_on else f"未交（限{issue.letter_due_on}）"


def _progress(issue: PremisesIssue, note: str, today: date) -> str:
    parts = [standing_of(issue, today).word]
    if issue.replans:
        parts.append(f"改期{issue.replans}次")
    return "；".join([*parts, *filter(None, (issue.closing_words or note,))])
