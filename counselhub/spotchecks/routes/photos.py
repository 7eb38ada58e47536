"""Photos of a check: shown to whoever sees the check, taken off before it is published."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.downloads import attachment
from counselhub.core.errors import ConflictError
from counselhub.core.permissions import Permission
from counselhub.spotchecks import actions
from counselhub.spotchecks.models import SpotCheck, SpotPhoto
from counselhub.spotchecks.pictures import MIMETYPE
from counselhub.spotchecks.routes.blueprint import bp


@bp.get("/spot-checks/photos/<uuid:spot_photo_id>")
@require(Permission.SPOT_READ, Permission.FIRM_READ)
def photo(spot_photo_id: UUID) -> ResponseReturnValue:
    """Show a photo, written by ourselves, to whoever sees its check."""
    row = fetch(SpotPhoto, spot_photo_id, None, undefer(SpotPhoto.content))
    fetch(SpotCheck, row.check_id)
    name = f"{row.arrived_at:%Y%m%d-%H%M%S}.jpg"
    return attachment(row.content, name, MIMETYPE, is_shown=True)


@bp.post("/spot-checks/photos/<uuid:spot_photo_id>/removal")
@require(Permission.SPOT_CHECK)
def remove_photo(spot_photo_id: UUID) -> ResponseReturnValue:
    """Take a photo off a check that is not published."""
    row = fetch(SpotPhoto, spot_photo_id)
    check = fetch(SpotCheck, row.check_id)
    back = url_for(".check", spot_check_id=check.id)
    try:
        actions.remove_photo(row, check, by=current_member())
    except ConflictError as conflict:
        flash(conflict.message, "danger")
        return htmx.gone_to(back)
    flash(_("照片已删除"), "success")
    return htmx.gone_to(back)
