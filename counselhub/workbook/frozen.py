"""What a submitted statement has frozen: its month's evidence, and the terms it was made from."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.workbook.crossing import Sheets
from counselhub.workbook.findings import Findings
from counselhub.workbook.matching import Fate, Match, Matched

Closed = Mapping[tuple[str, date], str]
"""The number of the statement that closed a place (12 or 9 digits) and month (its first day)."""
Values = dict[str, Any]
A_MOMENT = timedelta.resolution


def _shift_months(values: Values) -> Iterator[date]:
    """Give the first day of every month that a shift touches; one may last for several (M7)."""
    month, last = values["starts_at"].date().replace(day=1), (values["ends_at"] - A_MOMENT).date()
    while month <= last:
        yield month
        month = clock.last_day(month) + timedelta(days=1)


# Where and on which days a piece of evidence counts; a shift over midnight serves both days (M7).
EVIDENCE: dict[str, Callable[[Values], tuple[Any, ...]]] = {
    "现场值班": lambda values: (values["community_code"], values["day"]),
    "线上值班": lambda values: (
        values["street_code"],
        *_shift_months(values),
    ),
    "服务记录": lambda values: (values["community_code"], values["day"]),
    "以案定补": lambda values: (values["community_code"], values["closed_on"]),
}
CYCLE_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def check_frozen(sheets: Sheets, closed: Closed, findings: Findings) -> None:
    """Note every row whose change would alter what a submitted statement rests on."""
    if not closed:
        return
    for name, where in EVIDENCE.items():
        for match in _touched(sheets[name]):
            _check_evidence(sheets[name], match, where, closed, findings)
    months = defaultdict[str, list[date]](list)
    for place, month in closed:
        months[place].append(month)
    for name, footprint in (("合同", _contract_prints), ("指派", _assignment_prints)):
        for match in _touched(sheets[name]):
            before = match.stored.values if match.stored else None
            _check_prints(sheets[name], match, footprint, before, months, closed, findings)
    _check_schemes(sheets, months, closed, findings)


def _touched(matched: Matched) -> Iterator[Match]:
    return (match for match in matched.matches if match.fate is not Fate.SAME)


def _refuse(matched: Matched, match: Match, column: str, number: str, findings: Findings) -> None:
    findings.fault(
        matched.cell(match, column),
        _(
            "结算单 %(number)s 已经提交，它所依据的记录已封存，不能增改。"
            "请在文件中恢复原值或删去这一行；如确有错误，请由司法所退回，或在下期调整。",
            number=number,
        ),
    )


def _check_evidence(
    matched: Matched,
    match: Match,
    where: Callable[[Values], tuple[Any, ...]],
    closed: Closed,
    findings: Findings,
) -> None:
    for values in (match.stored.values if match.stored else match.values, match.values):
        place, *days = where(values)
        for day in days:
            if number := closed.get((place, day.replace(day=1))):
                _refuse(matched, match, matched.sheet.key[0], number, findings)
                return


Prints = Iterable[tuple[str, tuple[Any, ...]]]
"""(community, what a statement of one month reads there), nothing where the row does not reach."""


def _within(values: Values, month: date) -> tuple[date, date] | None:
    first = max(values["starts_on"], month)
    last = min(values["ends_on"] or date.max, clock.last_day(month))
    return (first, last) if first <= last else None


def _contract_prints(values: Values, month: date) -> Prints:
    if days := _within(values, month):
        terms = values["kind"], values["scheme"], values["annual_fen"], *days
        yield from ((code, terms) for code in values["communities"])


def _assignment_prints(values: Values, month: date) -> Prints:
    if days := _within(values, month):
        yield values["community_code"], days


def _check_prints(
    matched: Matched,
    match: Match,
    prints: Callable[[Values, date], Prints],
    before: Values | None,
    months: Mapping[str, list[date]],
    closed: Closed,
    findings: Findings,
) -> None:
    """A day after the last closed month may change; nothing before its end may."""
    places = {code for values in (before, match.values) if values for code in _places(values)}
    for place in sorted(places):
        for month in sorted(months.get(place, ())):
            old = dict(prints(before, month)).get(place) if before else None
            if old != dict(prints(match.values, month)).get(place):
                _refuse(matched, match, matched.sheet.key[0], closed[place, month], findings)
                return


def _places(values: Values) -> tuple[str, ...]:
    several: tuple[str, ...] | None = values.get("communities")
    return several if several is not None else (values["community_code"],)


def _check_schemes(
    sheets: Sheets, months: Mapping[str, list[date]], closed: Closed, findings: Findings
) -> None:
    """Compare the version in force for every closed month before and after the import."""
    schemes = sheets["补贴方案"]
    touched = {match.values["code"]: match for match in _touched(schemes)}
    if not touched:
        return
    before = _versions(
        [*schemes.rest, *(match.stored for match in schemes.matches if match.stored)]
    )
    after = _versions(values for _match, values in schemes.all_values())
    refused = set[str]()
    for code, place, month, starts_on in _uses(sheets["合同"], touched, months):
        days = _deciding_days(before.get(code, ()), month, starts_on)
        changed = any(_in_force(before, code, day) != _in_force(after, code, day) for day in days)
        if changed and code not in refused:
            refused.add(code)
            _refuse(schemes, touched[code], "code", closed[place, month], findings)


def _uses(
    contracts: Matched, codes: Mapping[str, Match], months: Mapping[str, list[date]]
) -> Iterator[tuple[str, str, date, date]]:
    """Yield (scheme, community, closed month, first day) of stored contracts with these schemes."""
    stored = [*contracts.rest, *(match.stored for match in contracts.matches if match.stored)]
    for one in stored:
        if one.values["scheme"] in codes:
            for place in one.values["communities"]:
                for month in months.get(place, ()):
                    if _within(one.values, month):
                        yield one.values["scheme"], place, month, one.values["starts_on"]


Versions = dict[str, list[tuple[date, tuple[tuple[str, Any], ...]]]]


def _versions(rows: Iterable[Any]) -> Versions:
    """Return the terms of each scheme by the day they begin, oldest first; names are no terms."""
    found = defaultdict[str, list[tuple[date, tuple[tuple[str, Any], ...]]]](list)
    for row in rows:
        values = row if isinstance(row, dict) else row.values
        terms = ((name, values[name]) for name in sorted(values) if name != "name")
        found[values["code"]].append((values["effective_from"] or date.min, tuple(terms)))
    return {code: sorted(versions, key=lambda one: one[0]) for code, versions in found.items()}


def _in_force(versions: Versions, code: str, day: date) -> Any:
    """Return the terms that hold on the day; before the first version's day, the first."""
    known = versions.get(code, [])
    begun = [terms for since, terms in known if since <= day]
    return begun[-1] if begun else next((terms for _since, terms in known), None)


def _deciding_days(versions: Iterable[Any], month: date, starts_on: date) -> set[date]:
    """Return the first active days of the month and of each period that may hold it (M1)."""
    cycles = {dict(terms)["cycle"] for _since, terms in versions}
    firsts = {month} | {_period_first(month, CYCLE_MONTHS[cycle]) for cycle in cycles}
    return {max(first, starts_on) for first in firsts}


def _period_first(month: date, length: int) -> date:
    return month.replace(month=(month.month - 1) // length * length + 1)
