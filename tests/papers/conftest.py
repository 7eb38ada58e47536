"""A statement that was really submitted, and the paper of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pypdf
import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.statements.models import Statement
from tests import factories
from tests.factories import Tenant
from tests.statements import work


@dataclass(frozen=True)
class Printed:
    """A paper, and what its reader sees on it."""

    file: bytes
    code: str
    digest: str
    address: str


@pytest.fixture
def submitted(app: Flask, tenant: Tenant) -> Statement:
    """October's statement, submitted."""
    with clock.frozen(work.NOVEMBER_3), app.test_request_context(), as_scope(tenant.scope):
        work.session(tenant, date(2026, 10, 8))
        made = work.hand_over(tenant)
        db.session.commit()
        db.session.refresh(made)
        db.session.expunge(made)
    return made


Prints = Callable[[], Printed]


@pytest.fixture
def prints(app: Flask, tenant: Tenant, submitted: Statement) -> Prints:
    """What the firm's manager prints of it now."""
    client = factories.signed_in(app, tenant.scope, Role.MANAGER)

    def printed() -> Printed:
        file = client.get(f"/statements/{submitted.id}/statement.pdf").data
        words = "".join(pypdf.PdfReader(BytesIO(file)).pages[0].extract_text().split())
        code = re.search(r"验真码([0-9A-F]{32})", words)
        digest = re.search(r"封存摘要([0-9A-F]{16})", words)
        assert code is not None
        assert digest is not None
        return Printed(file, code[1], digest[1], f"/papers/{code[1].lower()}")

    return printed
