"""Exports: upload, try, import, and what came of them."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.attendance import importing, queries, trials
from counselhub.attendance.forms import UploadForm
from counselhub.attendance.kinds import Layout
from counselhub.attendance.models import AttendanceFile
from counselhub.attendance.routes.blueprint import bp
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import RefusedError
from counselhub.core.forms import show_refusal
from counselhub.core.permissions import Permission


@bp.get("/attendance/files")
@require(Permission.DUTY_MANAGE)
def files() -> ResponseReturnValue:
    """Offer the upload; list what was imported."""
    return htmx.show("attendance/files.html", **_files(UploadForm()))


def _files(form: UploadForm) -> dict[str, Any]:
    asked = {"q": request.args.get("q", "").strip()}
    sort = sorting.asked_sort(queries.FILE_SORTS)
    month = clock.this_month()
    return {
        "page": paging.paged(queries.file_list(asked, sort)),
        "asked": asked,
        "sort": sort,
        "tallies": queries.tallies(month, clock.last_day(month)),
        "form": form,
        "layouts": Layout,
        "limit": current_app.config["MAX_CONTENT_LENGTH"] // 2**20,
    }


@bp.post("/attendance/trials")
@require(Permission.DUTY_MANAGE)
def create_trial() -> ResponseReturnValue:
    """Keep and try an upload, then show what it would bring."""
    form = UploadForm()
    if not form.validate_on_submit():
        return htmx.invalid("attendance/files.html", **_files(form))
    data = form.file.data.read()
    try:
        outcome = importing.try_file(data)
    except RefusedError as refusal:
        show_refusal(form.file, refusal)
        return htmx.invalid("attendance/files.html", **_files(form))
    trial = trials.keep(current_member().firm_id, form.file.data.filename, data, outcome)
    return redirect(url_for(".trial", file_digest=trial.digest), 303)


@bp.get("/attendance/trials/<file_digest>")
@require(Permission.DUTY_MANAGE)
def trial(file_digest: str) -> ResponseReturnValue:
    """Show what an import of the tried file would bring, every fault by its cell."""
    found = trials.find(current_member().firm_id, file_digest)
    page = found.faults(request.args.get("page", 1, type=int))
    return htmx.show("attendance/trial.html", trial=found, page=page)


@bp.post("/attendance/trials/<file_digest>")
@require(Permission.DUTY_MANAGE)
def create_import(file_digest: str) -> ResponseReturnValue:
    """Import exactly the file that was tried; the rows at fault are left out."""
    member = current_member()
    found = trials.find(member.firm_id, file_digest)
    data = trials.file_of(member.firm_id, found)
    outcome = importing.import_file(data, by=member, name=found.name)
    told = _("已导入 %(rows)d 行，其中 %(new)d 行带来新打卡。", rows=outcome.rows, new=outcome.new)
    flash(told, "success")
    if outcome.unmatched:
        flash(
            _("还有 %(count)d 人没有对应到律师，请在下面对应。", count=len(outcome.unmatched)),
            "info",
        )
        return redirect(url_for(".accounts", state="waiting"), 303)
    month = outcome.last or clock.today()
    return redirect(url_for(".checks", month=f"{month:%Y-%m}"), 303)


@bp.get("/attendance/files/<uuid:file_id>")
@require(Permission.DUTY_MANAGE)
def file(file_id: UUID) -> ResponseReturnValue:
    """Show one imported file and its faults."""
    found = fetch(AttendanceFile, file_id)
    page = trials.page_of(found.faults, request.args.get("page", 1, type=int))
    return htmx.show("attendance/file.html", file=found, page=page, layout=Layout.of(found.layout))
