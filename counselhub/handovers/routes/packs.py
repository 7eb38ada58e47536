"""Packs: who still has to take over, one pack line by line, its papers."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.assignments.kinds import AssignmentRole, EndCause
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import attachment
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.handovers import actions, document, queries
from counselhub.handovers.forms import TakingForm
from counselhub.handovers.kinds import LineKind, PackStatus
from counselhub.handovers.models import HandoverPack
from counselhub.handovers.queries import Asked
from counselhub.handovers.routes.blueprint import P, bp

PAGE = "handovers/pack.html"
PDF = "application/pdf"


@bp.get("/handovers")
@require(P.FIRM_READ)
def packs() -> ResponseReturnValue:
    """List the handovers in sight, open ones unless all are asked for."""
    asked = Asked(request.args.get("status", "open"), request.args.get("q", "").strip())
    sort = sorting.asked_sort(queries.SORTS)
    page = paging.paged(queries.packs(asked, sort))
    return htmx.show(
        "handovers/packs.html",
        page=page,
        waiting=queries.waiting_lines(page.items, current_member()),
        open_count=queries.open_packs(),
        asked=asked,
        sort=sort,
        Cause=EndCause,
        today=clock.today(),
    )


@bp.get("/handovers/<uuid:pack_id>")
@require(P.FIRM_READ)
def pack(pack_id: UUID) -> ResponseReturnValue:
    """Show what is handed over, and the notice to the community."""
    return htmx.show(PAGE, **_shown(_fetch(pack_id)))


def _fetch(pack_id: UUID, act: Any = None) -> HandoverPack:
    return fetch(HandoverPack, pack_id, act, *queries.NAMES)


def _shown(
    row: HandoverPack, *, form: TakingForm | None = None, refusal: str = ""
) -> dict[str, Any]:
    lines = queries.lines_of(row.id, current_member())
    typed = form is not None
    form = form or TakingForm(formdata=None, revision=row.revision)
    return {
        "pack": row,
        "lines": lines,
        "form": form,
        "taken": form.taken(lines) if typed else {one.id for one in lines if one.taken_at},
        "remarks": form.remarks(lines) if typed else {one.id: one.remark or "" for one in lines},
        "notice": document.notice(row, current_member().title),
        "may_take": row.status == PackStatus.OPEN and can(P.HANDOVER_TAKE, row),
        "Kind": LineKind,
        "Cause": EndCause,
        "role": AssignmentRole.of(row.role).label,
        "refusal": refusal,
    }


@bp.post("/handovers/<uuid:pack_id>/taking")
@require(P.HANDOVER_TAKE)
def create_taking(pack_id: UUID) -> ResponseReturnValue:
    """Keep what was ticked and remarked; sign for it when that was pressed."""
    row, form = _fetch(pack_id, P.HANDOVER_TAKE), TakingForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, form=form))
    try:
        _take(row, form)
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(_fetch(pack_id), refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        return htmx.invalid(PAGE, **_shown(_fetch(pack_id), form=form, refusal=refusal.message))
    return htmx.gone_to(url_for(".pack", pack_id=pack_id))


def _take(row: HandoverPack, form: TakingForm) -> None:
    by = current_member()
    lines = queries.lines_of(row.id, by)
    left = actions.take(row, form.taken(lines), form.remarks(lines), by=by, revision=form.seen)
    if form.act.data == "sign":
        db.session.flush()
        actions.sign(row, by=by)
        flash(_("已签收，交接完成"), "success")
    else:
        words = _("已保存，还有%(count)s项待接", count=left) if left else _("已保存，可以签收了")
        flash(words, "success")


@bp.get("/handovers/<uuid:pack_id>/pack.pdf")
@require(P.FIRM_READ)
def pack_pdf(pack_id: UUID) -> ResponseReturnValue:
    """Show the pack on A4, with the places to sign."""
    row, by = _fetch(pack_id), current_member()
    lines = queries.lines_of(row.id, by)
    name = f"交接清单-{row.community.short_name}-{row.starts_on:%Y%m%d}.pdf"
    return attachment(document.pack_pdf(row, lines, by.title), name, PDF, is_shown=True)


@bp.get("/handovers/<uuid:pack_id>/notice.pdf")
@require(P.FIRM_READ)
def notice_pdf(pack_id: UUID) -> ResponseReturnValue:
    """Show the notice to the community on A4."""
    row = _fetch(pack_id)
    name = f"更换法律顾问告知函-{row.community.short_name}.pdf"
    paper = document.notice_pdf(row, current_member().title)
    return attachment(paper, name, PDF, is_shown=True)
