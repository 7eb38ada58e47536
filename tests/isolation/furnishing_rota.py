"""A firm's rows of online duty by turns, each marked with the firm's token."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.rota.models import (
    AnswerBoard,
    DutyPhone,
    HandoverNote,
    OnlineTurn,
    Rota,
    RotaPerson,
    RotaStreet,
)
from tests.factories import Tenant

DAY = date(2026, 9, 8)


def add_rota(tenant: Tenant, token: str) -> dict[str, UUID]:
    """Add a rota, a turn of it with its note, a number and a public page; return their ids."""
    rota = Rota(
        name=f"片区{token}",
        length="day",
        changes_at=time(8),
        starts_on=DAY,
        desk_phone=f"1{token}",
        streets=[RotaStreet(street_code=tenant.town.street_code)],
        people=[RotaPerson(place=0, adviser_id=tenant.adviser_id)],
    )
    db.session.add(rota)
    db.session.flush()
    turn = _turn(rota, tenant)
    turn.note = HandoverNote(matters=f"事项{token}", whom_to_call=token, written_at=clock.now())
    phone = DutyPhone(adviser_id=tenant.adviser_id, phone=f"2{token}", is_public=False)
    db.session.add_all([turn, phone])
    db.session.flush()
    with as_platform():
        db.session.add(
            AnswerBoard(
                firm_id=tenant.firm_id,
                place_code=tenant.town.communities[0],
                digest=f"board{token}",
                made_at=clock.now(),
            )
        )
    return {"rota_id": rota.id, "turn_id": turn.id}


def _turn(rota: Rota, tenant: Tenant) -> OnlineTurn:
    def at(day: int) -> datetime:
        return clock.instant(DAY.replace(day=day), time(8))

    values: dict[str, Any] = {"starts_at": at(8), "ends_at": at(9), "taken_at": at(8)}
    return OnlineTurn(rota_id=rota.id, adviser_id=tenant.adviser_id, status="done", **values)
