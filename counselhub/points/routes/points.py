"""The firm's duty points: which communities lack one, set, move and remove."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.points import actions, queries
from counselhub.points.forms import RevisionForm
from counselhub.points.models import DutyPoint
from counselhub.points.routes.blueprint import PAGE, bp, form_of, page_of, place_of


@bp.get("/duty/points")
@require(Permission.DUTY_MANAGE)
def points() -> ResponseReturnValue:
    """List the communities that the firm serves with their points, those without one first."""
    sort = sorting.asked_sort(queries.SORTS)
    words, state = request.args.get("q", "").strip(), request.args.get("state", "")
    served, placed, waiting = queries.counted()
    return htmx.show(
        "points/points.html",
        page=paging.paged(queries.point_list(words, state, sort)),
        words=words,
        state=state,
        sort=sort,
        served=served,
        placed=placed,
        waiting=waiting,
    )


@bp.get("/duty/points/<code>")
@require(Permission.DUTY_MANAGE)
def point(code: str) -> ResponseReturnValue:
    """Show a community's point, what lawyers propose, and its codes."""
    return htmx.show(PAGE, **page_of(place_of(code)))


@bp.post("/duty/points/<code>")
@require(Permission.DUTY_MANAGE)
def update_point(code: str) -> ResponseReturnValue:
    """Set or move a community's point."""
    community = place_of(code)
    form = form_of(queries.point_of(code))
    try:
        if form.validate_on_submit():
            revision = revision_of(form.revision)
            actions.put(community, form.place, revision=revision, by=current_member())
            return _back(code, _("已保存点位，之后的打卡按它判断"))
    except ConflictError as refusal:
        return htmx.refused(PAGE, **page_of(community, refusal=refusal.message))
    except RefusedError as refusal:
        show_refusal(form.pair, refusal)
    return htmx.invalid(PAGE, **page_of(community, form=form))


@bp.post("/duty/points/<code>/removal")
@require(Permission.DUTY_MANAGE)
def create_point_removal(code: str) -> ResponseReturnValue:
    """Take a community's point away."""
    community, form = place_of(code), RevisionForm()
    point = queries.point_of(code)
    if point is not None:
        row = fetch(DutyPoint, point.id, Permission.DUTY_MANAGE)
        try:
            actions.remove(row, revision=revision_of(form.revision), by=current_member())
        except ConflictError as refusal:
            return htmx.refused(PAGE, **page_of(community, refusal=refusal.message))
    return _back(code, _("已删除点位"))


def _back(code: str, toast: str) -> ResponseReturnValue:
    flash(toast, "success")
    return htmx.gone_to(url_for(".point", code=code))
