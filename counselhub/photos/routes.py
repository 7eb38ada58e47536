"""Photos for the phone's queue that sends them, and for who looks at one."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core.access import current_member, fetch, goes_on, require
from counselhub.core.downloads import attachment
from counselhub.core.errors import DomainError, FrozenError, NotFoundError
from counselhub.core.permissions import Permission
from counselhub.duty.actions import adviser_of
from counselhub.photos import actions, forms, queries, rules
from counselhub.photos.models import SessionPhoto

bp = Blueprint("photos", __name__)
JPEG = "image/jpeg"


@bp.post("/duty/photos")
@require(Permission.DUTY_LOG)
@goes_on
def queue_photo() -> ResponseReturnValue:
    """Keep a photo that waited on the phone: 425 is sent again later, a refusal is told once.

    The phone lets a refused picture go on 409, 410 and 422 alone, and not where `again` says that
    something else is to be done first.
    """
    by = current_member()
    try:
        named = UUID(request.form.get("of", ""))
    except ValueError as nonsense:
        raise NotFoundError() from nonsense
    try:
        session = actions.session_of(adviser_of(by), named)
        photo = actions.add(session, forms.sent(), by=by)
    except DomainError as refusal:
        again = isinstance(refusal, actions.FullError | FrozenError)
        return jsonify(words=refusal.message, again=again), refusal.status
    verdict = queries.verdict_of(queries.fact_of(photo), session)
    return jsonify(words=verdict.label, tone=rules.TONES[verdict])


@bp.get("/duty/photos/<uuid:photo_id>")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def photo(photo_id: UUID) -> Response:
    """Show a photo as it is kept."""
    return _picture(photo_id, small=False)


@bp.get("/duty/photos/<uuid:photo_id>/thumb")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def thumb(photo_id: UUID) -> Response:
    """Show a photo small."""
    return _picture(photo_id, small=True)


def _picture(photo_id: UUID, *, small: bool) -> Response:
    found = fetch(SessionPhoto, photo_id)
    content = queries.content_of(found, small=small)
    if content is None:
        raise NotFoundError(_("照片的保存期限已过，图像已清除。"))
    return attachment(content, f"{found.arrived_at:%Y%m%d-%H%M}.jpg", JPEG, is_shown=True)
