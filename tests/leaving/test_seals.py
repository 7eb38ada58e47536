"""What waits sealed while the keys change: a passphrase, the code of a certificate."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text, update

from counselhub.core import sealing
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.sealing import KeyRing, key_of
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.leaving import archives, seals
from counselhub.people.departures import Departure
from counselhub.tenants.making import Whose
from counselhub.work.models import LongWork
from tests.factories import Tenant
from tests.leaving.conftest import asked, departure_of

PHRASE = "一句够长的归档口令"
WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)


@pytest.fixture
def archive(app: Flask, tenant: Tenant) -> UUID:
    """The firm's archive is asked for: a long work whose passphrase waits sealed."""
    whose = Whose(tenant.firm_id, "code", "测试所")
    with app.test_request_context(), as_scope(tenant.scope):
        work_id, _is_new = archives.ask(whose, PHRASE, by=tenant.member())
        db.session.commit()
    return work_id


@pytest.fixture
def departure_id(app: Flask, tenant: Tenant) -> UUID:
    """The firm has asked to leave: the code of its certificate waits sealed."""
    return asked(app, tenant)


@pytest.fixture
def changed(app: Flask) -> Iterator[KeyRing]:
    """A new key writes, the former ones read; afterwards everything stands under those again."""
    former: KeyRing = app.extensions["data_keys"]
    both = KeyRing(sealing.parse(sealing.new_key("newer")).keys | former.keys)
    app.extensions["data_keys"] = both
    yield both
    with app.app_context():
        seals.reseal(KeyRing(former.keys | both.keys))
    app.extensions["data_keys"] = former


def test_both_open_under_the_new_key(
    app: Flask, tenant: Tenant, archive: UUID, departure_id: UUID, changed: KeyRing
) -> None:
    code = code_of(app, departure_id)
    assert code
    with app.app_context():
        count, needed = seals.reseal(changed)
        assert count >= 2
        assert not needed & {changed.writing}
        assert seals.reseal(changed)[0] == 0, "nothing is left to do"
    assert key_of(departure_of(app, departure_id).code_sealed or "") == changed.writing
    assert code_of(app, departure_id) == code
    with app.app_context(), as_platform():
        kept = db.session.get_one(LongWork, archive).detail[seals.PASSPHRASE]
        assert key_of(kept) == changed.writing
        assert seals.opened_passphrase(kept, tenant.firm_id, archive) == PHRASE


def code_of(app: Flask, departure_id: UUID) -> str:
    with app.app_context(), as_platform():
        return seals.code_of(db.session.get_one(Departure, departure_id))


def test_a_work_that_ends_meanwhile_stays_as_it_ended(
    app: Flask, urls: DatabaseUrls, archive: UUID, changed: KeyRing
) -> None:
    """A passphrase that is forgotten does not come back in place of what was made."""

    def reseal() -> None:
        with app.app_context():
            seals.reseal(changed)

    ended = {"digest": "made", "rows": 1}
    of_it = LongWork.id == archive
    with ThreadPoolExecutor(1) as pool, app.app_context(), as_platform():
        db.session.execute(update(LongWork).where(of_it).values(detail=ended))
        meanwhile = pool.submit(reseal)
        wait_for_a_lock(urls)
        db.session.commit()
        meanwhile.result()
        db.session.expire_all()
        assert db.session.scalar(select(LongWork.detail).where(of_it)) == ended


def wait_for_a_lock(urls: DatabaseUrls) -> None:
    """Wait until somebody waits for a row."""
    engine = create_engine(urls.owner, isolation_level="AUTOCOMMIT")
    until = time.monotonic() + 10
    with engine.connect() as connection:
        while not (waits := connection.scalar(WAITING)) and time.monotonic() < until:
            time.sleep(0.02)
    engine.dispose()
    assert waits, "nobody waits"
