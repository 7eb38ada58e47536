"""The pack and the notice to the community on A4, set by typst."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from counselhub.assignments.kinds import AssignmentRole, EndCause
from counselhub.core import clock
from counselhub.core.typesetting import typeset
from counselhub.handovers.kinds import TOLD, LineKind
from counselhub.handovers.models import HandoverLine, HandoverPack

HERE = Path(__file__).parent
ARRANGED = "因本所工作安排调整"


def notice(pack: HandoverPack, firm: str) -> dict[str, Any]:
    """Return the notice to the community, part by part; it names no cause that harms somebody."""
    told = TOLD.get(EndCause.of(pack.cause), ARRANGED)
    giver, taker = pack.giver.name, pack.taker
    role = AssignmentRole.of(pack.role).word
    return {
        "title": "关于更换法律顾问的告知函",
        "to": f"{pack.community.name}：",
        "paragraphs": [
            f"{told}，自{day(pack.starts_on)}起，贵社区的法律顾问（{role}）由{giver}"
            f"更换为{taker.name}（执业证号{taker.licence_number}）。",
            f"此前由{giver}经办、尚未办结的事项，均由{taker.name}接续办理，不影响贵社区和居民。",
            "请贵社区协助更新公示栏和工作群中的法律顾问信息。此前的值班安排如有变化，本所另行告知。",
        ],
        "closing": "特此告知。",
        "signed": firm,
        "day": day(clock.local(pack.made_at).date()),
    }


def notice_pdf(pack: HandoverPack, firm: str) -> bytes:
    """Return the notice, A4. Raises TypesettingError."""
    return typeset(HERE / "notice.typ", notice(pack, firm), pack.made_at)


def pack_pdf(pack: HandoverPack, lines: Sequence[HandoverLine], firm: str) -> bytes:
    """Return the pack with its lines and the places to sign, A4. Raises TypesettingError."""
    data = {
        "title": "社区法律顾问工作交接清单",
        "firm": firm,
        "facts": [
            ["村（社区）", pack.community.name],
            ["移交律师", pack.giver.name],
            ["接任律师", pack.taker.name],
            ["接任日期", day(pack.starts_on)],
            ["更换原因", "：".join(filter(None, (EndCause.of(pack.cause).word, pack.reason)))],
        ],
        "rows": [_row(number, line) for number, line in enumerate(lines, 1)],
        "signed": _signed(pack),
    }
    return typeset(HERE / "pack.typ", data, pack.made_at)


def _row(number: int, line: HandoverLine) -> list[str]:
    return [
        str(number),
        LineKind.of(line.kind).word,
        line.words,
        str(line.due_on or ""),
        "✓" if line.taken_at else "",
        line.remark or "",
    ]


def _signed(pack: HandoverPack) -> str:
    if pack.signed_at is None:
        return ""
    return f"{pack.signed_by_name}　{clock.local(pack.signed_at):%Y-%m-%d %H:%M} 在线签收"


def day(value: date) -> str:
    """Write a day as papers do."""
    return f"{value.year}年{value.month}月{value.day}日"
