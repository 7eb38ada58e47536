"""Photos and confirmations of a firm's session, each marked with the firm's token."""

from uuid import UUID

from counselhub.confirmations.models import (
    ConfirmationLink,
    ConfirmationRequest,
    SessionAnswer,
)
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.photos.models import PhotoContent, SessionPhoto
from tests.factories import Tenant


def add(tenant: Tenant, token: str, session_id: UUID) -> dict[str, object]:
    """Add a photo and an answered request to a session; return their ids."""
    now, town = clock.now(), tenant.town
    photo = SessionPhoto(
        session_id=session_id,
        adviser_id=tenant.adviser_id,
        digest=f"photo{token}",
        arrived_at=now,
        width=4,
        height=3,
    )
    request = ConfirmationRequest(
        community_code=town.communities[0],
        street_code=town.street_code,
        session_id=session_id,
        status="answered",
        made_at=now,
        made_by=f"律师{token}",
        expires_at=now,
        answered_at=now,
        office="staff",
    )
    db.session.add_all([photo, request])
    db.session.flush()
    answer = SessionAnswer(
        request_id=request.id,
        session_id=session_id,
        answer="disputed",
        words=f"不符{token}",
        answered_at=now,
    )
    picture = token.encode()
    content = PhotoContent(photo_id=photo.id, picture=picture, thumb=picture)
    db.session.add_all([answer, content])
    db.session.flush()
    with as_platform():
        link = ConfirmationLink(
            digest=f"link{token}", firm_id=tenant.firm_id, request_id=request.id
        )
        db.session.add(link)
    return {"photo_id": photo.id, "request_id": request.id, "answer_id": answer.id}
