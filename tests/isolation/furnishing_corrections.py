"""Files of a furnished firm's requests for correction: one that waits, one that was agreed to."""

from typing import Any
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.corrections.models import (
    CorrectionFile,
    CorrectionFileContent,
    SessionCorrection,
)
from tests.factories import Tenant


def add(tenant: Tenant, token: str, correction_id: UUID) -> dict[str, Any]:
    """Add a photo to every request of the firm; return the id of the waiting one's."""
    of_waiting: dict[str, Any] = {}
    for row in db.session.scalars(db.select(SessionCorrection)).all():
        file = CorrectionFile(
            correction_id=row.id,
            place=1,
            adviser_id=tenant.adviser_id,
            kind="photo",
            digest=f"paper{token}{row.id}",
            size_bytes=len(token),
            arrived_at=clock.now(),
        )
        db.session.add(file)
        db.session.flush()
        content = token.encode()
        db.session.add(CorrectionFileContent(file_id=file.id, content=content, thumb=content))
        if row.id == correction_id:
            of_waiting["attachment_id"] = file.id
    db.session.flush()
    return of_waiting
