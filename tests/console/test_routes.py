"""The operator's first page."""

import json
from typing import Any

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from counselhub.cli import cli
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM
from tests import counting, factories
from tests.factories import PASSWORD, Tenant


def test_an_operator_is_made_by_a_command_and_finds_the_console(app: Flask) -> None:
    email = f"operator-{factories.number()}@example.test"
    arguments = ["operator", "create", "--email", email, "--json"]
    made: dict[str, Any] = json.loads(
        CliRunner().invoke(cli, arguments, obj=app.app_context).stdout
    )
    assert made["email"] == email
    path = "/welcome/" + made["link"].rpartition("/welcome/")[2]
    client = app.test_client()
    client.post(path, data={"password": PASSWORD, "again": PASSWORD})
    home = client.get("/", follow_redirects=True)
    assert home.request.path == "/console"
    assert "运营概况" in home.text


def test_the_first_page_names_no_tenant(app: Flask, tenant: Tenant) -> None:
    client = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    with counting.statements() as asked:
        page = client.get("/console").text
    assert len(asked) <= 8
    assert "律师事务所" in page
    assert str(tenant.code) not in page


def test_nobody_else_finds_it(as_manager: FlaskClient, as_approver: FlaskClient) -> None:
    for client in (as_manager, as_approver):
        assert client.get("/console").status_code == 403
        assert "/console" not in client.get("/account").text
