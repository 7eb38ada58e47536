"""`counselhub retention`: what is due goes, what is not stays, a dry run touches nothing."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from counselhub.claims.models import CaseClaim
from counselhub.cli import cli
from counselhub.clients import actions, cases
from counselhub.clients.actions import ClientEntry
from counselhub.clients.cases import Party
from counselhub.clients.models import Client, ServiceClient
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import command_member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.people import actions as people
from counselhub.people import credentials
from counselhub.people.kinds import SessionEnd
from counselhub.people.models import SignInLink, SignInSession
from counselhub.retention import actions as retention
from counselhub.retention import sweeping
from tests.clients.conftest import NAME, PHONE, service
from tests.factories import Tenant, number

pytestmark = pytest.mark.sweeping

NOW = datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)
YEARS = timedelta(days=1095)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(NOW):
        yield


def client(app: Flask, tenant: Tenant, *days: date) -> UUID:
    """A client entered four years ago, with a service on each of `days`."""
    with app.test_request_context(), as_scope(tenant.scope):
        with clock.frozen(NOW - timedelta(days=4 * 365)):
            phone = f"1380001{number():04d}"
            for day in days or (date(2022, 10, 9),):
                record = service(tenant, f"{NAME}来电", day=day)
                db.session.add(record)
                db.session.flush()
                made = actions.attach(record, ClientEntry(NAME, phone), by=tenant.member())
                if not days:
                    actions.detach(made, record, by=tenant.member())
        db.session.commit()
        return made.id


def run(app: Flask, *arguments: str) -> dict[str, Any]:
    with app.app_context():
        result = CliRunner().invoke(cli, ["retention", *arguments, "--json"], obj=nullcontext)
    assert result.exit_code == 0, result.output
    assert NAME not in result.output
    assert PHONE[:7] not in result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def due(document: dict[str, Any], tenant: Tenant, kept: str = "client") -> list[str]:
    (swept,) = (one for one in document["classes"] if one["class"] == kept)
    return [row for rows in swept["rows"] if rows["firm"] == tenant.code for row in rows["ids"]]


def is_wiped(app: Flask, tenant: Tenant, client_id: UUID) -> bool:
    with app.app_context(), as_scope(tenant.scope):
        row = db.session.get_one(Client, (tenant.firm_id, client_id))
        return (row.name_sealed, row.phone_sealed, row.phone_digest) == (None, None, None)


def test_clients_without_a_service_for_three_years_are_wiped(
    app: Flask, tenant: Tenant, outsider: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 1)
    last_kept = (NOW - YEARS).date()
    over = [client(app, tenant, last_kept - timedelta(days=1)), client(app, tenant)]
    kept = [
        client(app, tenant, last_kept),
        client(app, tenant, date(2022, 1, 1), date(2026, 10, 1)),
    ]
    elsewhere = client(app, outsider, date(2022, 1, 1))
    listed = run(app, "--dry-run")
    assert listed["dry_run"] is True
    assert due(listed, tenant) == sorted(map(str, over))
    assert due(listed, outsider) == [str(elsewhere)]
    assert not any(is_wiped(app, tenant, one) for one in over)
    done = run(app)
    assert done["classes"][0]["done"] == done["classes"][0]["due"] >= 3
    assert all(is_wiped(app, tenant, one) for one in over)
    assert not any(is_wiped(app, tenant, one) for one in kept)
    assert is_wiped(app, outsider, elsewhere)
    with app.app_context(), as_scope(tenant.scope):
        row = db.session.get_one(Client, (tenant.firm_id, over[0]))
        last = history.of(row)[-1]
        assert (last.act, last.detail, last.actor_name) == ("expire", {"days": 1095}, "命令行")
    assert due(run(app), tenant) == []


def test_a_service_that_came_in_between_keeps_the_client(app: Flask, tenant: Tenant) -> None:
    client_id = client(app, tenant, date(2022, 1, 1))
    sweep = sweeping.Sweep(sweeping.Kept.CLIENT, 1095, (NOW - YEARS).date())
    with app.app_context(), as_scope(tenant.scope):
        record = service(tenant, day=date(2026, 10, 1))
        db.session.add(record)
        db.session.flush()
        row = db.session.get_one(Client, (tenant.firm_id, client_id))
        link = {"service_id": record.id, "client_id": row.id}
        db.session.add(ServiceClient(**link))
        db.session.flush()
        assert retention.wipe_due(sweep)([client_id], command_member(tenant.scope)) == 0
        assert row.erased_at is None
        db.session.rollback()


def test_spent_links_go_and_living_ones_stay(app: Flask, tenant: Tenant) -> None:
    links = {}
    with app.app_context():
        membership = people.join(
            f"r{number()}@example.test", "某甲", tenant.scope, Role.CLERK, adviser_id=None
        )
        person, person_id = membership.person, membership.person.id
        for name, made_at in (("spent", NOW - timedelta(days=90)), ("living", NOW)):
            with clock.frozen(made_at):
                links[name] = credentials.make_link(person)
        with as_platform():
            before = set(db.session.scalars(_digests(person_id)))
        db.session.commit()
    assert len(before) == 2
    run(app, "--dry-run")
    with app.app_context(), as_platform():
        assert set(db.session.scalars(_digests(person_id))) == before
    run(app)
    with app.app_context():
        with as_platform():
            assert len(db.session.scalars(_digests(person_id)).all()) == 1
        assert credentials.link_owner(links["living"]).id == person_id


def test_sessions_go_half_a_year_after_their_end(app: Flask, tenant: Tenant) -> None:
    """One that was left without signing out ends with its last act."""
    last_kept = NOW - timedelta(days=180)
    over, before = last_kept - timedelta(days=1), NOW - timedelta(days=400)
    rows = {
        "ended long ago": (before, over, SessionEnd.SIGN_OUT),
        "left long ago": (over, None, None),
        "ended on the last day that is kept": (before, last_kept, SessionEnd.AGE),
        "left on the last day that is kept": (last_kept, None, None),
        "running": (NOW, None, None),
    }
    with app.app_context():
        member = people.join(f"s{number()}@example.test", "某乙", tenant.scope, Role.CLERK)
        person_id = member.person_id
        made = {
            name: SignInSession(
                person_id=person_id,
                digest=f"{name}{number()}",
                created_at=before,
                last_seen_at=seen,
                confirmed_at=before,
                address="192.0.2.1",
                agent="",
                ended_at=ended,
                ended_why=why.value if why else None,
            )
            for name, (seen, ended, why) in rows.items()
        }
        with as_platform():
            db.session.add_all(made.values())
            db.session.flush()
            ids = {name: str(row.id) for name, row in made.items()}
        db.session.commit()
    gone = {ids["ended long ago"], ids["left long ago"]}
    assert _of(run(app, "--dry-run"), ids) == gone
    assert _of(run(app, "--dry-run"), ids) == gone
    assert _of(run(app), ids) == gone
    assert _of(run(app), ids) == set()
    with app.app_context(), as_platform():
        query = select(SignInSession.id).where(SignInSession.person_id == person_id)
        assert set(map(str, db.session.scalars(query))) == set(ids.values()) - gone


def _of(document: dict[str, Any], ids: dict[str, str]) -> set[str]:
    (swept,) = (one for one in document["classes"] if one["class"] == "sign_in_session")
    return {row for rows in swept["rows"] for row in rows["ids"]} & set(ids.values())


def _digests(person_id: UUID) -> Any:
    return select(SignInLink.digest).where(SignInLink.person_id == person_id)


def test_a_bad_setting_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNSELHUB_RETENTION", "audit=1")
    with app.app_context():
        result = CliRunner().invoke(cli, ["retention"], obj=nullcontext)
    assert result.exit_code == 1
    assert "audit is '1'" in result.output


def test_a_reader_gets_words(app: Flask, tenant: Tenant) -> None:
    client_id = client(app, tenant, date(2022, 1, 1))
    with app.app_context():
        result = CliRunner().invoke(cli, ["retention", "--dry-run"], obj=nullcontext)
    assert "将处理" in result.output
    assert str(client_id) in result.output


def test_a_late_case_keeps_the_client_of_an_early_service(app: Flask, tenant: Tenant) -> None:
    last_kept = (NOW - YEARS).date()
    found = {}
    for closed_on in (last_kept, last_kept - timedelta(days=1)):
        found[closed_on] = client(app, tenant, date(2022, 1, 1))
        with app.test_request_context(), as_scope(tenant.scope):
            claim = CaseClaim(
                number=f"AJ-{closed_on}",
                accepted_on=closed_on,
                closed_on=closed_on,
                community_code=tenant.town.communities[0],
                street_code=tenant.town.street_code,
                adviser_id=tenant.adviser_id,
                difficulty="simple",
                form="oral",
            )
            db.session.add(claim)
            db.session.flush()
            known = db.session.get_one(Client, (tenant.firm_id, found[closed_on]))
            cases.name_client(claim, Party(known), None, by=tenant.member())
            db.session.commit()
    assert due(run(app, "--dry-run"), tenant) == [str(found[last_kept - timedelta(days=1)])]
