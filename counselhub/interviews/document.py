"""An interview as an A4 page in Chinese, typeset by typst: data stays data, never markup."""

from datetime import date, datetime
from pathlib import Path

from counselhub.core import clock, typesetting
from counselhub.interviews.kinds import InterviewReason, InterviewStatus
from counselhub.interviews.models import Interview

TEMPLATE = Path(__file__).parent / "interview.typ"


def pdf(row: Interview) -> bytes:
    """Return the PDF; the same interview gives the same bytes. Raises TypesettingError."""
    return typesetting.pdf(TEMPLATE, document_of(row), int(row.made_at.timestamp()))


def document_of(row: Interview) -> dict[str, object]:
    """Return what the page says, every value already written."""
    return {
        "title": "约谈记录",
        "mark": "草稿" if row.status == InterviewStatus.DRAFT else _mark(row),
        "facts": [
            ["约谈单位", f"{row.street.name}司法所"],
            ["被约谈单位", row.firm.name if row.firm else ""],
            ["社区", row.community.name if row.community else "—"],
            ["律师", row.adviser.name if row.adviser else "—"],
            ["约谈日期", _day(row.held_on)],
            ["涉及月份", f"{row.month.year}年{row.month.month}月" if row.month else "—"],
            ["参加人员", row.present],
            ["约谈原因", InterviewReason.of(row.reason).word],
        ],
        "parts": [
            ["约谈情况", row.words],
            ["约定的整改事项", row.agreed],
            ["整改期限", _day(row.due_on)],
            ["律所意见", row.answer or ""],
            ["办结情况", row.closing_words or ""],
        ],
        "signatures": [
            ["司法所", _signed(row.published_by_name, row.published_at)],
            ["律师事务所", _signed(row.acknowledged_by_name, row.acknowledged_at)],
            ["被约谈人", ""],
        ],
    }


def _mark(row: Interview) -> str:
    return "已撤销" if row.status == InterviewStatus.WITHDRAWN else ""


def _signed(name: str | None, at: datetime | None) -> str:
    return f"{name}\n{_day(clock.local(at).date())}" if name and at else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
