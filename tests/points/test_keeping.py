"""How long coordinates stay, and secrets of codes under a new key."""

import json
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from counselhub.cli import cli
from counselhub.clients import rotation
from counselhub.core import clock, config, sealing
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, key_of
from counselhub.core.tenancy import as_scope
from counselhub.duty import punches
from counselhub.points import code_actions, queries
from counselhub.points.kinds import CodeVerdict
from counselhub.points.proof_models import DutyFix, DutyPosition
from counselhub.points.proofs import Brought, scan
from counselhub.points.rules import Fix
from counselhub.wiring import _periods
from tests.duty.conftest import NOON
from tests.duty.tapping import sign_in
from tests.factories import Tenant
from tests.points.conftest import HALL, agree, hall, set_point

pytestmark = pytest.mark.sweeping


def test_coordinates_go_after_their_term_and_what_came_of_them_stays(
    app: Flask, tenant: Tenant
) -> None:
    with app.test_request_context(), as_scope(tenant.scope), clock.frozen(NOON):
        by = tenant.member(adviser_id=tenant.adviser_id)
        set_point(tenant, by)
        agree(by)
        punches.take([sign_in(tenant, NOON, brought=Brought(Fix(HALL, 9)))], by=by)
        db.session.commit()
    for days, left in ((365, 1), (366, 0)):
        with app.app_context(), clock.frozen(NOON + timedelta(days=days)):
            assert sweep() is True
        with app.app_context(), as_scope(tenant.scope):
            assert len(db.session.scalars(select(DutyFix)).all()) == left
            assert db.session.scalars(select(DutyPosition.distance_m)).all() == [0]


def sweep() -> bool:
    """Run the job; whether it knows of positions and tells none."""
    result = CliRunner().invoke(cli, ["retention", "--json"], obj=nullcontext)
    classes: list[dict[str, Any]] = json.loads(result.output)["classes"]
    told = [one for one in classes if one["class"] == "position"]
    return len(told) == 1 and str(HALL.longitude) not in result.output


def test_the_term_is_said_as_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNSELHUB_RETENTION", "position=90")
    assert _periods()["position"] == 90
    monkeypatch.setenv("COUNSELHUB_RETENTION", "position=7")
    with pytest.raises(config.SettingsError, match="position is '7'"):
        _periods()


def test_a_new_data_key_keeps_the_sheet_on_the_wall(app: Flask, tenant: Tenant) -> None:
    old: KeyRing = app.extensions["data_keys"]
    fresh = sealing.parse(sealing.new_key("fresh-codes"))
    with app.test_request_context(), as_scope(tenant.scope):
        row = code_actions.renew_sheet(hall(tenant), by=tenant.member())
        code = str(code_actions.sheet_code(row))
        db.session.commit()
    try:
        app.extensions["data_keys"] = KeyRing({**fresh.keys, **old.keys})
        with app.app_context():
            assert rotation.rotate().secrets >= 1
        with app.app_context(), as_scope(tenant.scope):
            found = queries.code_of(hall(tenant).code)
            assert found
            assert key_of(found.sealed) == "fresh-codes"
            verdict = scan(tenant.adviser_id, hall(tenant).code, code, NOON).verdict
            assert verdict == CodeVerdict.SHEET
    finally:
        app.extensions["data_keys"] = KeyRing({**old.keys, **fresh.keys})
        with app.app_context():
            rotation.rotate()
        app.extensions["data_keys"] = old
