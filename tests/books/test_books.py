"""The books of a real month agree; a fault planted past every rule is found, and shown."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from counselhub.books import queries, rules
from counselhub.books.commands import books as command
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import Scope, as_scope
from counselhub.receipts import actions
from counselhub.receipts.actions import Share
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.payments import make as lists
from tests.receipts import make
from tests.review.factories import Made

pytestmark = pytest.mark.sweeping


@pytest.fixture
def whole(app: Flask, tenant: Tenant) -> Made:
    """A statement that was listed, paid, received in part."""
    made = lists.payable(app, tenant)
    lists.paid(app, tenant.town, [made.id])
    key = make.receipt(app, tenant, 5_000)
    with app.test_request_context(), as_scope(tenant.scope):
        actions.allocate([Share(key, {made.id: 5_000})], by=make.finance(tenant))
        db.session.commit()
    return made


@pytest.fixture
def plant(urls: DatabaseUrls) -> Callable[..., None]:
    """A change past row security and triggers, as only the owner of the tables makes it."""

    def do(statement: str, **given: object) -> None:
        engine = create_engine(urls.owner)
        with engine.begin() as connection:
            for words in ("no force row level security", "disable trigger user"):
                connection.execute(text(f"alter table {statement.split()[1]} {words}"))
            connection.execute(text(statement), given)
            for words in ("force row level security", "enable trigger user"):
                connection.execute(text(f"alter table {statement.split()[1]} {words}"))
        engine.dispose()

    return do


def broken(app: Flask, scope: Scope) -> list[rules.Rule]:
    with app.test_request_context(), as_scope(scope):
        return [one.rule for one in rules.deviations(rules.check(queries.books(scope)))]


@pytest.mark.parametrize(
    ("fault", "of_firm", "of_office"),
    [
        pytest.param(
            "update statement_line set amount_fen = amount_fen + 1 where statement_id = :id"
            " and position = 0",
            [rules.Rule.LINES],
            [rules.Rule.LINES],
            id="a line",
        ),
        pytest.param(
            "update statement set paid_fen = paid_fen - 1 where id = :id",
            [rules.Rule.PAID],
            [rules.Rule.PAID],
            id="what was paid",
        ),
        pytest.param(
            "update bank_receipt set allocated_fen = 1 where firm_id = :firm",
            [rules.Rule.RECEIPT],
            [],
            id="a receipt",
        ),
        pytest.param(
            'update payment_item set payee = payee || \'{"account": "6299"}\''
            " where statement_id = :id",
            [],
            [rules.Rule.DIGEST],
            id="an account on a list that was sent",
        ),
    ],
)
def test_a_planted_fault_is_found(
    app: Flask,
    tenant: Tenant,
    whole: Made,
    plant: Callable[..., None],
    fault: str,
    of_firm: list[rules.Rule],
    of_office: list[rules.Rule],
) -> None:
    assert broken(app, tenant.scope) == broken(app, tenant.town.scope) == []
    given = {"id": whole.id, "firm": tenant.firm_id}
    plant(fault, **{name: value for name, value in given.items() if f":{name}" in fault})
    assert broken(app, tenant.scope) == of_firm
    assert broken(app, tenant.town.scope) == of_office


def test_the_page_opens_the_first_deviation(
    app: Flask,
    tenant: Tenant,
    whole: Made,
    plant: Callable[..., None],
    as_checker: FlaskClient,
) -> None:
    finance = factories.signed_in(app, tenant.scope, Role.FINANCE)
    with statements() as sent:
        assert "全部相符" in finance.get("/books").text
    assert len(sent) <= 8
    assert "全部相符" in as_checker.get("/books").text
    plant("update statement set total_fen = total_fen + 1 where id = :id", id=whole.id)
    page = as_checker.get("/books").text
    assert f"/review/{whole.id}" in page
    assert "不符" in page


def test_the_command_names_what_deviates(
    app: Flask, tenant: Tenant, whole: Made, plant: Callable[..., None]
) -> None:
    def run() -> tuple[int, list[dict[str, object]]]:
        answer = CliRunner().invoke(command, ["check", "--json"], obj=app.app_context)
        found = json.loads(answer.stdout)
        return answer.exit_code, [one for one in found["deviations"] if one["code"] == tenant.code]

    assert run()[1] == []
    plant("update statement set paid_fen = paid_fen - 1 where id = :id", id=whole.id)
    status, found = run()
    assert (status, [one["rule"] for one in found]) == (1, ["BOOKS-3"])
    plant("update statement set paid_fen = paid_fen + 1 where id = :id", id=whole.id)
    with app.test_request_context(), as_scope(tenant.scope):
        last = queries.last_check(tenant.scope)
        assert last is not None
        assert last[1]["faults"] == 1
