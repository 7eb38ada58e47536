"""后台任务: what was asked for and how far it is; cancelled, or begun again."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.work import actions, giving, queries
from counselhub.work.kinds import TONES, WorkState
from counselhub.work.models import LongWork
from counselhub.work.running import task_of

bp = Blueprint("work", __name__)
P = Permission
MAY = (P.STATEMENT_READ, P.WORKBOOK)
WORK, PART = "work/work.html", "work/_work.html"


@bp.get("/work")
@require(*MAY)
def works() -> ResponseReturnValue:
    """List what was asked for, newest first."""
    state = WorkState.of_asked(request.args.get("state", ""))
    member = current_member()
    return htmx.show(
        "work/works.html",
        "work/_works.html",
        page=paging.paged(queries.works(member, state)),
        state=state,
        states=WorkState,
        tones=TONES,
        task_of=task_of,
        all=queries.sees_all(member),
    )


@bp.get("/work/<uuid:work_id>")
@require(*MAY)
def work(work_id: UUID) -> ResponseReturnValue:
    """Show one work, how far it is and what came of it."""
    return htmx.show(WORK, PART, **_shown(queries.own(current_member(), work_id)))


def _shown(found: LongWork, refusal: str = "") -> dict[str, object]:
    return {
        "work": found,
        "task": task_of(found.task),
        "tones": TONES,
        "withheld": giving.sentence() if giving.withheld_from(current_member())(found) else "",
        "refusal": refusal,
    }


@bp.post("/work/<uuid:work_id>/cancellation")
@require(*MAY)
def create_cancellation(work_id: UUID) -> ResponseReturnValue:
    """Give a work up that has not ended."""
    return _act(work_id, actions.cancel, _("已取消。"))


@bp.post("/work/<uuid:work_id>/restart")
@require(*MAY)
def create_restart(work_id: UUID) -> ResponseReturnValue:
    """Begin a work again that failed or was cancelled."""
    return _act(work_id, actions.begin_again, _("已重新开始。"))


def _act(work_id: UUID, act: Callable[..., None], sentence: str) -> ResponseReturnValue:
    member: Member = current_member()
    found = queries.own(member, work_id)
    try:
        act(found, by=member)
    except ConflictError as conflict:
        return htmx.refused(WORK, PART, **_shown(queries.own(member, work_id), conflict.message))
    flash(sentence, "success")
    return htmx.gone_to(url_for(".work", work_id=work_id))
