"""What the operator does for whoever has no administrator to ask."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from counselhub.cli import cli
from counselhub.core.permissions import Role
from tests import factories
from tests.factories import Tenant, Town
from tests.people.signing_in import NEW, enter, is_in
from tests.people.test_lockout import Street


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


def test_an_account_of_another_place_is_not_taken(
    app: Flask, tenant: Tenant, town: Town, run: Any
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    result = run("office", "create", "--street", town.street_code, "--email", email)
    assert result.exit_code == 1
    assert "请到“邀请”页发送邀请" in result.stderr
