"""A visit for tests: a place consents, the operator enters in a browser of his own."""

from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, Scope, as_platform, as_scope
from counselhub.people.models import Membership, Person
from counselhub.support import actions
from counselhub.support.actions import Given
from tests import factories


def host(app: Flask, scope: Scope, role: Role = Role.MANAGER) -> UUID:
    """Make an account of a place and return its membership."""
    email = factories.account(app, scope, role)
    query = select(Membership.id).join(Person, Person.id == Membership.person_id)
    with app.app_context(), as_platform():
        found: UUID = db.session.scalars(query.where(Person.email == email)).one()
        return found


def consent(app: Flask, scope: Scope, membership_id: UUID | None = None, hours: int = 2) -> UUID:
    """Let the operator in and return the consent."""
    by = Member(None, "王主任", Role.MANAGER, scope, "测试所")
    with app.test_request_context(), as_scope(scope):
        row = actions.grant(Given(membership_id=membership_id, why="看排班", hours=hours), by=by)
        consent_id: UUID = row.id
        db.session.commit()
        return consent_id


def visiting(app: Flask, scope: Scope, role: Role = Role.MANAGER) -> FlaskClient:
    """Return the operator's browser within a visit under a new account of `scope`."""
    whom = host(app, scope, role)
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    address = f"/console/support/{consent(app, scope, whom)}/visits"
    assert operator.post(address, data={"membership": whom}).status_code == 303
    return operator
