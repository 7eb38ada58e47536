"""Files of premises: photos are shown, scans are handed out; whoever sees the row sees them."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import undefer

from counselhub.core.access import fetch, require
from counselhub.core.downloads import attachment
from counselhub.core.errors import NotFoundError
from counselhub.core.permissions import Permission
from counselhub.premises.kinds import FileKind
from counselhub.premises.models import PremisesFile, PremisesReport
from counselhub.premises.routes.blueprint import bp

P = Permission
JPEG, PDF = "image/jpeg", "application/pdf"


@bp.get("/premises/files/<uuid:premises_file_id>")
@require(P.PREMISES_READ)
def file(premises_file_id: UUID) -> ResponseReturnValue:
    """Show a photo that we wrote anew, hand out a scan as it came."""
    row = fetch(PremisesFile, premises_file_id, None, undefer(PremisesFile.content))
    name = f"{FileKind.of(row.kind).word}-{row.arrived_at:%Y%m%d}-{row.digest[:8]}"
    if row.is_photo:
        return attachment(row.content, f"{name}.jpg", JPEG, is_shown=True)
    return attachment(row.content, f"{name}.pdf", PDF)


@bp.get("/premises/files/<uuid:premises_file_id>/thumb")
@require(P.PREMISES_READ)
def thumb(premises_file_id: UUID) -> ResponseReturnValue:
    """Show a photo in small."""
    row = fetch(PremisesFile, premises_file_id, None, undefer(PremisesFile.thumb))
    if row.thumb is None:
        raise NotFoundError()
    return attachment(row.thumb, f"{row.digest[:8]}.jpg", JPEG, is_shown=True)


@bp.get("/premises/served/photos/<uuid:room_photo_id>")
@require(P.FIRM_READ)
def room_photo(room_photo_id: UUID) -> ResponseReturnValue:
    """Show a room's photo to a firm that serves there."""
    row = fetch(PremisesFile, room_photo_id, None, undefer(PremisesFile.content))
    return attachment(row.content, f"{row.digest[:8]}.jpg", JPEG, is_shown=True)


@bp.get("/premises/reports/<uuid:report_id>/photo")
@require(P.PREMISES_READ, P.FIRM_READ)
def report_photo(report_id: UUID) -> ResponseReturnValue:
    """Show the photo of a report."""
    row = fetch(PremisesReport, report_id, None, undefer(PremisesReport.photo))
    if row.photo is None:
        raise NotFoundError()
    return attachment(row.photo, f"报告-{row.sent_at:%Y%m%d}.jpg", JPEG, is_shown=True)
