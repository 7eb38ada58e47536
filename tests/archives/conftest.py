"""An office with a signed statement, a thread with a file, and where its archives are made."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls, data_folder
from counselhub.core.tenancy import as_office, as_scope
from counselhub.services.models import ServiceNote
from counselhub.statements.thread_models import LineFile, LineFileContent, LineQuery
from tests.factories import Tenant
from tests.review import factories as review
from tests.statements import work
from tests.work import worker

SECRET, SCAN = "当事人王某某的秘密", b"%PDF-1.7 proof %%EOF"
SIGNED = ("certify", "submit", "open_review", "approve", "sign")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, with the keys that other tests of the worker seal with."""
    kept = data_folder(os.environ) / "keys" / "data_keys"
    if kept.exists():
        (tmp_path / "keys").mkdir(mode=0o700)
        copy(kept, tmp_path / "keys")
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def furnished(app: Flask, tenant: Tenant) -> Tenant:
    """A firm with October's records, its signed statement, and a question with a file on it."""
    review.records(app, tenant)
    made = review.statement(app, tenant, until=SIGNED)
    with app.app_context(), as_scope(tenant.scope):
        note = ServiceNote(content=SECRET)
        work.lecture(tenant, clock.today(), note=note, outcome="=1+1")
        line_id = made.lines()[0].id
        db.session.commit()
    with app.app_context(), as_office(tenant.town.street_code):
        own = {"firm_id": tenant.firm_id, "street_code": tenant.town.street_code}
        asked = LineQuery(
            **own,
            statement_id=made.id,
            line_id=line_id,
            version=1,
            reason="amount",
            words="请说明",
            asked_at=clock.now(),
            asked_by_name="甲经办",
        )
        db.session.add(asked)
        db.session.flush()
        file = LineFile(
            **own,
            query_id=asked.id,
            side="office",
            name="证明.pdf",
            ending="pdf",
            digest="0" * 64,
            size_bytes=len(SCAN),
            at=clock.now(),
            by_name="甲经办",
        )
        db.session.add(file)
        db.session.flush()
        db.session.add(LineFileContent(**own, file_id=file.id, content=SCAN))
        db.session.commit()
    return tenant


Works = Callable[[], None]


@pytest.fixture
def works(app: Flask, urls: DatabaseUrls) -> Iterator[Works]:
    """What a worker does that finds only what this test has asked for."""
    worker.empty_queue(urls)
    yield lambda: worker.work(app, urls)
    worker.empty_queue(urls)
