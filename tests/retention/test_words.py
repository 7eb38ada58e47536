"""Words about absences, cover and corrections, and what proved them, go when their time is over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.corrections.models import (
    CorrectionFile,
    CorrectionFileContent,
    SessionCorrection,
)
from counselhub.cover.models import AbsenceReason, CoverRequest
from counselhub.retention import actions
from counselhub.retention.kinds import Kept
from counselhub.retention.rules import due_before, periods
from counselhub.roster.models import DutySlot
from tests.factories import Tenant

pytestmark = pytest.mark.sweeping

NOW = datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)
CLASSES = (Kept.ABSENCE, Kept.COVER, Kept.CORRECTION, Kept.CORRECTION_FILE)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(NOW):
        yield


def furnish(tenant: Tenant, day: date) -> dict[Kept, UUID]:
    """Add a slot's reason and request for cover, a correction and its file, all of one day."""
    who: dict[str, Any] = {"adviser_id": tenant.adviser_id}
    place = {
        "community_code": tenant.town.communities[0],
        "street_code": tenant.town.street_code,
    }
    slot = DutySlot(
        turn=1, month=day.replace(day=1), day=day, starts=time(9), ends=time(11), **who, **place
    )
    db.session.add(slot)
    db.session.flush()
    reason = AbsenceReason(
        slot_id=slot.id, code="other", words="病了", evidence="病历", judgement="看过病历",
        status="accepted", given_at=NOW, judged_at=NOW, **who,
    )  # fmt: skip
    request = CoverRequest(slot_id=slot.id, why="ill", words="住院", asked_at=NOW, **who)
    asked = SessionCorrection(
        day=day, signed_in_at=clock.instant(day, time(9)),
        signed_out_at=clock.instant(day, time(11)), reason="phone", words="手机在病房",
        status="refused", answer="没有证明", asked_at=NOW, decided_at=NOW,
        asked_by_name="张三丰", **who, **place,
    )  # fmt: skip
    db.session.add_all([reason, request, asked])
    db.session.flush()
    file = CorrectionFile(
        correction_id=asked.id, place=1, kind="scan", digest="d", size_bytes=3, arrived_at=NOW,
        **who,
    )  # fmt: skip
    db.session.add(file)
    db.session.flush()
    db.session.add(CorrectionFileContent(file_id=file.id, content=b"pdf"))
    return dict(zip(CLASSES, (reason.id, request.id, asked.id, file.id), strict=True))


@pytest.mark.parametrize("kept", CLASSES)
def test_words_go_and_what_was_decided_stays(app: Flask, tenant: Tenant, kept: Kept) -> None:
    days = periods("")[kept]
    assert days is not None
    before = due_before(clock.today(), days)
    with app.app_context(), as_scope(tenant.scope):
        over, due = furnish(tenant, before - timedelta(1)), furnish(tenant, before)
        db.session.commit()
    with app.app_context():
        dry = actions.Sweep(kept, days, before, dry=True)
        actions.sweep(dry)
        assert words(tenant, kept, over[kept]) != GONE[kept]
        sweep = actions.Sweep(kept, days, before)
        actions.sweep(sweep)
    assert dry.ids[tenant.code] == sweep.ids[tenant.code] == [str(over[kept])]
    with app.app_context():
        assert words(tenant, kept, over[kept]) == GONE[kept]
        assert words(tenant, kept, due[kept]) != GONE[kept]
        again = actions.Sweep(kept, days, before)
        actions.sweep(again)
        assert tenant.code not in again.ids
        with as_platform():
            noted = select(func.count()).where(
                AccountEvent.act == "retention_sweep",
                AccountEvent.key == str(tenant.firm_id),
                AccountEvent.detail["what"].astext == kept.value,
            )
            assert db.session.scalar(noted) == 1


GONE: dict[Kept, tuple[Any, ...]] = {
    Kept.ABSENCE: ("other", "accepted", None, None, None),
    Kept.COVER: ("ill", None),
    Kept.CORRECTION: ("phone", "refused", "", None),
    Kept.CORRECTION_FILE: ("d", None),
}


def words(tenant: Tenant, kept: Kept, row_id: UUID) -> tuple[Any, ...]:
    """What is left of a row: first what stays."""
    key = (tenant.firm_id, row_id)
    db.session.expire_all()
    with as_scope(tenant.scope):
        match kept:
            case Kept.ABSENCE:
                row: Any = db.session.get_one(AbsenceReason, key)
                return (row.code, row.status, row.words, row.evidence, row.judgement)
            case Kept.COVER:
                row = db.session.get_one(CoverRequest, key)
                return (row.why, row.words)
            case Kept.CORRECTION:
                row = db.session.get_one(SessionCorrection, key)
                return (row.reason, row.status, row.words, row.answer)
            case _:
                content = db.session.get(CorrectionFileContent, key)
                digest = db.session.get_one(CorrectionFile, key).digest
                return (digest, content and content.content)
