"""What is done under a firm's agreement, its studio and its card, marked with the firm's token."""

from hashlib import sha256
from io import BytesIO
from typing import Any

from PIL import Image

from counselhub.cards.models import PartyConsent, PublicCard
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.pairings.models import Pairing, PairingRule, PairingScan
from counselhub.pairings.studio_models import PartyStudio
from counselhub.pairings.work_models import (
    ActivityAdviser,
    ActivityNote,
    ActivityPhoto,
    PairingActivity,
    PairingItem,
    PairingProject,
    PlannedActivity,
)


def add_pairing_work(room: Any, pairing: Pairing) -> None:
    """Add lists, a plan, a shared activity with its photo, one that is not, a studio, a card."""
    here, token, day = room.tenant, room.token, pairing.signed_on
    of = {"pairing_id": pairing.id}
    need, resource = (
        PairingItem(**of, kind=kind, party="firm", status="matched", title=f"{kind}{token}")
        for kind in ("need", "resource")
    )
    planned = PlannedActivity(
        **of, year=day.year, month=day.month, theme=f"计划{token}", minutes=60
    )
    draft = Pairing(
        community_code=pairing.community_code,
        street_code=pairing.street_code,
        party_a=f"草稿{token}",
        party_b="乙方",
    )
    scan = PairingScan(
        **of,
        digest=sha256(token.encode()).hexdigest(),
        name=f"{token}.png",
        ending="png",
        size=1,
        added_at=clock.now(),
        added_by_name=token,
        content=token.encode(),
    )
    studio = PartyStudio(
        community_code=pairing.community_code,
        street_code=pairing.street_code,
        name=f"工作室{token}",
        address="一楼",
        members=f"成员{token}",
        opening="每周三",
        is_public=True,
    )
    db.session.add_all([need, resource, planned, draft, scan, studio, PairingRule(notice_days=30)])
    db.session.flush()
    project = PairingProject(
        **of, title=f"项目{token}", need_id=need.id, resource_id=resource.id, outcome=token
    )
    db.session.add(project)
    db.session.flush()
    shared = _activity(room, pairing, plan_id=planned.id, project_id=project.id)
    shared.shared_at = clock.now()
    _activity(room, pairing)
    photo = ActivityPhoto(
        activity_id=shared.id,
        digest=token,
        added_at=clock.now(),
        width=1,
        height=1,
        picture=_picture(token),
        thumb=_picture(token),
    )
    db.session.add_all([photo, PartyConsent(adviser_id=here.adviser_id, agreed_at=clock.now())])
    db.session.flush()
    with as_platform():
        db.session.add(
            PublicCard(
                firm_id=here.firm_id,
                community_code=pairing.community_code,
                digest=f"card{token}",
                made_at=clock.now(),
            )
        )
    room.note(
        activity_photo_id=photo.id,
        pairing_activity_id=shared.id,
        pairing_item_id=need.id,
        pairing_project_id=project.id,
        pairing_scan_id=scan.id,
        party_studio_id=studio.id,
        planned_activity_id=planned.id,
    )


def _activity(room: Any, pairing: Pairing, **given: Any) -> PairingActivity:
    token = room.token
    row = PairingActivity(
        pairing_id=pairing.id,
        street_code=pairing.street_code,
        day=pairing.signed_on,
        theme=f"活动{token}",
        place="社区",
        firm_count=1,
        community_count=1,
        residents_count=0,
        minutes=60,
        summary=f"小结{token}",
        note=ActivityNote(words=f"内部{token}"),
        **given,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(ActivityAdviser(activity_id=row.id, adviser_id=room.tenant.adviser_id))
    return row


def _picture(token: str) -> bytes:
    target = BytesIO()
    Image.new("RGB", (8, 6), "white").save(target, "JPEG", comment=token.encode())
    return target.getvalue()
