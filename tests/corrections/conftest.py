"""Sessions of the made-up firm, as duty's tests make them, and a request to correct one."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from tests.duty.conftest import MakeSession, close_october, make_session, noon
from tests.factories import Tenant

__all__ = ["ask", "close_october", "make_session", "noon", "sent", "the"]


def sent(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "revision": "1",
        "reason": "no_sign_out",
        "community_code": tenant.town.communities[0],
        "signed_in": "09:00",
        "signed_out": "11:30",
        "words": "走得急，签名簿有记录",
    } | given


def the(app: Flask, tenant: Tenant, session_id: UUID) -> DutySession:
    with app.app_context(), as_scope(tenant.scope):
        return db.session.get_one(DutySession, (tenant.firm_id, session_id))


@pytest.fixture
def ask(as_adviser: FlaskClient, tenant: Tenant, make_session: MakeSession) -> Callable[..., str]:
    """Ask for a later sign-out of a session from 9 to 11; returns the request's address."""

    def do(session_id: UUID | None = None, **given: str) -> str:
        session_id = session_id or make_session()
        answer = as_adviser.post(
            f"/duty/sessions/{session_id}/corrections", data=sent(tenant, **given)
        )
        assert answer.status_code == 303, answer.text
        return answer.location

    return do
