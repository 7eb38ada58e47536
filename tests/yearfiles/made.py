"""Year files of tests: asked for, made and read."""

import hashlib
import re
from io import BytesIO
from zipfile import ZipFile

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.work.models import LongWork
from counselhub.yearfiles.kinds import TASK
from tests.factories import Tenant
from tests.yearfiles.conftest import Works

VOLUME = re.compile(r'href="(/year-files/files/[0-9a-f-]+/volume\.pdf)"')


def words_of(file: bytes) -> list[str]:
    """The words of each page, without blanks."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(file)).pages]


def made_by(client: FlaskClient, tenant: Tenant, works: Works) -> tuple[bytes, ZipFile]:
    """Ask for the first community's year, let the worker make it, fetch both files."""
    page = f"/year-files/{tenant.town.communities[0]}/2026"
    assert client.post(page).status_code == 303
    assert "排队中" in client.get(page).text
    works()
    shown = client.get(page).text
    found = VOLUME.search(shown)
    assert found is not None, shown
    with client.get(found[1]) as volume:
        assert volume.headers["Cache-Control"] == "private, no-store"
        bound = volume.data
    with client.get(found[1].replace("volume.pdf", "originals.zip")) as originals:
        archive = ZipFile(BytesIO(originals.data))
    assert hashlib.sha256(bound).hexdigest() in shown
    return bound, archive


def files(app: Flask, tenant: Tenant) -> list[LongWork]:
    """The office's works that make files, in the order in which they are made."""
    with app.app_context(), as_platform():
        own = select(LongWork).where(LongWork.key == tenant.town.street_code, LongWork.task == TASK)
        found = list(db.session.scalars(own.order_by(LongWork.asked_at, LongWork.subject)))
        db.session.expunge_all()
        return found
