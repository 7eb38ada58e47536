"""Papers of premises on A4, set by typst: the letter to be stamped, the list for a bureau."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from counselhub.core import clock
from counselhub.premises.kinds import IssueKind
from counselhub.premises.models import PremisesIssue
from counselhub.premises.rows import COLUMNS, TITLE, Line
from counselhub.statements.documents.typesetting import typeset

HERE = Path(__file__).parent


def letter(issue: PremisesIssue) -> bytes:
    """Return the explanation to be stamped, A4; blanks stay to be filled by hand.

    The same issue gives the same bytes on one day. Raises TypesettingError.
    """
    street, community = issue.community.street, issue.community
    data = {
        "title": f"关于{community.short_name}{IssueKind.of(issue.kind).word}的情况说明",
        "to": f"{street.name}司法所：",
        "facts": [
            ["村（社区）", community.name],
            ["存在问题", IssueKind.of(issue.kind).word],
            ["登记日期", _day(issue.reported_on)],
            ["现场情况", issue.words or ""],
            ["原因", issue.cause or ""],
            ["责任单位", issue.responsible_body or ""],
            ["责任人", issue.responsible_person or ""],
            ["计划解决日期", _day(issue.planned_on)],
            ["报告政府日期", _day(issue.government_on)],
        ],
        "note": f"请于{_day(issue.letter_due_on)}前盖章交回。",
    }
    return typeset(
        HERE / "letter.typ", data, clock.instant(issue.letter_due_on, datetime.min.time())
    )


def table(found: Sequence[Line], scope: str, today: date) -> bytes:
    """Return the list for a bureau, A4 across. scope: what was asked for, in words."""
    data = {
        "title": TITLE,
        "scope": f"{scope}　制表日期：{_day(today)}　共{len(found)}项",
        "columns": [title for title, _width in COLUMNS],
        "widths": [width for _title, width in COLUMNS],
        "rows": [[_cell(value) for value in line] for line in found],
    }
    return typeset(HERE / "list.typ", data, clock.instant(today, datetime.min.time()))


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　年　　月　　日"
