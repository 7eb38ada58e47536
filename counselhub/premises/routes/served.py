"""What a firm sees of the premises where it serves, and reports from the phone."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import show_refusal
from counselhub.core.permissions import Permission
from counselhub.places.models import Community
from counselhub.places.queries import served
from counselhub.premises import lists, pages, queries, report_actions
from counselhub.premises.forms import plea_form
from counselhub.premises.routes.blueprint import bp

P = Permission
PAGE = "premises/served_room.html"


@bp.get("/premises/served")
@require(P.FIRM_READ)
def served_rooms() -> ResponseReturnValue:
    """List the rooms of the communities that the firm serves."""
    q = request.args.get("q", "").strip()
    return htmx.show(
        "premises/served.html", page=paging.paged(lists.served_rooms(q)), q=q, **pages.words()
    )


def _shown(code: str, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    mine = select(Community).where(Community.code == code, served())
    community = db.session.scalar(mine.options(joinedload(Community.street)))
    if community is None:
        raise NotFoundError()
    room = queries.room_of(code)
    return {
        "community": community,
        "is_served": queries.is_served(code),
        "room": room,
        "photos": queries.files_of_room(room) if room else (),
        "issues": queries.issues_of(code),
        "reports": lists.reports_of(code),
        "form": plea_form(fresh=True),
        "refusal": refusal,
        **pages.words(),
        **forms,
    }


@bp.get("/premises/served/<code>")
@require(P.FIRM_READ)
def served_room(code: str) -> ResponseReturnValue:
    """Show one room, what is being put right there, and the form of a report."""
    return htmx.show(PAGE, **_shown(code))


@bp.post("/premises/served/<code>")
@require(P.DUTY_LOG, P.DUTY_MANAGE)
def create_report(code: str) -> ResponseReturnValue:
    """Tell the office what the community lacks."""
    form = plea_form()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(code, form=form))
    try:
        report_actions.send(code, form.plea(), by=current_member())
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(code, refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.file, refusal)
        return htmx.invalid(PAGE, **_shown(code, form=form))
    flash(_("已报告司法所，处理结果会显示在这里"), "success")
    return htmx.gone_to(url_for(".served_room", code=code))
