"""Codes of a report template: units, what a column counts, what a column is to the total."""

from counselhub.core.labels import N_, Labelled


class Unit(Labelled):
    """单位: offices count in nine of them, and each column says its own."""

    PERSON_TIMES = "person_times", N_("人次")
    CASES = "cases", N_("件")
    TIMES = "times", N_("次")
    COPIES = "copies", N_("份")
    EVENTS = "events", N_("场")
    ITEMS = "items", N_("项")
    YUAN = "yuan", N_("元")
    PIECES = "pieces", N_("个")
    PEOPLE = "people", N_("人")


class Measure(Labelled):
    """What of the log a column counts; a record without 人次 counts by its 件次."""

    COUNT = "count", N_("件次")
    PERSONS = "persons", N_("人次")
    COPIES = "copies", N_("份数")
    RECOVERED = "recovered", N_("挽回金额")
    SESSIONS = "sessions", N_("到岗签到次数")
    TRIPS = "trips", N_("已发布的值班班次")


class Part(Labelled):
    """What a column is to the total."""

    PART = "part", N_("计入合计")
    REST = "rest", N_("其他（未列出的全部）")
    ASIDE = "aside", N_("不计入合计")


OF_DUTY = frozenset({Measure.SESSIONS, Measure.TRIPS})
"""Measures of duty: no service record feeds them, so no kind does."""
UNITS: dict[Measure, frozenset[Unit]] = {
    Measure.COUNT: frozenset(Unit) - {Unit.YUAN, Unit.PERSON_TIMES, Unit.PEOPLE},
    Measure.PERSONS: frozenset({Unit.PERSON_TIMES, Unit.PEOPLE}),
    Measure.COPIES: frozenset({Unit.COPIES, Unit.PIECES}),
    Measure.RECOVERED: frozenset({Unit.YUAN}),
    Measure.SESSIONS: frozenset({Unit.TIMES, Unit.EVENTS}),
    Measure.TRIPS: frozenset({Unit.TIMES, Unit.EVENTS}),
}
"""The units that a measure may stand in: money is never 件, heads are never 份."""
