"""A firm deleted: nothing private left, everything that an office holds as it was."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, select, text

from counselhub.audit import proof
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.leaving import contents, deleting
from counselhub.people.departures import Departure, works
from counselhub.people.models import Firm, Person
from counselhub.people.states import DepartureStatus
from counselhub.tenants.contents import classes
from tests.isolation.oracle import Oracle, everything
from tests.isolation.tables import MODELS
from tests.isolation.world import Furnished, World
from tests.leaving.conftest import asked, departure_of

GOVERNMENT = ("its office", "its bureau", "another office", "another bureau")
CHANGED = {
    "receipt_allocation": "receipt_id",
    "packet": "referral_id",
}
"""Columns of shared rows that named private ones; no page of an office shows them."""
NOT_ITS_OWN = {
    "job_fault": "furnished with the token as the place of an error",
    "long_work": "what the office has asked for",
    "person": "somebody of the office",
    "rate_count": "furnished with the token as a key, which is a digest else",
    "sign_in_tries": "likewise",
    "stripe_event": "what Stripe has told, without a firm's name",
}
"""Where the furnished firm's token stands in rows of others."""


@pytest.fixture
def owner(urls: DatabaseUrls) -> Iterator[Connection]:
    """A look at the database by the owner of the tables."""
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def seen(app: Flask, world: World, firm: Furnished) -> dict[str, set[str]]:
    """What government reads of the firm's shared rows, by table, as row security shows it."""
    scopes = world.scopes()
    found: dict[str, set[str]] = {}
    for name in contents.kept_tables():
        alike = f" - '{CHANGED[name]}'" if name in CHANGED else ""
        query = text(f"SELECT (to_jsonb(t){alike})::text FROM {name} t WHERE firm_id = :firm")
        for who in GOVERNMENT:
            with app.app_context(), as_scope(scopes[who]):
                rows = db.session.scalars(query, {"firm": firm.tenant.firm_id})
                found.setdefault(name, set()).update(rows)
    return found


def rows_of(owner: Connection, *firms: Furnished) -> Oracle:
    return everything(owner, {str(firm.tenant.firm_id) for firm in firms})


def of(oracle: Oracle, firm: Furnished, name: str) -> list[Any]:
    key = "id" if name == "firm" else "firm_id"
    return [row for row in oracle.rows[name] if row.get(key) == str(firm.tenant.firm_id)]


@pytest.fixture(scope="module")
def gone(world: World) -> Furnished:
    """The firm that leaves."""
    return world.victim


def test_a_firm_is_deleted(
    app: Flask,
    world: World,
    gone: Furnished,
    owner: Connection,
    hurry: Callable[[UUID], None],
) -> None:
    departure_id = asked(app, gone.tenant)
    with app.app_context():
        deleting.run()
    assert departure_of(app, departure_id).status == DepartureStatus.ASKED
    hurry(departure_id)
    before, shared = rows_of(owner, world.neighbour, world.stranger), seen(app, world, gone)
    with app.app_context():
        deleting.run()
    ended = departure_of(app, departure_id)
    assert ended.status == DepartureStatus.DELETED
    after = rows_of(owner, *world.firms)
    left = {
        name: len(of(after, gone, name))
        for name, kind in classes().items()
        if kind is DataClass.FIRM_PRIVATE and of(after, gone, name)
    }
    assert left == {}
    assert seen(app, world, gone) == shared
    assert sum(map(len, shared.values())) > 60
    others = rows_of(owner, world.neighbour, world.stranger)
    names = [name for name in MODELS if "firm_id" in MODELS[name].__table__.c]
    for name in names:
        for firm in (world.neighbour, world.stranger):
            assert of(others, firm, name) == of(before, firm, name), name


def test_nobody_works_in_it(app: Flask, world: World, gone: Furnished) -> None:
    ids = [firm.tenant.firm_id for firm in world.firms]
    with app.app_context(), as_platform():
        query = select(Firm.id).where(Firm.id.in_(ids), works())
        assert set(db.session.scalars(query)) == set(ids) - {gone.tenant.firm_id}


def test_what_no_office_reads_is_gone(
    app: Flask, world: World, gone: Furnished, owner: Connection
) -> None:
    """Of its shared rows stays what government reads, and what that leans on."""
    after, shared = rows_of(owner, gone), seen(app, world, gone)
    more = {
        name: len(of(after, gone, name)) - len(shared[name])
        for name in contents.kept_tables()
        if len(of(after, gone, name)) != len(shared[name])
    }
    assert set(more) <= set(contents.LEANED_ON) | {"scheme_version"}, more


def test_its_record_is_still_proven(app: Flask, gone: Furnished) -> None:
    with app.app_context():
        report = proof.prove([f"firm:{gone.tenant.firm_id}"], reckon=True)
    assert report.breaks == []
    assert report.pruned > 10
    assert report.statements > 0


def test_its_token_is_nowhere_but_in_what_offices_hold(
    app: Flask, world: World, gone: Furnished, owner: Connection
) -> None:
    """Whatever was marked as the firm's own is gone from every table but these."""
    found = set()
    with owner.begin() as transaction:
        for name in MODELS:
            owner.execute(text(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY"))
            query = text(f"SELECT count(*) FROM {name} t WHERE to_jsonb(t)::text LIKE :token")
            if owner.scalar(query, {"token": f"%{gone.token}%"}):
                found.add(name)
        transaction.rollback()
    kinds = classes()
    shared = set(contents.kept_tables()) | set(contents.STAYS)
    of_others = {
        name
        for name in found
        if kinds[name] in (DataClass.OFFICE, DataClass.BUREAU, DataClass.REFERENCE)
    }
    assert found - shared - of_others == set(NOT_ITS_OWN)


def test_its_people_are_forgotten(app: Flask, gone: Furnished) -> None:
    query = select(Person.email, Person.name).where(Person.email.contains(gone.token.lower()))
    with app.app_context(), as_platform():
        assert [row.email[:7] for row in db.session.execute(query)] == ["office-"]
        gone_by = select(Departure.counts).where(
            Departure.firm_id == gone.tenant.firm_id, Departure.status == DepartureStatus.DELETED
        )
        counts = db.session.scalars(gone_by).one()
    assert counts["people"] > 0
    assert counts["membership"] >= counts["people"]
