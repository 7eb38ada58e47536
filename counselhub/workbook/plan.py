"""Try a workbook: read it, check it against itself and the database, and say what it would do."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from sqlalchemy import false

from counselhub.claims.models import CaseClaim
from counselhub.core import clock
from counselhub.core.labels import N_
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.services.models import ServiceRecord
from counselhub.work.running import Step, silent
from counselhub.workbook import queries
from counselhub.workbook.check import Register, check
from counselhub.workbook.crossing import Sheets, cross_check
from counselhub.workbook.findings import Findings
from counselhub.workbook.followed import check_followed, followed
from counselhub.workbook.frozen import check_frozen
from counselhub.workbook.matching import Fate, date_versions, match_rows, number_services
from counselhub.workbook.queries import Stored
from counselhub.workbook.reader import Table, Tables, read

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """What an import would do; it may only be done when there is no fault."""

    digest: str
    """SHA-256 of the file, in hexadecimal."""
    sheets: Sheets
    findings: Findings

    def counts(self) -> dict[str, dict[str, int]]:
        """Return rows, new, changed and same of every sheet, in the order of the layout."""
        return {
            name: {"rows": len(matched.table.rows)}
            | {fate.value: len(matched.of(fate)) for fate in Fate}
            for name, matched in self.sheets.items()
        }

    def signature(self) -> str:
        """Return the digest of everything the plan would do and found, in hexadecimal."""
        text = json.dumps([self.digest, self.document(dry_run=True)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def document(self, *, dry_run: bool) -> dict[str, Any]:
        """Return it as commands print it."""
        return {
            "dry_run": dry_run,
            "sheets": self.counts(),
            "faults": [finding.document() for finding in self.findings.faults],
            "warnings": [finding.document() for finding in self.findings.warnings],
        }


def make_plan(data: bytes, step: Step = silent) -> Plan:
    """Return what importing the file `data` into the present firm would do; writes nothing.

    The number of statements does not depend on the number of rows. step: told what begins.
    """
    findings = Findings()
    step(N_("读取文件"))
    tables = read(data, findings)
    step(N_("核对内容"))
    standing = {
        name: list(queries.stored(tables[name].sheet))
        for name in ("补贴方案", "律师", "合同", "指派")
    }
    check(tables, _register(tables, standing), findings)
    number_services(tables["服务记录"])
    date_versions(tables["补贴方案"], standing["补贴方案"], findings)
    sheets = {}
    for name, table in tables.items():
        step(N_("核对内容"))
        stored = standing[name] if name in standing else _stored(table)
        sheets[name] = match_rows(table, stored, findings)
    cross_check(sheets, findings)
    check_frozen(sheets, queries.closed_months(), findings)
    check_followed(sheets, followed(), findings)
    findings.put_in_order([*sheets])
    return Plan(hashlib.sha256(data).hexdigest(), sheets, findings)


def _register(tables: Tables, standing: dict[str, list[Stored]]) -> Register:
    """Collect every code that the file or the database knows; a row at fault still names one."""
    licences = _named("licence_number", tables["律师"], standing["律师"])
    communities = queries.communities_in(_used(tables, "community_code", "communities"))
    now = clock.local(clock.now()).replace(tzinfo=None)
    return Register(
        {
            "community_code": communities,
            "communities": communities,
            "street_code": queries.streets_in(_used(tables, "street_code")),
            "licence": licences,
            "substitute": licences,
            "scheme": _named("code", tables["补贴方案"], standing["补贴方案"]),
        },
        now,
    )


def _named(column: str, table: Table, stored: Iterable[Stored]) -> set[str]:
    named = {row.values.get(column) for row in table.rows} | {one.values[column] for one in stored}
    return {code for code in named if code}


def _used(tables: Tables, *columns: str) -> set[str]:
    found = set[str]()
    for table in tables.values():
        for column in columns:
            for row in table.rows if column in table.letters else ():
                value = row.values.get(column) or ()
                found.update((value,) if isinstance(value, str) else value)
    return found


def _stored(table: Table) -> Iterable[Stored]:
    """Return the rows of the database that rows of this table may be, or may clash with."""
    near = _NEAR.get(table.sheet.name)
    if not table.rows:
        return ()
    return queries.stored(table.sheet, near(table) if near else None)


def _sessions_near(table: Table) -> Any:
    days = [row.values["day"] for row in table.rows if row.values.get("day")]
    return DutySession.day.between(min(days), max(days)) if days else false()


def _shifts_near(table: Table) -> Any:
    starts = [row.values["starts_at"].date() for row in table.rows if row.values.get("starts_at")]
    if not starts:
        return false()
    first, last = (clock.instant(day, time()) for day in (min(starts), max(starts) + A_DAY))
    return OnlineShift.starts_at.between(first, last)


def _numbered(column: Any) -> Callable[[Table], Any]:
    def near(table: Table) -> Any:
        return queries.among(column, {row.values.get("number") or "" for row in table.rows})

    return near


_NEAR: dict[str, Callable[[Table], Any]] = {
    "现场值班": _sessions_near,
    "线上值班": _shifts_near,
    "服务记录": _numbered(ServiceRecord.number),
    "以案定补": _numbered(CaseClaim.number),
}
