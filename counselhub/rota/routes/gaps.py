"""The gaps of the coming fortnight, and covering one in two taps."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from counselhub.core.forms import given, text
from counselhub.core.permissions import Permission
from counselhub.rota import now_queries, queries, turn_actions
from counselhub.rota.forms import CoverForm
from counselhub.rota.kinds import TurnStatus
from counselhub.rota.models import OnlineTurn, Rota
from counselhub.rota.queries import WHOLE, instant
from counselhub.rota.routes.blueprint import bp
from counselhub.rota.routes.now import told
from counselhub.rota.turn_actions import Target

PAGE = "rota/cover.html"


@bp.get("/rota/gaps")
@require(Permission.FIRM_READ)
def gaps() -> ResponseReturnValue:
    """Show what nobody has in the coming fortnight, by rota."""
    return htmx.show("rota/gaps.html", covered=_just_covered(), **told(now_queries.picture()))


def _just_covered() -> OnlineTurn | None:
    """Return the turn that covered a gap a moment ago, while that can be taken back."""
    turn_id = request.args.get("covered", type=UUID)
    if turn_id is None or not can(Permission.DUTY_MANAGE):
        return None
    try:
        turn = fetch(OnlineTurn, turn_id)
    except NotFoundError:
        return None
    return turn if turn.status == TurnStatus.PLANNED else None


@bp.get("/rota/tables/<uuid:rota_id>/cover")
@require(Permission.DUTY_MANAGE, Permission.DUTY_LOG)
def cover(rota_id: UUID) -> ResponseReturnValue:
    """Offer the lawyers who are free for a gap."""
    rota = fetch(Rota, rota_id, None, *WHOLE)
    return htmx.show(PAGE, **_shown(rota, _asked("from"), _asked("until")))


def _asked(name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if found.tzinfo is None and 2000 <= found.year <= 2100 else None


def _shown(
    rota: Rota, starts: datetime | None, ends: datetime | None, refusal: str = ""
) -> dict[str, Any]:
    mine = current_member().adviser_id
    gap = (starts, ends) if starts and ends and starts < ends else None
    everybody = queries.candidates(rota, gap) if gap else []
    offered = [one for one in everybody if can(Permission.DUTY_MANAGE) or one.adviser_id == mine]
    return {
        "rota": rota,
        "is_asked": gap is not None,
        "starts": starts,
        "ends": ends,
        "offered": offered,
        "mine": mine,
        "refusal": refusal,
    }


@bp.post("/rota/tables/<uuid:rota_id>/cover")
@require(Permission.DUTY_MANAGE, Permission.DUTY_LOG)
def create_cover(rota_id: UUID) -> ResponseReturnValue:
    """Let a lawyer take a gap; whoever does not manage takes it for oneself."""
    rota, form = fetch(Rota, rota_id, None, *WHOLE), CoverForm()
    if not form.validate_on_submit():
        raise RefusedError(_("请从空档页重新选择要顶的时段。"))
    starts, ends = given(form.starts), given(form.ends)
    try:
        target = Target(UUID(text(form.adviser_id)), instant(starts), instant(ends))
    except ValueError as nonsense:
        raise NotFoundError() from nonsense
    if target.adviser_id != current_member().adviser_id and not can(Permission.DUTY_MANAGE):
        raise ForbiddenError(_("只能自己顶班，替别人安排请找内勤。"))
    try:
        turn = turn_actions.cover(rota, target, by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(rota, starts, ends, conflict.message))
    except RefusedError as refusal:
        return htmx.invalid(PAGE, **_shown(rota, starts, ends, refusal.message))
    if can(Permission.DUTY_MANAGE):
        return htmx.gone_to(url_for(".gaps", covered=turn.id))
    flash(_("已接下这一班"), "success")
    return htmx.gone_to(url_for(".duty"))
