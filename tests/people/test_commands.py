"""What the operator does for whoever has no administrator to ask."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from counselhub.cli import cli
from counselhub.core.permissions import Role
from tests import factories
from tests.factories import Tenant, Town
from tests.people.signing_in import NEW, enter, is_in
from tests.people.test_lockout import Street
from tests.people.test_offices import entered, membership_id


@pytest.fixture
def run(app: Flask) -> Any:
    """Run a command on the database of the tests."""

    def runner(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments, obj=app.app_context)

    return runner


def test_a_link_for_an_office(app: Flask, town: Town, run: Any) -> None:
    email = factories.account(app, town.scope, Role.APPROVER)
    printed = json.loads(run("account", "link", "--email", email, "--json").stdout)
    assert printed["email"] == email
    path = "/welcome/" + printed["link"].rpartition("/welcome/")[2]
    given = {"password": NEW, "again": NEW}
    assert app.test_client().post(path, data=given).status_code == 303
    assert is_in(enter(app, email, NEW))


def test_an_account_is_unlocked(app: Flask, town: Town, run: Any) -> None:
    email = factories.account(app, town.scope, Role.CHECKER)
    street = Street(app)
    for _ in range(5):
        street.tries(email)
    assert street.tries(email, factories.PASSWORD) == "locked"
    assert run("account", "unlock", "--email", email).exit_code == 0
    assert street.tries(email, factories.PASSWORD) == "in"


@pytest.mark.parametrize("act", ["link", "unlock"])
def test_an_unknown_account_is_told(run: Any, act: str) -> None:
    result = run("account", act, "--email", "nobody@example.test")
    assert result.exit_code == 1
    assert "没有邮箱为 nobody@example.test 的账号" in result.stderr


def test_an_officer_serves_two_streets(app: Flask, town: Town, run: Any) -> None:
    """By the command alone; that the account opens another place too is told."""
    other, email = factories.town(app), f"two-{factories.number()}@office.example"
    for street in (town.street_code, other.street_code):
        result = run("office", "create", "--street", street, "--email", email, "--json")
        assert result.exit_code == 0
        assert json.loads(result.stdout)["street"] == street
        assert ("在别的单位已有账号" in result.stderr) is (street == other.street_code)
    given = {"password": NEW, "again": NEW}
    link = "/welcome/" + json.loads(result.stdout)["link"].rpartition("/welcome/")[2]
    assert app.test_client().post(link, data=given).status_code == 303
    assert "切换身份" in enter(app, email, NEW).get("/account").text


def test_an_abandoned_account_starts_anew(
    app: Flask, tenant: Tenant, town: Town, as_manager: FlaskClient, run: Any
) -> None:
    """What a firm once set opens nothing of the office that the operator gives the address."""
    email = factories.account(app, tenant.scope, Role.CLERK)
    ending = f"/people/{membership_id(app, email)}/ending"
    assert as_manager.post(ending).status_code == 303
    result = run("office", "create", "--street", town.street_code, "--email", email)
    assert result.exit_code == 0
    assert not entered(app, email)
