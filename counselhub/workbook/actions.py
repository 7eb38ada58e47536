"""Try a workbook and import it: all of it in one transaction, or nothing."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.closing.actions import guarded
from counselhub.core import history
from counselhub.core.db import take_lock
from counselhub.core.errors import ConflictError, FaultsError
from counselhub.core.members import Member
from counselhub.work.running import Step, silent
from counselhub.workbook.apply import Writer
from counselhub.workbook.findings import Findings
from counselhub.workbook.plan import Plan, make_plan
from counselhub.workbook.shapes import Ids


@dataclass(frozen=True)
class FirmData:
    """The subject of an import in the firm's history: all of its data."""

    firm_id: UUID
    id: UUID
    __tablename__ = "workbook"


def try_workbook(data: bytes, step: Step = silent) -> Plan:
    """Return what importing `data` into the present firm would do; nothing is written."""
    return make_plan(data, step)


def import_workbook(
    data: bytes,
    *,
    by: Member,
    name: str = "",
    expected: str | None = None,
    step: Step = silent,
) -> Plan:
    """Import `data` into the firm of `by`; a second import of the same file changes nothing.

    name: the file's, for the history. expected: the signature of the plan that the reader agreed
    to. step: told what begins. Raises FaultsError with every fault, ConflictError when somebody
    else changed the data meanwhile (its `row` is the plan as it now is); then nothing is written.
    """
    _take_turn(by.firm_id)
    plan = make_plan(data, step)
    if expected is not None and expected != plan.signature():
        raise ConflictError(
            _("试读之后数据有了变动，没有导入任何内容。下面是最新的试读结果，请核对后再导入。"),
            row=plan,
        )
    if plan.findings.faults:
        raise FaultsError(
            refusal(plan.findings),
            [finding.document() for finding in plan.findings.faults],
        )
    _write(plan, by, step)
    detail: dict[str, Any] = {"file": name, "sha256": plan.digest, "sheets": plan.counts()}
    history.record(FirmData(by.firm_id, by.firm_id), "import", by=by, **detail)
    return plan


def refusal(findings: Findings) -> str:
    """Say that a file with these faults was not imported."""
    return str(_("文件有 %(count)d 处错误，没有导入任何数据。", count=len(findings.faults)))


def _take_turn(firm_id: UUID) -> None:
    """Let one import a firm run at a time: the second sees what the first one wrote."""
    take_lock(f"workbook {firm_id}")


def _write(plan: Plan, by: Member, step: Step) -> None:
    try:
        with guarded():
            Writer(by.firm_id, Ids.of(plan.sheets), by).write(plan.sheets, step)
    except IntegrityError as error:
        raise ConflictError(
            _("导入期间有人改动了同样的数据，没有导入任何内容。请重新试读后再导入。")
        ) from error
