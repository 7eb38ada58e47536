"""The programme's counters as offices ask for them (domain.md 4.3): templates as data.

Units differ (人次, 件, 次, 份, 元), so each row names its own, and what it counts: 件次, 人次 or
the amount recovered. A kind stands in at most one row of a template, so nothing is counted twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from counselhub.core.labels import N_
from counselhub.services.kinds import ServiceKind as Kind
from counselhub.services.queries import KindSum


class Measure(StrEnum):
    """What of a record a row counts."""

    COUNT = "count"
    PERSONS = "persons"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of a template."""

    label: str
    unit: str
    kinds: frozenset[Kind]
    measure: Measure = Measure.COUNT


@dataclass(frozen=True, slots=True)
class Template:
    """A report's rows; `is_closed`: every kind has its row, and the rows sum to a total."""

    rows: tuple[ReportRow, ...]
    is_closed: bool


def _row(label: str, unit: str, *kinds: Kind, measure: Measure = Measure.COUNT) -> ReportRow:
    return ReportRow(label, unit, frozenset(kinds), measure)


TEMPLATES: Mapping[str, Template] = {
    "yuexiu": Template(
        (
            _row(N_("法律咨询"), N_("人次"), Kind.CONSULTATION, measure=Measure.PERSONS),
            _row(N_("法律意见书"), N_("件"), Kind.LEGAL_OPINION),
            _row(N_("参与调解"), N_("件"), Kind.MEDIATION),
            _row(N_("法治宣传"), N_("次"), Kind.PUBLICITY, Kind.LECTURE),
            _row(N_("法律援助"), N_("件"), Kind.LEGAL_AID),
            _row(
                N_("其他"),
                N_("项"),
                Kind.DRAFTING,
                Kind.CONTRACT_REVIEW,
                Kind.BYLAW_REVISION,
                Kind.LEGAL_CHECKUP,
                Kind.LEGAL_AFFAIRS,
                Kind.TRAINING,
                Kind.OTHER,
            ),
        ),
        is_closed=True,
    ),
    "county2018": Template(
        (
            _row(N_("法治讲座、普法活动"), N_("次"), Kind.LECTURE, Kind.PUBLICITY),
            _row(
                N_("修订村规民约、审查合同协议"),
                N_("次"),
                Kind.BYLAW_REVISION,
                Kind.CONTRACT_REVIEW,
            ),
            _row(N_("法律咨询"), N_("人次"), Kind.CONSULTATION, measure=Measure.PERSONS),
            _row(N_("代写法律文书"), N_("件"), Kind.DRAFTING),
            _row(N_("申请法律援助"), N_("次"), Kind.LEGAL_AID),
            _row(N_("参与人民调解"), N_("次"), Kind.MEDIATION),
            _row(N_("协助处理涉法事务"), N_("次"), Kind.LEGAL_AFFAIRS),
            _row(N_("法律意见书"), N_("份"), Kind.LEGAL_OPINION),
            _row(N_("挽回经济损失"), N_("元"), *Kind, measure=Measure.RECOVERED),
        ),
        is_closed=False,
    ),
}


def programme(
    template: str, sums: Mapping[Kind, KindSum], *, firm: str, first: date, last: date
) -> dict[str, Any]:
    """Return the report as one JSON document.

    `{"firm", "from", "to", "template", "rows": [{"label", "unit", "value"}], "total"}`. Values are
    whole numbers, yuan may have two decimals. `total` is the sum of the rows where the template
    counts every kind once (yuexiu), else null: county2018 has no sum of its units.
    """
    chosen = TEMPLATES[template]
    rows = [
        {"label": row.label, "unit": row.unit, "value": _value(row, sums)} for row in chosen.rows
    ]
    return {
        "firm": firm,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "template": template,
        "rows": rows,
        "total": sum(int(row["value"]) for row in rows) if chosen.is_closed else None,
    }


def _value(row: ReportRow, sums: Mapping[Kind, KindSum]) -> int | float:
    found: Iterable[KindSum] = [sums[kind] for kind in row.kinds if kind in sums]
    match row.measure:
        case Measure.COUNT:
            return sum(one.count for one in found)
        case Measure.PERSONS:
            return sum(one.persons for one in found)
        case Measure.RECOVERED:
            fen = sum(one.recovered_fen for one in found)
            return fen / 100 if fen % 100 else fen // 100
