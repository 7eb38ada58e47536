"""Compare the rows of a file with the rows of the database: new, changed or the same."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from counselhub.contracts.kinds import IN_FORCE, ContractStatus
from counselhub.core.ids import uuid7
from counselhub.duty.kinds import DutySource, SessionStatus
from counselhub.workbook.findings import Findings
from counselhub.workbook.layout import Sheet
from counselhub.workbook.queries import Stored
from counselhub.workbook.reader import Row, Table

# What a blank cell means where it is not nothing.
DEFAULTS: dict[str, dict[str, Any]] = {
    "律师": {"specialties": []},
    "现场值班": {"source": DutySource.MANUAL.value},
    "服务记录": {"count": 1},
    "以案定补": {"fulfilled": False, "dossier_complete": False},
}


class Fate(StrEnum):
    """What an import would do with a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(slots=True)
class Match:
    """One row of the file with what it becomes; `stored` is the row it is the same thing as."""

    row: Row
    id: UUID
    values: dict[str, Any]
    stored: Stored | None
    fate: Fate


@dataclass
class Matched:
    """One sheet: its matches, and the rows of the database that the file does not speak of."""

    table: Table
    matches: list[Match] = field(default_factory=list)
    rest: list[Stored] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        """The sheet of the layout."""
        return self.table.sheet

    def of(self, fate: Fate) -> list[Match]:
        """Return the matches of one fate."""
        return [match for match in self.matches if match.fate is fate]

    def all_values(self) -> Iterable[tuple[Match | None, dict[str, Any]]]:
        """Return every row as it would be after the import, those of the file with their match."""
        yield from ((match, match.values) for match in self.matches)
        yield from ((None, stored.values) for stored in self.rest)

    def cell(self, match: Match, *names: str) -> str:
        """Return the address of a match's cell."""
        return self.table.cell(match.row, *names)


def number_services(table: Table) -> None:
    """Give rows without 记录编号 one that the same rows get again when the file comes again."""
    ordinals: Counter[tuple[Any, ...]] = Counter()
    what = ("day", "community_code", "licence", "kind")
    for row in table.rows:
        if row.values.get("number") is not None:
            continue
        if row.bad.intersection((*what, "number")):
            row.bad.add("number")  # it has none: not the one number of all such rows
            continue
        kind = tuple(row.values[name] for name in what)
        ordinals[kind] += 1
        digest = hashlib.sha256("|".join(map(str, kind)).encode()).hexdigest()[:8].upper()
        row.values["number"] = f"DR{row.values['day']:%Y%m%d}-{digest}-{ordinals[kind]}"


def date_schemes(table: Table, stored: Iterable[Stored], findings: Findings) -> None:
    """Give rows of a file without 生效日期 the day of the version that they are.

    That is the only one of the code, or of several the one that the row repeats; a row that would
    change one of several does not say which, and is a fault.
    """
    if "effective_from" in table.letters:
        return
    versions = defaultdict[str, list[dict[str, Any]]](list)
    for one in stored:
        versions[one.values["code"]].append(one.values)
    for row in table.rows:
        known = versions.get(row.values.get("code") or "", [])
        same = [one for one in known if not row.bad and one.items() >= row.values.items()]
        found = known if len(known) == 1 else same
        if found:
            row.values["effective_from"] = found[0]["effective_from"]
        elif known and not row.bad:
            message = _(
                "方案 %(code)s 在系统中有 %(count)d 个版本，请加一列“生效日期”，"
                "写明是哪一天起的版本",
                code=row.values["code"],
                count=len(known),
            )
            _fault_at_key(table, row, findings, message)


def match_rows(table: Table, stored: Iterable[Stored], findings: Findings) -> Matched:
    """Match the sound rows of `table` with `stored`; two rows with one key are a fault."""
    known = {_key(table.sheet, one.values): one for one in stored}
    matched, seen = Matched(table), dict[tuple[Any, ...], Row]()
    for row in table.rows:
        if row.bad.intersection(table.sheet.key):
            continue
        key = _key(table.sheet, row.values)
        if key in seen:
            first = table.cell(seen[key], *table.sheet.key)
            _fault_at_key(table, row, findings, _("与 %(cell)s 是同一条，请删去一行", cell=first))
            continue
        seen[key] = row
        found = known.pop(key, None)
        if not row.bad:
            matched.matches.append(_match(table, row, found, findings))
    matched.rest = list(known.values())
    return matched


