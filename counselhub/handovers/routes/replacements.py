"""Another lawyer in place of one, in one community."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments import actions as assigning
from counselhub.assignments import queries as assignments
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.assignments.rules import COMFORTABLE_COMMUNITIES
from counselhub.core import clock, history, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import show_refusal
from counselhub.handovers import replacing
from counselhub.handovers.forms import ReplacementForm, replacement_form
from counselhub.handovers.models import HandoverPack
from counselhub.handovers.routes.blueprint import P, bp

PAGE = "handovers/replacement.html"
WITH = (joinedload(Assignment.adviser), joinedload(Assignment.community))


@bp.get("/assignments/<uuid:assignment_id>/replacement")
@require(P.ASSIGN)
def new_replacement(assignment_id: UUID) -> ResponseReturnValue:
    """Ask who comes, from when on and why."""
    old = fetch(Assignment, assignment_id, None, *WITH)
    earliest = old.starts_on + assigning.ONE_DAY
    tomorrow = clock.today() + timedelta(days=1)
    form = replacement_form(
        old.adviser_id,
        starts_on=_day("starts_on") or max(earliest, tomorrow),
        ends_on=_day("ends_on"),
        adviser_id=request.args.get("adviser_id", ""),
        reason=request.args.get("reason", ""),
        revision=old.revision,
    )
    return htmx.show(PAGE, **_shown(old, form))


def _day(name: str) -> date | None:
    return request.args.get(name, type=date.fromisoformat)


@bp.post("/assignments/<uuid:assignment_id>/replacement")
@require(P.ASSIGN)
def create_replacement(assignment_id: UUID) -> ResponseReturnValue:
    """End theirs the day before, begin another's, and make the pack, in one act."""
    old = fetch(Assignment, assignment_id, None, *WITH)
    form = replacement_form(old.adviser_id)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(old, form))
    try:
        history.expect(old, form.seen)
        taker = fetch(Adviser, form.chosen)
        pack = replacing.replace(old, taker, form.change(), by=current_member())
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(_again(assignment_id), form, refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.adviser_id, refusal)
        return htmx.invalid(PAGE, **_shown(_again(assignment_id), form))
    _tell(pack, taker)
    return htmx.gone_to(url_for(".pack", pack_id=pack.id))


def _again(assignment_id: UUID) -> Assignment:
    return fetch(Assignment, assignment_id, None, *WITH)


def _tell(pack: HandoverPack, taker: Adviser) -> None:
    flash(
        _("%(name)s从 %(day)s 起接任，交接清单已生成", name=taker.name, day=pack.starts_on),
        "success",
    )
    led = assignments.communities_led(taker.id, pack.starts_on)
    if led > COMFORTABLE_COMMUNITIES:
        words = _("%(name)s主责的社区已有%(led)s个，偏多，请留意。", name=taker.name, led=led)
        flash(words, "warning")


def _shown(old: Assignment, form: ReplacementForm, *, refusal: str = "") -> dict[str, Any]:
    return {
        "old": old,
        "form": form,
        "days": assigning.days_of(old),
        "role": AssignmentRole.of(old.role).label,
        "refusal": refusal,
    }
