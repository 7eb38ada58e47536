"""Pages of the workbook: download, template, trial and import."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, require
from counselhub.core.db import db
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.errors import ConflictError, DomainError
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.work.giving import give
from counselhub.work.queries import own
from counselhub.workbook import actions, background, followed, queries, trials
from counselhub.workbook.export import export_workbook
from counselhub.workbook.forms import UploadForm
from counselhub.workbook.layout import SHEETS
from counselhub.workbook.template import write_template
from counselhub.workbook.trials import Trial

bp = Blueprint("workbook", __name__)


@bp.get("/workbook")
@require(Permission.WORKBOOK)
def workbook() -> ResponseReturnValue:
    """Offer export, template and upload; tell the last imports."""
    return htmx.show("workbook/workbook.html", **_context(UploadForm()))


def _context(form: UploadForm) -> dict[str, Any]:
    return {
        "form": form,
        "imports": queries.recent_imports(current_member().firm_id),
        "limit": current_app.config["MAX_CONTENT_LENGTH"] // 2**20,
        "sheets": [sheet.name for sheet in SHEETS],
        "warned": followed.warning(),
        "is_large": background.is_large_export(),
    }


@bp.get("/workbook/export.xlsx")
@require(Permission.WORKBOOK)
@fresh
def export() -> ResponseReturnValue:
    """Send the firm's data; what is much is asked for on the page, and made by the worker."""
    if background.is_large_export():
        flash(_("数据较多，请在本页按“导出全部数据”，在后台导出。"), "info")
        return redirect(url_for(".workbook"), 303)
    return _sent(export_workbook, _name())


def _name() -> str:
    return str(_("全部数据-%(day)s.xlsx", day=clock.today()))


@bp.post("/workbook/exports")
@require(Permission.WORKBOOK)
@fresh
def create_export() -> ResponseReturnValue:
    """Let the worker write the firm's data."""
    return _at_work(background.ask_export(by=current_member()))


def _at_work(work_id: UUID) -> ResponseReturnValue:
    """Lead to where a work is watched."""
    return redirect(url_for("work.work", work_id=work_id), 303)


@bp.get("/workbook/exports/<uuid:work_id>/data.xlsx")
@require(Permission.WORKBOOK)
@fresh
def exported(work_id: UUID) -> ResponseReturnValue:
    """Give the file that the worker wrote, and note who took it."""
    member = current_member()
    found = own(member, work_id, background.EXPORT)
    missing = _("这次导出还没有做好，或者已经到期删除。请重新导出。")
    return give(found, ".xlsx", _name(), XLSX, missing=missing, by=member)


@bp.get("/workbook/template.xlsx")
@require(Permission.WORKBOOK)
def template() -> ResponseReturnValue:
    """Send the empty workbook."""
    return _sent(write_template, _("导入模板.xlsx"))


def _sent(write: Callable[[IO[bytes]], None], name: str) -> Response:
    target = BytesIO()
    write(target)
    return attachment(target.getvalue(), name, XLSX)


@bp.post("/workbook/trials")
@require(Permission.WORKBOOK)
def create_trial() -> ResponseReturnValue:
    """Keep and try an upload, then show what it would do."""
    form = UploadForm()
    if not form.validate_on_submit():
        return htmx.invalid("workbook/workbook.html", **_context(form))
    firm_id, data = current_member().firm_id, form.file.data.read()
    digest = trials.keep(firm_id, data)
    if background.is_large(data):
        name = form.file.data.filename or ""
        return _at_work(background.ask_trial(digest, name, by=current_member()))
    trial = trials.note(firm_id, form.file.data.filename, actions.try_workbook(data))
    return redirect(url_for(".trial", digest=trial.digest), 303)


@bp.get("/workbook/trials/<digest>")
@require(Permission.WORKBOOK)
def trial(digest: str) -> ResponseReturnValue:
    """Show what an import of the tried file would do, every fault by its cell."""
    found = trials.find(current_member().firm_id, digest)
    return htmx.show("workbook/trial.html", **_findings(found))


def _findings(found: Trial) -> dict[str, Any]:
    kind = "warnings" if request.args.get("kind") == "warnings" or found.is_sound else "faults"
    sheet, sort = request.args.get("sheet", ""), request.args.get("sort", "cell")
    direction = request.args.get("direction", "asc")
    page = found.page_of(kind, sheet, sort, direction, request.args.get("page", 1, type=int))
    return {
        "trial": found,
        "kind": kind,
        "sheet": sheet,
        "sort": sort,
        "direction": direction,
        "page": page,
        "faults": found.count_by_sheet("faults"),
        "warnings": found.count_by_sheet("warnings"),
    }


@bp.post("/workbook/trials/<digest>")
@require(Permission.WORKBOOK)
def create_import(digest: str) -> ResponseReturnValue:
    """Import exactly the file that was tried, if it still does what was shown."""
    member = current_member()
    found = trials.find(member.firm_id, digest)
    expected = request.form.get("signature", "")
    try:
        data = trials.file_of(member.firm_id, digest)
        if background.is_large(data):
            return _at_work(background.ask_import(digest, expected, by=member))
        actions.import_workbook(data, by=member, name=found.name, expected=expected)
    except DomainError as refusal:
        return _refused(found, refusal)
    flash(
        _("已导入“%(name)s”：新增或更新 %(count)d 条", name=found.name, count=found.changes),
        "success",
    )
    return redirect(url_for(".workbook"), 303)


def _refused(found: Trial, refusal: DomainError) -> ResponseReturnValue:
    """Show the trial as it is now, with why nothing was imported."""
    db.session.rollback()
    if isinstance(refusal, ConflictError) and refusal.row is not None:
        found = trials.note(current_member().firm_id, found.name, refusal.row)
    flash(refusal.message, "danger")
    return htmx.refused("workbook/trial.html", **_findings(found))
