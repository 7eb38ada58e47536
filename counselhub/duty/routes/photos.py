"""Photos from the page of a session: sent by a plain form, taken away again."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, goes_on, require
from counselhub.core.db import db
from counselhub.core.errors import DomainError
from counselhub.core.permissions import Permission
from counselhub.duty.models import DutySession
from counselhub.duty.routes.blueprint import bp
from counselhub.duty.routes.sessions import shown
from counselhub.photos import actions, forms
from counselhub.photos.models import SessionPhoto


@bp.post("/duty/sessions/<uuid:session_id>/photos")
@require(Permission.DUTY_LOG)
@goes_on
def create_photo(session_id: UUID) -> ResponseReturnValue:
    """Keep the photo of a form."""
    session = fetch(DutySession, session_id, Permission.DUTY_LOG)
    try:
        actions.add(session, forms.sent(), by=current_member())
    except DomainError as refusal:
        return _refused(session, refusal)
    return _done(session_id, _("已保存照片"))


@bp.post("/duty/photos/<uuid:photo_id>/removal")
@require(Permission.DUTY_LOG)
def create_photo_removal(photo_id: UUID) -> ResponseReturnValue:
    """Take a photo away."""
    photo = fetch(SessionPhoto, photo_id, Permission.DUTY_LOG)
    session = db.session.get_one(DutySession, (photo.firm_id, photo.session_id))
    try:
        actions.remove(photo, by=current_member())
    except DomainError as refusal:
        return _refused(session, refusal)
    return _done(session.id, _("已删除照片"))


def _refused(session: DutySession, refusal: DomainError) -> ResponseReturnValue:
    answer = htmx.refused if refusal.status == 409 else htmx.invalid
    return shown(answer, session, refusal=refusal.message)


def _done(session_id: UUID, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".session", session_id=session_id, _anchor="photos"), 303)
