"""Keys change while rows stay readable; what cannot be opened is named and left."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from counselhub.cli import cli
from counselhub.clients import rotation, seals
from counselhub.core import sealing
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, key_of
from counselhub.core.tenancy import as_platform, as_scope
from tests.clients.conftest import NAME, PHONE, MakeClient, stored
from tests.factories import Tenant

pytestmark = pytest.mark.sweeping

NEW = sealing.new_key("fresh")


@pytest.fixture
def old(app: Flask) -> Iterator[KeyRing]:
    """The keys as they are, given back afterwards together with what the rows then need."""
    kept: KeyRing = app.extensions["data_keys"]
    yield kept
    app.extensions["data_keys"] = KeyRing({**kept.keys, **sealing.parse(NEW).keys})
    with app.app_context():
        rotation.rotate()
    app.extensions["data_keys"] = kept


def put_first(app: Flask, old: KeyRing) -> None:
    app.extensions["data_keys"] = KeyRing({**sealing.parse(NEW).keys, **old.keys})


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(cli, [*arguments, "--json"], obj=nullcontext)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_rotation_reseals_in_batches_and_retires_the_former_key(
    app: Flask,
    tenant: Tenant,
    make_client: MakeClient,
    old: KeyRing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    made = [make_client(phone=f"138000001{place:02d}") for place in range(5)]
    put_first(app, old)
    with app.app_context():
        done = run("keys", "rotate")
        assert done["key"] == "fresh"
        assert done["resealed"] >= 5
        assert old.writing in done["retired"], done
        assert done["unreadable"] == []
        assert run("keys", "rotate")["resealed"] == 0
        listed = {row["id"]: row for row in run("keys", "list")["keys"]}
        assert listed["fresh"] == {"id": "fresh", "writes": True, "present": True, "needed": True}
        assert listed[old.writing]["needed"] is False
    app.extensions["data_keys"] = sealing.parse(NEW)
    with app.app_context(), as_scope(tenant.scope):
        row = stored(tenant, made[3])
        assert seals.opened(row).phone == "13800000103"
        assert {key_of(row.name_sealed or ""), key_of(row.phone_digest or "")} == {"fresh"}
        assert row.revision == 1


def test_what_was_stopped_goes_on(
    app: Flask, make_client: MakeClient, old: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 1)
    for place in range(3):
        make_client(phone=f"138000002{place:02d}")
    put_first(app, old)
    whole, turns = rotation._batch, iter((True, True))

    def stopped(*given: Any) -> UUID | None:
        if not next(turns, False):
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(rotation, "_batch", stopped)
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        rotation.rotate()
    monkeypatch.setattr(rotation, "_batch", whole)
    with app.app_context():
        db.session.rollback()
        assert rotation.rotate().resealed >= 1


def test_a_row_that_does_not_open_is_named_and_its_key_kept(
    app: Flask, tenant: Tenant, make_client: MakeClient, old: KeyRing
) -> None:
    client_id = make_client()
    with app.app_context(), as_scope(tenant.scope):
        kept = stored(tenant, client_id).name_sealed or ""
        _set_name(client_id, kept[:-6] + "AAAAAA")
        db.session.commit()
    put_first(app, old)
    with app.app_context():
        done = run("keys", "rotate")
        assert {"firm": tenant.code, "client": str(client_id)} in done["unreadable"]
        assert old.writing not in done["retired"]
        assert NAME not in json.dumps(done, ensure_ascii=False)
    with app.app_context(), as_scope(tenant.scope):
        row = stored(tenant, client_id)
        assert seals.masked(row).is_unreadable
        assert seals.opened(row).phone == PHONE
        _set_name(client_id, kept)
        db.session.commit()


def _set_name(client_id: UUID, sealed: str) -> None:
    changed = {"sealed": sealed, "id": client_id}
    db.session.execute(text("update client set name_sealed = :sealed where id = :id"), changed)


def test_the_platform_itself_reads_no_client(app: Flask, make_client: MakeClient) -> None:
    make_client()
    with app.app_context(), as_platform():
        assert db.session.scalar(text("select count(*) from client")) == 0


def test_a_new_key_is_one_that_the_setting_takes() -> None:
    printed = CliRunner().invoke(cli, ["keys", "new"]).output
    assert len(sealing.parse(printed).keys) == 1
