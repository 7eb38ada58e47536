"""Finished sessions of the made-up firm, and links to their community."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.confirmations import actions
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests.duty.conftest import close_october, make_session, noon
from tests.factories import Tenant

__all__ = ["close_october", "make_session", "noon"]


@dataclass(frozen=True)
class Visit:
    """A session with the token of a link to it."""

    session_id: str
    token: str
    request_id: str


@pytest.fixture
def ask(app: Flask, tenant: Tenant, make_session: Callable[..., object]) -> Callable[..., Visit]:
    """Commit a finished session of the first adviser and a link to it."""

    def make(begin: time = time(9), end: time = time(11)) -> Visit:
        from tests.duty.conftest import load

        session_id = make_session(begin, end)
        with app.test_request_context(), as_scope(tenant.scope):
            made = actions.ask(load(session_id), by=tenant.member(Role.MANAGER))
            token, request_id = made.token, str(made.request.id)
            db.session.commit()
        return Visit(str(session_id), token, request_id)

    return make


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A phone of the community: nobody is signed in."""
    return app.test_client()


def said(visit: Visit, answer: str = "confirmed", **more: str) -> dict[str, str]:
    return {
        f"answer-{visit.session_id}": answer,
        f"revision-{visit.session_id}": "1",
        "office": "staff",
        "name": "王小明",
    } | more
