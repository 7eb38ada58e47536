"""Rehearsals: asked for, on their way, and what would change."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.errors import RefusedError
from counselhub.core.forms import given, show_refusal
from counselhub.core.permissions import Permission
from counselhub.packs import queries, rehearsing, sheet
from counselhub.packs.forms import RehearsalForm
from counselhub.packs.kinds import RehearsalStatus
from counselhub.packs.models import PackRehearsal, PackVersion
from counselhub.packs.routes.blueprint import bp
from counselhub.packs.routes.examples import examples_page

P = Permission


@bp.post("/packs/versions/<uuid:pack_version_id>/rehearsals")
@require(P.PACK_EDIT)
def create_rehearsal(pack_version_id: UUID) -> ResponseReturnValue:
    """Ask for a rehearsal; a job does it."""
    row, form = fetch(PackVersion, pack_version_id, P.PACK_EDIT), RehearsalForm()
    if form.validate_on_submit():
        try:
            made = rehearsing.ask(row, given(form.months), by=current_member())
        except RefusedError as refusal:
            show_refusal(form.months, refusal)
        else:
            flash(_("已开始排队，完成后在这里看结果"), "success")
            return htmx.gone_to(url_for(".rehearsal", pack_rehearsal_id=made.id))
    page = examples_page(row) | {"rehearsing": form}
    return htmx.invalid("packs/examples.html", **page)


@bp.get("/packs/rehearsals/<uuid:pack_rehearsal_id>")
@require(P.PACK_READ)
def rehearsal(pack_rehearsal_id: UUID) -> ResponseReturnValue:
    """Show how far a rehearsal is, and its result by firm, community or month."""
    row = fetch(PackRehearsal, pack_rehearsal_id)
    return htmx.show("packs/rehearsal.html", "packs/_rehearsal.html", **_page(row))


@bp.get("/packs/rehearsals/<uuid:pack_rehearsal_id>.xlsx")
@require(P.PACK_READ)
def rehearsal_xlsx(pack_rehearsal_id: UUID) -> ResponseReturnValue:
    """Hand out every row of a rehearsal as a workbook."""
    row = fetch(PackRehearsal, pack_rehearsal_id)
    name = f"试算-{row.version.pack.code}-第{row.version.number}版-{clock.today():%Y%m%d}.xlsx"
    return attachment(sheet.xlsx(row), name, XLSX)


def _page(row: PackRehearsal) -> dict[str, Any]:
    by, sort = request.args.get("by", "firm"), _sort()
    now_fen, then_fen = queries.sums(row.id)
    return {
        "rehearsal": row,
        "page": paging.paged(queries.rehearsed(row.id, by, sort)),
        "by": by if by in queries.BY else "firm",
        "sort": sort,
        "now_fen": now_fen,
        "then_fen": then_fen,
        "is_stale": rehearsing.digest(row.version) != row.terms_digest,
        "stages": RehearsalStatus,
    }


def _sort() -> str:
    """Return the key that the address asks for, `-key` downwards; the largest change first."""
    key = request.args.get("sort", "change")
    down = request.args.get("direction", "desc" if key == "change" else "asc") == "desc"
    key = key if key in queries.SORTS else "change"
    return f"-{key}" if down else key
