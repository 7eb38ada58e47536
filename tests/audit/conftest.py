"""A firm whose acts are proven, and the owner of the tables, who tampers with them."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from counselhub.audit import proof
from counselhub.audit.rules import Broken
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.permissions import Duty, Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import Scope, as_scope
from counselhub.schemes.models import Scheme
from tests import factories
from tests.factories import Tenant

Tamper = Callable[..., Any]


def chain_of(scope: Scope) -> str:
    """The name of a tenant's chain."""
    return f"{scope.kind.value}:{scope.key}"


def act(app: Flask, tenant: Tenant, *acts: str) -> None:
    """Record acts on the firm's scheme, each in a transaction of its own."""
    with app.test_request_context(), as_scope(tenant.scope):
        for one in acts:
            row = db.session.get_one(Scheme, (tenant.firm_id, tenant.scheme_id))
            history.record(row, one, by=tenant.member())
            db.session.commit()


def first_break(app: Flask, scope: Scope) -> Broken | None:
    """What `verify` names first in one tenant's chain and seals."""
    with app.app_context():
        breaks = proof.prove([chain_of(scope)]).breaks
        db.session.rollback()
    return breaks[0] if breaks else None


@pytest.fixture
def tamper(urls: DatabaseUrls, tenant: Tenant) -> Iterator[Tamper]:
    """SQL as the owner of the tables, whom row security binds but no grant, in the firm's scope."""
    engine = create_engine(urls.owner)

    def run(statement: str, **values: Any) -> Any:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "select set_config('app.scope_kind', 'firm', true),"
                    " set_config('app.scope_key', :key, true)"
                ),
                {"key": tenant.scope.key},
            )
            given = {"firm": tenant.firm_id, "chain": chain_of(tenant.scope)} | values
            return connection.execute(text(statement), given)

    yield run
    engine.dispose()


def rows(page: str) -> list[str]:
    """The rows of the list, without tags."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"<[^>]*>|\s+", " ", row) for row in body.split("<tr>")[1:]]


@pytest.fixture
def as_manager(app: Flask, tenant: Tenant) -> FlaskClient:
    """The firm's manager, who keeps its record of acts too."""
    factories.account(app, tenant.scope, Role.MANAGER)  # another head keeps the accounts
    return factories.named(app, tenant.scope, Role.MANAGER, Duty.AUDIT)
