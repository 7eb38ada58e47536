"""The one place that says which addresses are a program's, and how tests ask as one.

They know no cookie and no form's token, and answer JSON: the walks through pages leave them out,
and `tests/api` walks through them with tokens instead.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, as_platform, as_scope
from counselhub.people.models import Membership
from counselhub.people.session import members_of
from counselhub.roles import ROLES
from counselhub.tokens import actions, rules
from tests import factories

BLUEPRINT = "api"


def is_for_programs(rule: Rule) -> bool:
    """Whether an address is a program's."""
    return rule.endpoint.partition(".")[0] == BLUEPRINT


class Program:
    """Asks with a token."""

    def __init__(self, client: FlaskClient, secret: str) -> None:
        self.client, self.secret = client, secret

    def ask(self, method: str, path: str, **given: Any) -> TestResponse:
        """Send a request with the token; `headers` are added."""
        headers = {"Authorization": f"Bearer {self.secret}", **given.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **given)

    def get(self, path: str, **given: Any) -> TestResponse:
        """Ask for something."""
        return self.ask("GET", path, **given)

    def everything(self, path: str, limit: int = 200) -> list[dict[str, Any]]:
        """Return all items of a list, part by part."""
        found: list[dict[str, Any]] = []
        for answer in self.parts(path, limit):
            assert answer.status_code == 200, answer.text
            found += answer.json["items"]
        return found

    def parts(self, path: str, limit: int) -> Iterator[TestResponse]:
        """Yield the answers that have a list's parts; the last has no more, or is a refusal."""
        address, _mark, query = path.partition("?")
        asked = dict(pair.split("=", 1) for pair in query.split("&") if pair)
        cursor: str | None = ""
        while cursor is not None:
            more = {"cursor": cursor} if cursor else {}
            answer = self.get(address, query_string={**asked, "limit": limit, **more})
            yield answer
            cursor = answer.json["next"] if answer.status_code == 200 else None


def member(app: Flask, scope: Scope, role: Role, adviser_id: Any = None) -> Member:
    """Return somebody new of a place."""
    email = factories.account(app, scope, role, adviser_id=adviser_id)
    with app.test_request_context(), as_platform():
        person = db.session.scalar(
            select(Membership.person_id).where(Membership.person.has(email=email))
        )
        assert person is not None
        return members_of(person)[0]


def program(
    app: Flask,
    by: Member,
    scopes: Sequence[str] | None = None,
    *,
    role: Role | None = None,
    days: int = 30,
) -> Program:
    """Return a program with a new token of `by`, good for all that its place has."""
    given = actions.Given(
        name="测试程序",
        role=role or by.role,
        scopes=tuple(
            rules.scopes_of(by.scope.kind, ROLES[role or by.role]) if scopes is None else scopes
        ),
        expires_on=clock.today() + timedelta(days=days),
    )
    with app.test_request_context(), as_scope(by.scope):
        _token, secret = actions.make(given, by=by)
        db.session.commit()
    return Program(app.test_client(), secret)
