"""Marks of the office: points given or taken of a firm's month in a community."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.packs import mark_actions, queries
from counselhub.packs.forms import MarkForm
from counselhub.packs.mark_actions import Mark
from counselhub.packs.mark_models import PerformanceMark
from counselhub.packs.routes.blueprint import bp

P = Permission


@bp.get("/performance")
@require(P.POINTS_MARK, P.FIRM_READ)
def marks() -> ResponseReturnValue:
    """List a month's marks: of the street for its office, the own ones for a firm."""
    return htmx.show("packs/marks.html", **_page())


@bp.post("/performance")
@require(P.POINTS_MARK)
def create_mark() -> ResponseReturnValue:
    """Enter a mark."""
    form = _form()
    if not form.validate_on_submit():
        return htmx.invalid("packs/marks.html", **_page(form))
    mark = Mark(
        UUID(given(form.firm_id)),
        given(form.community_code),
        form.first_day,
        given(form.points),
        text(form.reason),
    )
    try:
        mark_actions.enter(mark, by=current_member())
    except ConflictError as conflict:
        return htmx.refused("packs/marks.html", **_page(form), refusal=conflict.message)
    except RefusedError as refusal:
        show_refusal(form.reason, refusal)
        return htmx.invalid("packs/marks.html", **_page(form))
    flash(_("已登记 %(points)s 分", points=f"{mark.points:+d}"), "success")
    return htmx.gone_to(url_for(".marks", month=given(form.month)))


@bp.post("/performance/<uuid:mark_id>/removal")
@require(P.POINTS_MARK)
def create_mark_removal(mark_id: UUID) -> ResponseReturnValue:
    """Take a mark back."""
    row = fetch(PerformanceMark, mark_id)
    month = row.month
    try:
        mark_actions.remove(row, by=current_member())
    except ConflictError as conflict:
        return htmx.refused("packs/marks.html", **_page(), refusal=conflict.message)
    flash(_("已撤销评分"), "success")
    return htmx.gone_to(url_for(".marks", month=f"{month:%Y-%m}"))


def _form() -> MarkForm:
    """Return the form; it offers who serves where in the month that is asked for or sent."""
    month = paging.month_of(request.form.get("month")) or paging.asked_month()
    form = MarkForm(data={"month": f"{month:%Y-%m}"})
    served = queries.served(month)
    form.firm_id.choices = list({str(firm_id): name for firm_id, name, *_ in served}.items())
    form.community_code.choices = list({code: place for *_, code, place in served}.items())
    return form


def _page(form: MarkForm | None = None) -> dict[str, Any]:
    month = paging.month_of(request.form.get("month")) or paging.asked_month()
    sort = request.args.get("sort", "-made")
    direction = "-" if request.args.get("direction") == "desc" else ""
    words = request.args.get("q", "")
    return {
        "page": paging.paged(queries.marks(month, words, f"{direction}{sort}")),
        "month": month,
        "months": paging.month_links(month),
        "sort": sort,
        "direction": request.args.get("direction", "asc"),
        "words": words,
        "form": form or _form(),
    }
