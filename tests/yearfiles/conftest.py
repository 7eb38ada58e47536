"""A year of a community with something of every kind, and where its files are made."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import text

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from counselhub.photos.models import PhotoContent, SessionPhoto
from counselhub.services.log_models import ServiceFile, ServiceFileContent
from counselhub.services.models import ServiceNote
from tests.factories import Tenant
from tests.statements import work
from tests.work import worker

SECRET, SHEET = "当事人王某某的秘密", b"%PDF-1.7 sign-in sheet %%EOF"


def jpeg(side: int) -> bytes:
    """A plain picture."""
    made = BytesIO()
    Image.new("RGB", (side, side), "navy").save(made, "JPEG")
    return made.getvalue()


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def furnished(app: Flask, tenant: Tenant) -> Tenant:
    """A firm whose first community has a statement, a photo, a lecture and its files in October."""
    with clock.frozen(work.NOVEMBER_3), app.test_request_context(), as_scope(tenant.scope):
        session = work.session(tenant, date(2026, 10, 8))
        lecture = work.lecture(tenant, date(2026, 10, 14), note=ServiceNote(content=SECRET))
        photo = SessionPhoto(
            session_id=session.id,
            adviser_id=tenant.adviser_id,
            digest="0" * 64,
            arrived_at=clock.now(),
            width=8,
            height=8,
        )
        sheet = ServiceFile(
            service_id=lecture.id,
            kind="sign_in",
            name="签到表.pdf",
            ending=".pdf",
            size_bytes=len(SHEET),
            digest="1" * 64,
            arrived_at=clock.now(),
        )
        db.session.add_all([photo, sheet])
        db.session.flush()
        db.session.add_all(
            [
                PhotoContent(photo_id=photo.id, picture=jpeg(64), thumb=jpeg(16)),
                ServiceFileContent(file_id=sheet.id, content=SHEET),
            ]
        )
        db.session.flush()
        work.hand_over(tenant)
        db.session.commit()
    return tenant


Works = Callable[[], None]


@pytest.fixture
def works(app: Flask, urls: DatabaseUrls) -> Iterator[Works]:
    """What a worker does that finds only what this test has asked for."""
    worker.empty_queue(urls)
    yield lambda: work_all(app, urls)
    worker.empty_queue(urls)


def work_all(app: Flask, urls: DatabaseUrls) -> None:
    """Do all that waits: a worker that is to end goes while one of a tenant's waits for another."""
    waiting = text("SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'todo'")
    with app.app_context():
        asked = db.session.scalar(waiting) or 0
    for _each in range(asked):
        worker.work(app, urls)
