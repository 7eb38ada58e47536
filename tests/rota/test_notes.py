"""A note of hand-over may name clients: it goes when its time is over, the turn stays."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.retention.actions import run
from counselhub.retention.kinds import Kept
from counselhub.retention.rules import periods
from counselhub.rota.models import HandoverNote, OnlineTurn
from tests.factories import Tenant
from tests.rota.conftest import at

pytestmark = pytest.mark.usefixtures("noon")


def test_old_notes_go_and_turns_stay(
    app: Flask, tenant: Tenant, make_rota: Callable[..., UUID]
) -> None:
    rota_id = make_rota()
    query = select(OnlineTurn).where(OnlineTurn.rota_id == rota_id)
    with app.test_request_context(), as_scope(tenant.scope):
        turns = db.session.scalars(query.order_by(OnlineTurn.starts_at)).all()
        for turn in (turns[0], turns[-1]):
            turn.note = HandoverNote(matters="漏水", whom_to_call="", written_at=clock.now())
        old, young = str(turns[0].id), str(turns[-1].id)
        db.session.commit()
    only = dict.fromkeys(Kept) | {Kept.HANDOVER_NOTE: periods("")[Kept.HANDOVER_NOTE]}
    with app.app_context(), clock.frozen(at(12) + timedelta(days=185)):
        for dry in (True, False):
            (swept,) = run(only, dry=dry)
            assert swept.ids[tenant.code] == [old]
        assert swept.done >= 1
        (again,) = run(only, dry=False)
        assert tenant.code not in again.ids
    with app.test_request_context(), as_scope(tenant.scope):
        left = db.session.scalars(select(HandoverNote.turn_id)).all()
        assert [str(turn_id) for turn_id in left] == [young]
        assert len(db.session.scalars(query).all()) > 20
