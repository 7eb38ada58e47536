"""What stands beside a firm's service record, and a member's own shortcuts, marked."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.services.log_models import (
    EntryTemplate,
    FollowUpNote,
    InspectionRule,
    SavedFilter,
    ServiceFile,
    ServiceFileContent,
    ServiceFollowUp,
)

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room", day: date) -> None:
    """Add a follow-up, a file for the firm alone and one for the office, shortcuts and a rule."""
    token, service_id, now = room.token, UUID(room.ids["record_id"]), clock.now()
    follow_up = ServiceFollowUp(
        service_id=service_id,
        day=day,
        outcome=f"跟进结果{token}",
        created_at=now,
        note=FollowUpNote(content=f"跟进{token}"),
    )
    kinds = (("opinion", False), ("photo", True))
    files = [
        ServiceFile(
            service_id=service_id,
            kind=kind,
            name=f"{kind}{token}.jpg",
            ending=".jpg",
            size_bytes=1,
            digest=f"{kind}{token}",
            is_shared=shared,
            arrived_at=now,
        )
        for kind, shared in kinds
    ]
    owner = UUID(room.ids["membership_id"])
    template = EntryTemplate(
        membership_id=owner, name=f"模板{token}", kind="consultation", position=1
    )
    kept = SavedFilter(
        membership_id=owner, name=f"筛选{token}", asked={"q": token}, is_shared=True, made_at=now
    )
    db.session.add_all([follow_up, *files, template, kept, InspectionRule(thin_letters=10)])
    db.session.flush()
    db.session.add_all(ServiceFileContent(file_id=f.id, content=token.encode()) for f in files)
    db.session.flush()
    room.note(
        follow_up_id=follow_up.id,
        service_file_id=files[0].id,
        template_id=template.id,
        filter_id=kept.id,
    )
