"""Acts on the follow-ups of a record."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import show_refusal
from counselhub.core.permissions import Permission
from counselhub.services import follow_ups
from counselhub.services.log_forms import FollowUpForm, follow_up_form
from counselhub.services.models import ServiceRecord
from counselhub.services.routes.blueprint import bp
from counselhub.services.routes.entry import shown_whole


@bp.post("/services/<uuid:record_id>/follow-ups")
@require(Permission.SERVICE_LOG)
def create_follow_up(record_id: UUID) -> ResponseReturnValue:
    """Add what was done later on a matter."""
    found = fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)
    form = follow_up_form(sent=True)
    if not form.validate_on_submit():
        return shown_whole(htmx.invalid, found, follow_up_form=form)
    try:
        follow_ups.add(found, form.step(), by=current_member())
    except RefusedError as refusal:
        show_refusal(form.content, refusal)
        return shown_whole(htmx.invalid, found, follow_up_form=form)
    except ConflictError as refusal:
        return _refused(record_id, refusal, form)
    return htmx.gone_to(url_for(".record", record_id=record_id, _anchor="follow-ups"))


def _refused(
    record_id: UUID, refusal: ConflictError, form: FollowUpForm | None = None
) -> ResponseReturnValue:
    db.session.rollback()
    found = fetch(ServiceRecord, record_id)
    kept = {"follow_up_form": form} if form else {}
    return shown_whole(htmx.refused, found, refusal.message, **kept)


@bp.post("/services/<uuid:record_id>/follow-ups/<uuid:follow_up_id>/removal")
@require(Permission.SERVICE_LOG)
def create_follow_up_removal(record_id: UUID, follow_up_id: UUID) -> ResponseReturnValue:
    """Take a follow-up back."""
    found = fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)
    try:
        follow_ups.remove(found, follow_up_id, by=current_member())
    except ConflictError as refusal:
        return _refused(record_id, refusal)
    return htmx.gone_to(url_for(".record", record_id=record_id, _anchor="follow-ups"))