def _key(sheet: Sheet, values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values.get(name) for name in sheet.key)


def _fault_at_key(table: Table, row: Row, findings: Findings, message: str) -> None:
    row.bad.update(table.sheet.key)
    findings.fault(table.cell(row, *table.sheet.key), message)


def _match(table: Table, row: Row, stored: Stored | None, findings: Findings) -> Match:
    defaults = DEFAULTS.get(table.sheet.name, {})
    given = {
        name: defaults.get(name) if value is None else value for name, value in row.values.items()
    }
    if stored is None:
        absent = {name: defaults.get(name) for name in table.sheet.by_name}
        return Match(row, uuid7(), absent | given, None, Fate.NEW)
    _doubt_status(table, row, stored, findings)
    _settle_contract(table, row, given, stored, findings)
    if stored.extra.get("status") == SessionStatus.VOIDED and table.sheet.name == "现场值班":
        findings.warn(table.cell(row, "time_in"), _("这次值班在系统中已经作废，导入不会恢复它"))
        return Match(row, stored.id, stored.values, stored, Fate.SAME)
    _keep_ended(table, row, given, stored, findings)
    _refuse_unseen(table, row, given, stored, findings)
    values = stored.values | given
    fate = Fate.SAME if values == stored.values else Fate.CHANGED
    return Match(row, stored.id, values, stored, fate)


def _keep_ended(
    table: Table, row: Row, given: dict[str, Any], stored: Stored, findings: Findings
) -> None:
    """An agreement that has ended keeps its last day; to go on, a new one continues it."""
    if not stored.extra.get("ended_on") or "valid_until" not in given:
        return
    if given["valid_until"] != stored.values["valid_until"]:
        findings.warn(
            table.cell(row, "valid_until"), _("这份协议在系统中已经结束，导入不会改动它的期限")
        )
        given["valid_until"] = stored.values["valid_until"]


def _refuse_unseen(
    table: Table, row: Row, given: dict[str, Any], stored: Stored, findings: Findings
) -> None:
    """Words behind a wall are not written over by whom it shuts out."""
    if not stored.extra.get("is_seen", True) and given.get("content"):
        message = _("这条记录因事项隔离不对您显示内容，请清空这一格，或由其他同事导入")
        row.bad.add("content")
        findings.fault(table.cell(row, "content"), message)


def _doubt_status(table: Table, row: Row, stored: Stored, findings: Findings) -> None:
    """A contract on its way to being in force stays where it is: an import moves none on."""
    status = str(stored.extra.get("status"))
    if table.sheet.name == "合同" and status not in IN_FORCE:
        message = _(
            "这份合同在系统中是“%(status)s”，还不计入结算；导入不会改变它的状态，"
            "请在合同页面办理到“%(active)s”",
            status=ContractStatus(status).label,
            active=ContractStatus.ACTIVE.label,
        )
        findings.warn(table.cell(row, "number"), message)


def _settle_contract(
    table: Table, row: Row, given: dict[str, Any], stored: Stored, findings: Findings
) -> None:
    """A terminated contract keeps its last day, whichever of its two ends the file repeats."""
    terminated = stored.extra.get("terminated_on")
    if not terminated or given["ends_on"] == terminated:
        return
    if given["ends_on"] != stored.extra["agreed_until"]:
        row.bad.add("ends_on")
        findings.fault(
            table.cell(row, "ends_on"),
            _("这份合同已于 %(day)s 终止，结束日期不能在导入中改动", day=terminated),
        )
    if row.values["starts_on"] > terminated:
        row.bad.add("starts_on")
        findings.fault(
            table.cell(row, "starts_on"),
            _("这份合同已于 %(day)s 终止，开始日期不能在此之后", day=terminated),
        )
    given["ends_on"] = terminated
