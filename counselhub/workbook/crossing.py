"""What rows say together: clashes of contracts, leads and visits, sessions without assignment."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from counselhub.assignments.kinds import AssignmentRole
from counselhub.core.labels import N_
from counselhub.duty.kinds import SessionStatus
from counselhub.workbook.findings import Findings
from counselhub.workbook.matching import Match, Matched
from counselhub.workbook.rules import (
    Clash,
    Span,
    Terms,
    is_assigned,
    overlapping_days,
    overlapping_instants,
    two_places,
)

Sheets = dict[str, Matched]
IN_SYSTEM = N_("系统中的%(label)s")


def cross_check(sheets: Sheets, findings: Findings) -> None:
    """Note what rows of the file do to each other and to rows of the database."""
    _check_scheme_names(sheets["补贴方案"], findings)
    _check_contracts(sheets["合同"], findings)
    _check_versions(sheets, findings)
    _check_leads(sheets["指派"], findings)
    _check_sessions(sheets, findings)


def _blame(
    clashes: Iterable[Clash], say: Callable[[Span, str], object], note: Callable[[str, str], None]
) -> None:
    for span, other in clashes:
        whose = other.cell or _(IN_SYSTEM) % {"label": other.label}
        note(span.cell or "", str(say(span, whose)))


def _check_contracts(contracts: Matched, findings: Findings) -> None:
    def say(span: Span, whose: str) -> object:
        return _(
            "社区 %(place)s 在这段时间已有同类合同（%(whose)s），同类合同的期限不能重叠",
            place=span.group[0],
            whose=whose,
        )

    _blame(overlapping_days(_contract_spans(contracts)), say, findings.fault)


def _contract_spans(contracts: Matched) -> Iterator[Span]:
    for match, values in contracts.all_values():
        label = _("合同 %(number)s", number=values["number"])
        cell = contracts.cell(match, "starts_on") if match else None
        for code in values["communities"]:
            group = code, values["kind"]
            yield Span(group, values["starts_on"], values["ends_on"], label, cell)


def _check_scheme_names(schemes: Matched, findings: Findings) -> None:
    """A scheme has one name, however many versions."""
    names: dict[str, tuple[str, str]] = {}
    for match in schemes.matches:
        code, name = match.values["code"], match.values["name"]
        first, cell = names.setdefault(code, (name, schemes.cell(match, "name")))
        if name != first:
            message = _("与 %(cell)s 的名称不同；同一方案代码只有一个名称", cell=cell)
            findings.fault(schemes.cell(match, "name"), message)


def _check_versions(sheets: Sheets, findings: Findings) -> None:
    """A contract may begin before its scheme does: its first days are under the first version."""
    earliest: dict[str, date] = {}
    for _match, values in sheets["补贴方案"].all_values():
        since = values["effective_from"] or date.min
        earliest[values["code"]] = min(since, earliest.get(values["code"], date.max))
    contracts = sheets["合同"]
    for match in contracts.matches:
        since = earliest.get(match.values["scheme"], date.min)
        if match.values["starts_on"] < since:
            message = _(
                "补贴方案的第一版自 %(day)s 起，此前的日子也按这一版计算，请核对", day=since
            )
            findings.warn(contracts.cell(match, "scheme"), message)


def _check_leads(assignments: Matched, findings: Findings) -> None:
    def say(span: Span, whose: str) -> object:
        return _(
            "社区 %(place)s 在这段时间已有主责律师（%(whose)s），一个社区同一天只能有一位主责",
            place=span.group,
            whose=whose,
        )

    _blame(overlapping_days(_lead_spans(assignments)), say, findings.fault)


def _lead_spans(assignments: Matched) -> Iterator[Span]:
    for match, values in assignments.all_values():
        if values["role"] == AssignmentRole.LEAD:
            label = _(
                "指派：执业证号 %(licence)s，%(start)s 起",
                licence=values["licence"],
                start=values["starts_on"],
            )
            cell = assignments.cell(match, "starts_on") if match else None
            end = values["ends_on"] or date.max
            yield Span(values["community_code"], values["starts_on"], end, label, cell)


def _check_sessions(sheets: Sheets, findings: Findings) -> None:
    sessions = sheets["现场值班"]
    spans = list(_session_spans(sessions))

    def say_two(span: Span, whose: str) -> object:
        return _("同一律师同一时间不能在两个社区：与 %(whose)s 的时间重叠", whose=whose)

    def say_overlap(_span: Span, whose: str) -> object:
        return _("与 %(whose)s 在同一社区的时间重叠，重叠部分只计一次", whose=whose)

    _blame(two_places(spans), say_two, findings.fault)
    here = (Span(s.place, s.start, s.end, s.label, s.cell) for s in spans)
    _blame(overlapping_instants(here), say_overlap, findings.warn)
    _warn_of_strangers(sessions, _terms(sheets["指派"]), findings)


def _session_spans(sessions: Matched) -> Iterator[Span]:
    for match in sessions.matches:
        yield from _session_span(match.values, sessions.cell(match, "time_in"), match)
    for stored in sessions.rest:
        if stored.extra["status"] != SessionStatus.VOIDED:
            yield from _session_span(stored.values, None, None)


def _session_span(values: dict[str, Any], cell: str | None, match: Match | None) -> Iterator[Span]:
    voided = match and match.stored and match.stored.extra["status"] == SessionStatus.VOIDED
    if values["time_out"] is None or voided:
        return
    start = datetime.combine(values["day"], values["time_in"])
    end = datetime.combine(values["day"], values["time_out"])
    label = _(
        "值班：社区 %(place)s，%(start)s",
        place=values["community_code"],
        start=f"{start:%Y-%m-%d %H:%M}",
    )
    yield Span(values["licence"], start, end, label, cell, values["community_code"])


def _terms(assignments: Matched) -> dict[Any, Terms]:
    terms = defaultdict[Any, list[tuple[date, date]]](list)
    for _match, values in assignments.all_values():
        who = values["community_code"], values["licence"]
        terms[who].append((values["starts_on"], values["ends_on"] or date.max))
    return dict(terms)


def _warn_of_strangers(sessions: Matched, terms: dict[Any, Terms], findings: Findings) -> None:
    """M3: a session counts for one who is assigned, or stands in for one who is."""
    for match in sessions.matches:
        values = match.values
        people = (values["licence"], values["substitute"])
        places = [(values["community_code"], person) for person in people if person]
        if not is_assigned(terms, places, values["day"]):
            message = _("该律师当天没有指派到这个社区，也没有替班；记录保留，但不计入")
            findings.warn(sessions.cell(match, "community_code"), message)
