"""An archive holds every row, whoever asks for it: also what its asker is walled off from."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from counselhub.core import tenancy
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.leaving.archives import TASK
from counselhub.matters.models import Matter, MatterService, MatterWall
from counselhub.people.models import Person
from counselhub.services.log_models import ServiceFile
from counselhub.services.models import ServiceNote
from counselhub.tenants import making, restoring
from counselhub.tenants.making import Whose
from counselhub.work import files
from counselhub.work.models import LongWork
from tests import factories
from tests.isolation.world import Furnished
from tests.tenants.test_round_trip import rows_of
from tests.work.worker import empty_queue, work

PASSPHRASE = "correct horse battery"
HIDDEN = (Matter, MatterService, ServiceNote, ServiceFile)
OF_ASKING = {"account_event", "event_link", "chain_day", "membership", "person", "person_session"}
"""Signing in and asking add rows to these."""


@pytest.fixture(autouse=True)
def emptied(urls: DatabaseUrls) -> Iterator[None]:
    """Leave nothing in the queue."""
    yield
    empty_queue(urls)


@pytest.fixture
def head(app: Flask, furnished: Furnished) -> FlaskClient:
    """A manager without walls."""
    return factories.signed_in(app, furnished.scope, Role.MANAGER)


@pytest.fixture
def walled(app: Flask, furnished: Furnished, head: FlaskClient) -> tuple[FlaskClient, UUID]:
    """Another manager, walled off from the matter of the firm's service."""
    email = factories.account(app, furnished.scope, Role.MANAGER)
    with app.test_request_context():
        with as_platform():
            person_id = db.session.scalars(select(Person.id).where(Person.email == email)).one()
        with as_scope(furnished.scope):
            matter_id = db.session.scalars(select(MatterService.matter_id)).one()
    data = {"whom": f"person:{person_id}", "reason": "relative", "words": "近亲属"}
    assert head.post(f"/matters/{matter_id}/walls", data=data).status_code == 303
    return factories.entered(app, person_id), person_id


def archive_by(app: Flask, urls: DatabaseUrls, client: FlaskClient) -> Path:
    """Ask for an archive on the page, let the worker make it; where it lies."""
    given = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    assert client.post("/leaving/archives", data=given).status_code == 303
    work(app, urls)
    query = select(LongWork).where(LongWork.task == TASK).order_by(LongWork.asked_at.desc())
    with app.app_context(), as_platform():
        made = db.session.scalars(query.limit(1)).one()
        assert made.outcome == "done", made.words
        return files.path_of(made.id, ".zip")


def counts(app: Flask, whose: Whose, person_id: UUID | None) -> list[int]:
    """How many rows of HIDDEN somebody sees."""
    with app.test_request_context(), tenancy.as_person(person_id), as_scope(whose.scope):
        counted = [select(func.count()).select_from(model) for model in HIDDEN]
        return [db.session.scalar(query) or 0 for query in counted]


def test_walled_off_or_not_it_is_the_same(
    app: Flask,
    urls: DatabaseUrls,
    whose: Whose,
    head: FlaskClient,
    walled: tuple[FlaskClient, UUID],
    empty: Flask,
    elsewhere_urls: DatabaseUrls,
) -> None:
    client, person_id = walled
    seen, all_there = counts(app, whose, person_id), counts(app, whose, None)
    assert all(less < more for less, more in zip(seen, all_there, strict=True))
    paths = [archive_by(app, urls, one) for one in (head, client)]
    one, other = map(rows_of, paths)
    assert one.keys() == other.keys()
    assert {name for name, rows in one.items() if other[name] != rows} <= OF_ASKING
    assert [len(other[model.__tablename__]) for model in HIDDEN] == all_there
    with empty.app_context():
        done = restoring.restore(paths[1], elsewhere_urls.owner, passphrase=PASSPHRASE)
    assert done.code == whose.code
    assert counts(empty, whose, None) == all_there


def test_the_maker_is_afterwards_who_he_was(
    app: Flask, whose: Whose, walled: tuple[FlaskClient, UUID], tmp_path: Path
) -> None:
    """Made inside work that somebody asked for, it opens nothing to what follows."""
    with app.app_context(), tenancy.as_person(walled[1]), as_scope(whose.scope):
        before = db.session.scalar(select(func.count()).select_from(Matter))
        making.make(whose, tmp_path / "one.zip")
        assert tenancy.current_person() == walled[1]
        assert db.session.scalar(select(func.count()).select_from(Matter)) == before
        with pytest.raises(KeyboardInterrupt):
            making.make(whose, tmp_path / "two.zip", tick=ended)
        assert db.session.scalar(select(func.count()).select_from(Matter)) == before
        walls = select(func.count()).select_from(MatterWall)
        assert db.session.scalar(walls.where(MatterWall.person_id == walled[1])) == 1


def ended(_done: int, _parts: int) -> None:
    raise KeyboardInterrupt
