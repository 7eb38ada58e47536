"""From lines to the rows of the form: one row a community and contract (domain form 补贴结算单).

Every figure is a line's amount or stands in a line's trace, so the rows sum to the total.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counselhub.core.money import format_yuan
from counselhub.statements import wording
from counselhub.statements.lines import LineKind
from counselhub.statements.models import StatementLine
from counselhub.statements.states import LineReview
from counselhub.statements.wording import KIND_WORDS

AMOUNTS: Mapping[str, str] = {
    LineKind.BASE: "base_fen",
    LineKind.SHORTFALL: "shortfall_fen",
    LineKind.GRADE: "shortfall_fen",
    LineKind.CASE: "case_fen",
    LineKind.ATTENDANCE: "award_fen",
    LineKind.LECTURE: "award_fen",
    LineKind.ONLINE: "award_fen",
    LineKind.ACTIVITY: "award_fen",
    LineKind.PERFORMANCE: "award_fen",
    LineKind.WITHHOLD: "withhold_fen",
    LineKind.RELEASE: "withhold_fen",
    LineKind.ADJUSTMENT: "adjustment_fen",
}
"""Where each kind of line stands; 奖励 is all that is paid beside base and cases, named in 备注.

考核预留 is also its release, 扣减 also what a grade takes back.
"""


@dataclass(slots=True)
class Row:
    """One row; an amount is None where no line of its kind exists. minutes and counts likewise."""

    community: str
    adviser: str
    contract: str
    annual_fen: int | None = None
    required_minutes: int | None = None
    present_minutes: int | None = None
    missing_visits: int | None = None
    lectures: int | None = None
    base_fen: int | None = None
    shortfall_fen: int | None = None
    case_fen: int | None = None
    award_fen: int | None = None
    withhold_fen: int | None = None
    adjustment_fen: int | None = None
    total_fen: int = 0
    grounds: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def rows_of(lines: Iterable[StatementLine], advisers: Mapping[str, str]) -> list[Row]:
    """Return the rows of lines in printing order. advisers: a community's code to who leads it."""
    rows: dict[tuple[str, str], Row] = {}
    for line in lines:
        key = (line.community_code or "", line.contract_number)
        if key not in rows:
            name = line.community.short_name if line.community else "上期结转"
            adviser = advisers.get(line.community_code or "", "")
            rows[key] = Row(name, adviser, line.contract_number)
        _add(rows[key], line)
    return list(rows.values())


def _add(row: Row, line: StatementLine) -> None:
    column = AMOUNTS[line.kind]
    setattr(row, column, (getattr(row, column) or 0) + line.amount_fen)
    row.total_fen += line.amount_fen
    if line.held_fen:
        row.remarks.append(_held(line))
    steps = {step["name"]: step["inputs"] for step in line.trace}
    match line.kind:
        case LineKind.BASE:
            row.annual_fen = steps.get("full_base", {}).get("annual_fen")
        case LineKind.SHORTFALL:
            _add_shortfall(row, line, steps)
        case LineKind.LECTURE:
            row.lectures = (row.lectures or 0) + int(line.quantity)
        case LineKind.ATTENDANCE | LineKind.ACTIVITY | LineKind.PERFORMANCE:
            word = wording.KIND_WORDS[LineKind(line.kind)]
            row.remarks.append(f"{word}{format_yuan(line.amount_fen)}")
        case LineKind.RELEASE | LineKind.GRADE | LineKind.ADJUSTMENT:
            row.remarks.append(_remark(line, steps))


def _add_shortfall(row: Row, line: StatementLine, steps: Mapping[str, Any]) -> None:
    """Add a month's required and real presence (M3, M4), and why it costs what it costs (M5)."""
    owed, present = steps.get("required", {}), steps.get("presence", {})
    row.required_minutes = (row.required_minutes or 0) + int(owed.get("minutes") or 0)
    row.present_minutes = (row.present_minutes or 0) + int(present.get("minutes") or 0)
    missing = max(0, int(owed.get("visits") or 0) - int(present.get("visits") or 0))
    row.missing_visits = (row.missing_visits or 0) + missing
    if line.amount_fen:
        row.grounds.append(_ground(steps))


def _ground(steps: Mapping[str, Any]) -> str:
    """Write the grounds of a deduction shortly."""
    if way := steps.get("per_hour"):
        hours, rate = way["started_hours"], format_yuan(way["rate_fen"])
        return f"缺{hours}小时×{rate}"
    if way := steps.get("per_visit"):
        visits, rate = way["missing_visits"], format_yuan(way["rate_fen"])
        return f"缺{visits}次×{rate}"
    way = steps.get("pro_rata", {})
    missing, owed = way.get("missing_minutes"), way.get("required_minutes")
    return f"缺{missing}/{owed}分钟"


def _remark(line: StatementLine, steps: Mapping[str, Any]) -> str:
    """Say which year is released, or which month is adjusted and why."""
    if line.kind == LineKind.RELEASE:
        return f"发放{line.quantity.replace(' ', '、')}年考核预留"
    if line.kind == LineKind.GRADE:
        return f"{line.quantity.replace(' ', '、')}年考核扣减"
    reason = steps.get("adjusted", {}).get("reason") or "结转未付差额"
    return f"{line.month:%Y-%m}：{reason}"


def _held(line: StatementLine) -> str:
    """Say what of a line is not paid here, and what becomes of it."""
    fate = "不予支付" if line.review == LineReview.REFUSED else "结转下期"
    return f"{KIND_WORDS[LineKind(line.kind)]}{format_yuan(line.held_fen)}元{fate}"


def total_of(rows: Sequence[Row], column: str) -> int | None:
    """Sum a column over the rows, None when it is blank everywhere."""
    values = [getattr(row, column) for row in rows if getattr(row, column) is not None]
    return sum(values) if values else None
