"""A workbook of many rows is tried, imported and exported by the worker; a small one at once."""

import os
import re
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from counselhub.core import uploads
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FaultsError
from counselhub.core.members import Member
from counselhub.core.uploads import UploadError
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.services.models import ServiceRecord
from counselhub.work import actions as work
from counselhub.work.running import Order, Result
from counselhub.workbook import actions, trials
from counselhub.workbook.apply import MODELS
from counselhub.workbook.export import export_workbook
from counselhub.workbook.layout import SHEETS
from counselhub.workbook.plan import Plan

LARGE_FILE_ROWS = 2_000
"""From here on a file is read by the worker: below, a page answers within about two seconds."""
LARGE_EXPORT_ROWS = 5_000
SHEET_PARTS = re.compile(r"xl/worksheets/[^/]*\.xml")
ROW = re.compile(rb"<(?:\w+:)?row\b")
TRIAL_STEPS = 2 + len(SHEETS)
IMPORT_STEPS = TRIAL_STEPS + len(MODELS)
TRIAL, IMPORT, EXPORT = "workbook_trial", "workbook_import", "workbook_export"


@dataclass(slots=True)
class _Steps:
    """Tells what is begun now, of a known number of steps."""

    order: Order
    all: int
    begun: int = 0

    def __call__(self, doing: str) -> None:
        self.order.tell(min(self.begun, self.all), self.all, doing)
        self.begun += 1


def is_large(data: bytes) -> bool:
    """Say whether a file has so many rows that the worker is to read it; a broken one is small."""
    try:
        parts = uploads.unpacked(data, SHEET_PARTS)
    except UploadError:
        return False
    return sum(len(ROW.findall(part)) for part in parts.values()) >= LARGE_FILE_ROWS


def is_large_export() -> bool:
    """Say whether the present firm has so many rows that the worker is to write them."""
    counts = [
        select(func.count()).select_from(model).scalar_subquery()
        for model in (DutySession, OnlineShift, ServiceRecord)
    ]
    return sum(db.session.execute(select(*counts)).one()) >= LARGE_EXPORT_ROWS


def ask_trial(digest: str, name: str, *, by: Member) -> UUID:
    """Let the worker try a kept upload; return the work. name: the file's."""
    return work.ask(TRIAL, by=by, subject=digest, name=name)[0]


def run_trial(order: Order) -> Result:
    """Try the file and note what was found, for the same page that a small one is shown on."""
    firm_id = order.by.firm_id
    data = trials.file_of(firm_id, order.subject)
    plan = actions.try_workbook(data, _Steps(order, TRIAL_STEPS))
    trial = trials.note(firm_id, str(order.detail["name"]), plan)
    return Result(
        _("试读完成：%(count)d 处错误。", count=len(trial.document["faults"]))
        if trial.document["faults"]
        else _("试读完成：没有错误，可以导入。")
    )


def ask_import(digest: str, signature: str, *, by: Member) -> UUID:
    """Let the worker import a tried file, if it still does what was shown; return the work."""
    return work.ask(IMPORT, by=by, subject=digest, signature=signature)[0]


def run_import(order: Order) -> Result:
    """Import the file in the transaction that also ends the work: whole and once, or not at all.

    Raises FaultsError and ConflictError as the import does; the trial then shows what is at fault.
    """
    firm_id = order.by.firm_id
    trial = trials.find(firm_id, order.subject)
    data = trials.file_of(firm_id, order.subject)
    signature = str(order.detail["signature"])
    try:
        plan: Plan = actions.import_workbook(
            data,
            by=order.by,
            name=trial.name,
            expected=signature,
            step=_Steps(order, IMPORT_STEPS),
        )
    except ConflictError as conflict:
        if isinstance(conflict.row, Plan):
            trials.note(firm_id, trial.name, conflict.row)
        raise
    except FaultsError:
        trials.note(firm_id, trial.name, actions.try_workbook(data))
        raise
    changes = sum(n["new"] + n["changed"] for n in plan.counts().values())
    return Result(_("已导入“%(name)s”：新增或更新 %(count)d 条", name=trial.name, count=changes))


def ask_export(*, by: Member) -> UUID:
    """Let the worker write the firm's data; return the work."""
    return work.ask(EXPORT, by=by)[0]


def run_export(order: Order) -> Result:
    """Write the workbook; nobody ever sees half of it."""
    draft = order.draft(".xlsx")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        export_workbook(file, _Steps(order, len(SHEETS)))
    return Result(_("已导出，可以下载。"))
