"""Photos of activities: shown to whoever sees the activity, deleted by the firm."""

from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.downloads import attachment
from counselhub.core.errors import ConflictError, NotFoundError
from counselhub.pairings import activity_actions, work_queries
from counselhub.pairings.models import Pairing
from counselhub.pairings.routes.blueprint import P, bp
from counselhub.pairings.work_models import ActivityPhoto, PairingActivity

JPEG = "image/jpeg"


@bp.get("/pairings/photos/<uuid:activity_photo_id>")
@require(P.FIRM_READ, P.REVIEW_READ, P.BUREAU_READ)
def activity_photo(activity_photo_id: UUID) -> Response:
    """Show a photo, written by ourselves."""
    return _picture(activity_photo_id, small=False)


@bp.get("/pairings/photos/<uuid:activity_photo_id>/thumb")
@require(P.FIRM_READ, P.REVIEW_READ, P.BUREAU_READ)
def activity_thumb(activity_photo_id: UUID) -> Response:
    """Show a photo small."""
    return _picture(activity_photo_id, small=True)


def _picture(photo_id: UUID, *, small: bool) -> Response:
    found = fetch(ActivityPhoto, photo_id)
    content = work_queries.picture_of(found, small=small)
    if content is None:
        raise NotFoundError(_("照片的保存期限已过，图像已清除。"))
    return attachment(content, f"{found.added_at:%Y%m%d-%H%M}.jpg", JPEG, is_shown=True)


@bp.post("/pairings/photos/<uuid:activity_photo_id>/removal")
@require(P.PAIRING_MANAGE)
def create_photo_removal(activity_photo_id: UUID) -> ResponseReturnValue:
    """Delete a photo."""
    photo = fetch(ActivityPhoto, activity_photo_id)
    activity = fetch(PairingActivity, photo.activity_id)
    pairing = fetch(Pairing, activity.pairing_id)
    back = url_for(".activity", pairing_id=pairing.id, pairing_activity_id=activity.id)
    try:
        activity_actions.remove_photo(photo, activity, pairing, by=current_member())
        flash(_("照片已删除"), "success")
    except ConflictError as conflict:
        flash(conflict.message, "danger")
    return htmx.gone_to(back)
