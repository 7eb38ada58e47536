"""An uploaded ledger: kept, tried against the street's columns, applied whole or not at all."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from counselhub.core import clock, history, uploads
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FaultsError, RefusedError
from counselhub.core.i18n import listed
from counselhub.core.members import Member
from counselhub.ledgers import layout, queries, reading, sent
from counselhub.ledgers.actions import comparing, writing
from counselhub.ledgers.actions.comparing import Asked, Plan
from counselhub.ledgers.kinds import IMPORT_FLOW
from counselhub.ledgers.layout import Field, Places
from counselhub.ledgers.models import LedgerImport, LedgerLine, LedgerSetting
from counselhub.ledgers.reading import Grid, Reading
from counselhub.ledgers.rules import Figures, LedgerFact, counted
from counselhub.workbook.findings import FILE, UnreadableError

MOST_TOLD = 2_000
"""Changes that an import keeps a list of."""


@dataclass
class Trial:
    """What an import would do. grid: None for a file without a header that we know.

    places: the column of each field, None while somebody has to say which is which.
    """

    asked: Asked
    setting: LedgerSetting
    grid: Grid | None = None
    places: Places | None = None
    reading: Reading = field(default_factory=Reading)
    plan: Plan | None = None

    @property
    def is_sound(self) -> bool:
        """Whether it may be imported."""
        return self.plan is not None and not self.faults

    @property
    def faults(self) -> list[dict[str, str]]:
        """Every fault with its cell."""
        return [one.document() for one in self.reading.findings.faults]

    def document(self) -> dict[str, Any]:
        """Return what the command prints."""
        counts = self.plan.counts if self.plan else counted(())
        return {"rows": len(self.reading.rows), **counts, "faults": self.faults}


def keep(data: bytes, name: str, asked_month: date, firm_code: str, *, by: Member) -> LedgerImport:
    """Keep an uploaded ledger as it came. Raises UploadError for what is no workbook."""
    uploads.judge_workbook(data)
    return _kept(data, name, asked_month, firm_code, by)


def keep_sent(rows: Sequence[sent.Row], month: date, firm_code: str, *, by: Member) -> LedgerImport:
    """Keep a ledger that a program sent."""
    return _kept(sent.written(month, rows), f"台账-{month:%Y-%m}.json", month, firm_code, by)


def _kept(data: bytes, name: str, month: date, firm_code: str, by: Member) -> LedgerImport:
    if firm_code:
        queries.firm_by_code(firm_code)
    made = LedgerImport(
        street_code=by.street_code,
        month=month,
        firm_code=firm_code,
        name=name[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
        made_at=clock.now(),
        made_by_name=by.signature,
    )
    db.session.add(made)
    history.record(made, "try_ledger", by=by, file=made.name, sha256=made.sha256)
    return made


def try_sent(rows: Sequence[sent.Row], asked: Asked) -> Trial:
    """Work out what a ledger that a program sent would change; nothing is kept.

    Raises FaultsError.
    """
    return _sound(_tried(asked, sent.written(asked.month, rows)))


def _sound(trial: Trial) -> Trial:
    if not trial.is_sound:
        raise FaultsError(refusal(), trial.faults)
    return trial


def refusal() -> str:
    """Say that a ledger with faults was not imported."""
    return str(_("台账有错误，没有导入任何数据。"))


def rehearse(upload: LedgerImport) -> Trial:
    """Read a kept ledger and work out what it would change; nothing is written.

    Raises ConflictError when its term of keeping is over.
    """
    if upload.content is None:
        raise ConflictError(_("这份台账的文件已按保存期限删除，请重新上传。"), row=upload)
    firm = queries.firm_by_code(upload.firm_code) if upload.firm_code else None
    asked = Asked(upload.street_code, upload.month, firm.id if firm else None)
    return _tried(asked, upload.content)


def _tried(asked: Asked, data: bytes) -> Trial:
    trial = read(asked, data)
    if trial.places is not None and not trial.faults:
        tolerance = queries.tolerance_of(trial.setting)
        rows, notes = trial.reading.rows.values(), trial.reading.notes
        trial.plan = comparing.plan(asked, rows, notes, tolerance)
        for row, words in trial.plan.shut:
            cell = FILE if row is None or trial.grid is None else trial.grid.row_at(row - 1)
            trial.reading.findings.fault(cell, words)
    return trial


def read(asked: Asked, data: bytes) -> Trial:
    """Read a ledger; what is wrong stands in the trial's findings.

    A workbook has the street's columns; what a program sent names its own.
    """
    trial = Trial(asked, queries.setting_of(asked.street))
    if sent.is_sent(data):
        trial.grid, trial.places = sent.grid_of(data), sent.PLACES
    else:
        _find_columns(trial, data)
    if trial.grid is not None and trial.places is not None:
        where = queries.place_of(asked.street)
        trial.reading = reading.read(trial.grid, trial.places, asked.month, where)
    return trial


def _find_columns(trial: Trial, data: bytes) -> None:
    mapping, findings = trial.setting.mapping, trial.reading.findings
    try:
        grid = trial.grid = reading.grid_of(data, mapping)
    except UnreadableError as error:
        findings.fault(FILE, error.message)
        return
    trial.places = layout.agreed(grid.header, mapping)
    if trial.places is None:
        lacking = layout.missing(layout.proposed(grid.header, mapping), mapping)
        findings.fault(grid.row_at(grid.header.row), _lacking(lacking))


def _lacking(fields: list[Field]) -> str:
    if fields:
        words = listed(one.label for one in fields)
        return str(_("缺少必需的列：%(columns)s。请在页面上对应一次台账的列", columns=words))
    return str(_("表头与记住的不同或不是默认列名，请在页面上重新对应一次台账的列"))


def map_columns(upload: LedgerImport, mapping: Mapping[str, str], *, by: Member) -> None:
    """Remember for the street which of its headers means what. Raises RefusedError.

    mapping: {field: header}, "" for a field that the ledger does not have.
    """
    given = {one.value: mapping.get(one.value, "") for one in Field}
    twice = [label for label in given.values() if label and [*given.values()].count(label) > 1]
    if twice:
        raise RefusedError(_("列“%(header)s”对应了两个项目，请只选一次。", header=twice[0]))
    known = {one: 0 for one in Field if given[one.value]}
    if lacking := layout.missing(known, given):
        words = listed(one.label for one in lacking)
        raise RefusedError(_("还没有选：%(columns)s。", columns=words))
    setting = queries.setting_of(upload.street_code)
    setting.mapping = given
    db.session.add(setting)
    db.session.flush()
    history.record(
        setting, "map_ledger", by=by, headers=[label for label in given.values() if label]
    )


def apply(upload: LedgerImport, *, by: Member, revision: int | None = None) -> Trial:
    """Import a tried ledger: all of it, or nothing. Raises FaultsError, ConflictError.

    It is compared anew, so that what happened since the trial counts.
    """
    writing.lock(upload.street_code, upload.month)
    history.expect(upload, revision)
    trial = _sound(rehearse(upload))
    write(upload, trial, by=by)
    return trial


def write(upload: LedgerImport, trial: Trial, *, by: Member) -> None:
    """Write a sound trial, which nothing has come after: the month is locked since before it."""
    if trial.plan is None:
        raise ValueError(upload.id)
    writing.write(trial.asked, trial.plan)
    upload.counts = {"rows": len(trial.reading.rows), **trial.plan.counts}
    upload.changes = trial.plan.changes[:MOST_TOLD]
    upload.applied_at, upload.applied_by_name = clock.now(), by.signature
    history.advance(
        upload, IMPORT_FLOW, "apply_ledger", by=by, month=f"{upload.month:%Y-%m}", **upload.counts
    )


def compare_again(street: str, month: date, *, by: Member) -> Plan:
    """Hold the ledger that is there against the statements as they now are. Raises ConflictError.

    Raises RefusedError when a change would touch a sheet that is frozen.
    """
    writing.lock(street, month)
    asked = Asked(street, month)
    query = db.select(LedgerLine).where(
        LedgerLine.street_code == street, LedgerLine.month == month, LedgerLine.ledger.is_not(None)
    )
    stored = list(db.session.scalars(query))
    if not stored:
        raise RefusedError(_("这个月还没有导入台账。"))
    rows = [_fact(line) for line in stored]
    notes = {
        row.key: (line.ledger or {}).get("note", "") for row, line in zip(rows, stored, strict=True)
    }
    setting = queries.setting_of(street)
    made = comparing.plan(asked, rows, notes, queries.tolerance_of(setting))
    if made.shut:
        raise RefusedError(made.shut[0][1])
    writing.write(asked, made)
    db.session.add(setting)
    db.session.flush()
    history.record(setting, "compare_again", by=by, month=f"{month:%Y-%m}", lines=len(made.lines))
    return made


def _fact(line: LedgerLine) -> LedgerFact:
    told = dict(line.ledger or {})
    figures = Figures(**{name: told[name] for name in Figures._fields})
    return LedgerFact(line.community_code, line.contract_number, figures, line.row_number or 0)
