"""A report's figures, summed by the database: one grouping of the log, one more for each duty.

The log is the records and their follow-ups, each counted on its own day: a follow-up falls in the
part of its record, and adds what it recovered, and itself where it says so.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    select,
    union_all,
)

from counselhub.core.db import db
from counselhub.core.labels import N_
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.programme.kinds import Measure, Part
from counselhub.programme.periods import Period
from counselhub.programme.rules import Column, Template
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.services.log_models import ServiceFollowUp
from counselhub.services.models import ServiceRecord

KEYS = {"community": "community_code", "adviser": "adviser_id", "firm": "firm_id"}
"""What a line of the report is about, with its column."""
LINE_WORDS = {"community": N_("社区"), "adviser": N_("律师"), "firm": N_("律师事务所")}
Reach = Callable[[type[Any]], ColumnElement[bool]]
Logged = type[ServiceRecord] | type[ServiceFollowUp]
LOG: tuple[Logged, ...] = (ServiceRecord, ServiceFollowUp)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. values: of each column in order, amounts in fen; total: None where there is none.

    key: a community's code, an id; '' is the line of the sums.
    """

    key: str
    values: tuple[int, ...]
    total: int | None
    name: str = ""
    about: str = ""
    pinyin: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one template over one period."""

    template: Template
    period: Period
    by: str
    lines: tuple[Line, ...]
    sums: Line


def figures(
    template: Template,
    period: Period,
    by: str,
    reach: Reach,
    asked: Reach = lambda _model: and_(True),
) -> Report:
    """Return the figures by community, adviser or firm, lines without names in no order.

    reach: which rows of a table the reader may count. asked: which of them are asked for.
    """

    def wanted(model: type[Any]) -> ColumnElement[bool]:
        return and_(reach(model), asked(model))

    found: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(template.columns))
    totals: dict[str, int] = {}
    for key, total, *values in db.session.execute(summed(template, period, by, wanted)):
        line = "" if key is None else str(key)
        found[line] = [
            had + int(value or 0) for had, value in zip(found[line], values, strict=True)
        ]
        totals[line] = totals.get(line, 0) + int(total or 0)
    _add_duty(found, template, period, by, wanted)
    lines = {
        key: Line(key, tuple(values), totals.get(key, 0) if template.has_total else None)
        for key, values in found.items()
    }
    sums = lines.pop("", _nothing(template))
    return Report(template, period, by, tuple(lines.values()), sums)


def _add_duty(
    found: defaultdict[str, list[int]], template: Template, period: Period, by: str, wanted: Reach
) -> None:
    """Add sessions and planned slots to the lines, where the template has columns for them."""
    for measure, model in DUTIES.items():
        places = [n for n, one in enumerate(template.columns) if one.measure is measure]
        if not places:
            continue
        for key, times in db.session.execute(_counted(model, period, by, wanted)):
            for place in places:
                found[str(key)][place] = times
                found[""][place] += times


def _nothing(template: Template) -> Line:
    return Line("", (0,) * len(template.columns), 0 if template.has_total else None)


def with_names(report: Report, names: Mapping[str, tuple[str, str, str]]) -> Report:
    """Return the report with (name, about, pinyin) at each line; others named have a line of 0."""
    lines = {line.key: line for line in report.lines}
    nothing = _nothing(report.template)
    for key in names:
        lines.setdefault(key, replace(nothing, key=key))
    named = []
    for key, line in lines.items():
        name, about, pinyin = names.get(key, ("—", "", ""))
        named.append(replace(line, name=name, about=about, pinyin=pinyin))
    named.sort(key=lambda line: (line.pinyin, line.name, line.key))
    return replace(report, lines=tuple(named))


def ordered(report: Report, sort: str) -> Report:
    """Return the report by a column (`0`, `1`, …), by `total`, else by name; a minus turns it."""
    key = sort.removeprefix("-")
    lines = list(report.lines)
    if key == "total" and report.template.has_total:
        lines.sort(key=lambda line: line.total or 0)
    elif key.isdecimal() and int(key) < len(report.template.columns):
        lines.sort(key=lambda line: line.values[int(key)])
    return replace(report, lines=tuple(lines[::-1] if sort.startswith("-") else lines))


def summed(template: Template, period: Period, by: str, wanted: Reach) -> CompoundSelect[Any]:
    """Sum every column, and the total from the side of the log, by line and over all: of records,
    and of follow-ups.
    """
    return union_all(*(_summed(template, period, by, wanted, model) for model in LOG))


def _summed(
    template: Template, period: Period, by: str, wanted: Reach, model: Logged
) -> Select[Any]:
    key = getattr(ServiceRecord, KEYS[by])
    sums = [
        literal(0)
        if one.is_of_duty
        else func.sum(measured(one, model)).filter(feeding(template, one))
        for one in template.columns
    ]
    return (
        logged(select(key, func.sum(once(template, model)), *sums), period, model)
        .where(wanted(ServiceRecord))
        .group_by(func.rollup(key))
    )


def logged(query: Select[Any], period: Period, model: Logged) -> Select[Any]:
    """Ask the records of a period, or its follow-ups with their records."""
    days = model.day.between(period.first, period.last)
    if model is ServiceRecord:
        return query.select_from(ServiceRecord).where(days)
    is_of = and_(
        ServiceFollowUp.firm_id == ServiceRecord.firm_id,
        ServiceFollowUp.service_id == ServiceRecord.id,
    )
    return query.select_from(ServiceFollowUp).join(ServiceRecord, is_of).where(days)


def once(template: Template, model: Logged) -> ColumnElement[int]:
    """What one of the log adds to the total: the measure of the one part that it falls in."""
    parts = [(feeding(template, one), measured(one, model)) for one in template.parts]
    return case(*parts, else_=model.count) if parts else cast(literal(0), Integer)


def feeding(template: Template, column: Column) -> ColumnElement[bool]:
    """Return which records feed a column of records: `Template.feeds` in SQL."""
    if column.part is Part.REST:
        named = [_named(one) for one in template.parts if one.part is not Part.REST]
        return and_(True, *(not_(one) for one in named))
    return _named(column)


def in_total(template: Template) -> ColumnElement[bool]:
    """Return which records the total counts: of a sound template all of them."""
    return case(*((feeding(template, one), True) for one in template.parts), else_=False)


def _named(column: Column) -> ColumnElement[bool]:
    """Compare with '' where a record says nothing: a NULL would be neither in nor out."""
    asked = (
        (ServiceRecord.kind, column.kinds),
        (func.coalesce(ServiceRecord.mode, ""), column.modes),
        (func.coalesce(ServiceRecord.dispute_kind, ""), column.disputes),
    )
    return and_(True, *(said.in_(sorted(chosen)) for said, chosen in asked if chosen))


def measured(column: Column, model: Logged) -> ColumnElement[int]:
    """Return what a column counts of one record, or of one follow-up."""
    is_record = model is ServiceRecord
    match column.measure:
        case Measure.RECOVERED:
            return func.coalesce(model.recovered_fen, 0)
        case Measure.PERSONS if is_record:
            return func.coalesce(ServiceRecord.persons, ServiceRecord.count)
        case Measure.COPIES:
            return func.coalesce(ServiceRecord.copies, 0) if is_record else literal(0)
        case _:
            return model.count.expression


DUTIES: Mapping[Measure, type[Any]] = {
    Measure.SESSIONS: DutySession,
    Measure.TRIPS: DutySlot,
}


def counts(model: type[Any], period: Period) -> ColumnElement[bool]:
    """Return which sessions, or planned slots, of a period count: none that was voided, no slot
    that was called off.
    """
    of_days = model.day.between(period.first, period.last)
    if model is DutySession:
        return and_(of_days, DutySession.status != SessionStatus.VOIDED)
    months = DutySlot.month.between(period.first.replace(day=1), period.last)
    return and_(of_days, months, DutySlot.status != SlotStatus.EXCUSED)


def _counted(model: type[Any], period: Period, by: str, wanted: Reach) -> Select[Any]:
    key = getattr(model, KEYS[by])
    return select(key, func.count()).where(counts(model, period), wanted(model)).group_by(key)
