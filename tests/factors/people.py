"""People with a second factor, for tests."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import func, select

from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, as_platform
from tests import factories


@dataclass
class Guarded:
    """Somebody whose app is switched on."""

    email: str
    client: FlaskClient
    app: Flask
    secret: str
    codes: list[str]

    def code(self, offset: int = 0) -> str:
        return TOTP(self.secret).at(int(datetime.now(UTC).timestamp()) + 30 * offset)

    def password(self, client: FlaskClient | None = None) -> FlaskClient:
        """A browser in which only the password was right so far."""
        client = client or self.app.test_client()
        given = {"email": self.email, "password": factories.PASSWORD}
        answer = client.post("/sign-in?next=/services", data=given)
        assert answer.location == "/sign-in/second", answer.text
        return client


def sign_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    given = {"email": email, "password": factories.PASSWORD}
    assert client.post("/sign-in", data=given).status_code == 303
    return client


def waiting_secret(client: FlaskClient) -> str:
    """Begin, and return the secret that the page shows."""
    assert client.post("/factors/totp").location == "/factors/totp"
    page = client.get("/factors/totp").text
    found = re.search(r'id="secret" data-plain="([A-Z2-7]+)"', page)
    assert found is not None
    return found[1]


def shown_codes(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]+)</code></li>", unescape(page))


def guarded(app: Flask, scope: Scope, role: Role = Role.CLERK) -> Guarded:
    """Somebody new who has switched the app on by the code of the half minute before."""
    email = factories.account(app, scope, role)
    client = sign_in(app, email)
    secret = waiting_secret(client)
    made = Guarded(email, client, app, secret, [])
    for _half_minute in range(2):  # one may end between a code and its answer
        answer = client.post("/factors/totp/confirmation", data={"code": made.code(-1)})
        if answer.status_code == 200:
            break
    assert answer.status_code == 200, answer.text
    made.codes = shown_codes(answer.text)
    return made


def acts(app: Flask, scope: Scope, act: str, outcome: str = "done") -> int:
    """How often an act stands in the record of a tenant."""
    with app.app_context(), as_platform():
        query = select(func.count()).where(
            AccountEvent.act == act,
            AccountEvent.key == scope.key,
            AccountEvent.outcome == outcome,
        )
        return db.session.scalar(query.select_from(AccountEvent)) or 0
