"""Statements from real rows: the worked example, idempotence, refusals, cases, carries."""

import json
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import event, select

from counselhub.cli import cli
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.tenancy import as_scope
from counselhub.statements import actions
from counselhub.statements.gather import gather
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from counselhub.statements.queries import lines_with_queries
from tests import factories
from tests.factories import Tenant, Town
from tests.statements import work
from tests.statements.work import NOVEMBER_3, OCTOBER


def run_command(app: Flask, *arguments: str) -> Any:
    with app.app_context():
        return CliRunner().invoke(cli, arguments, obj=nullcontext)


@pytest.fixture
def one_community(app: Flask, tenant: Tenant) -> Tenant:
    """The tenant, serving only the first community."""
    with app.app_context(), as_scope(tenant.scope):
        second = tenant.town.communities[1]
        db.session.execute(
            db.delete(ContractCommunity).where(ContractCommunity.community_code == second)
        )
        db.session.commit()
    return tenant


def compute(tenant: Tenant, month: date = OCTOBER) -> Statement:
    return actions.compute(tenant.town.street_code, month, tenant.member())


def amounts(statement: Statement) -> dict[tuple[str, str], int]:
    return {
        (line.community_code or "", line.kind): line.amount_fen
        for line in lines_with_queries(statement.id)
    }


def test_worked_example_by_command(app: Flask, one_community: Tenant) -> None:
    tenant = one_community
    with app.app_context():
        work.example(tenant)
    place = ["--firm", tenant.code, "--street", tenant.town.street_code, "--month", "2026-10"]
    answer = run_command(app, "statement", "compute", *place, "--json")
    assert answer.exit_code == 0, answer.output
    made = json.loads(answer.stdout)
    community = tenant.town.communities[0]
    assert [(line["kind"], line["quantity"], line["amount_fen"]) for line in made["lines"]] == [
        ("base", "31/31", 166_667),
        ("shortfall", "2", -10_000),
        ("lecture", "1", 30_000),
        ("case", "1", 10_000),
        ("withhold", "10", -16_667),
    ]
    assert {line["community"] for line in made["lines"]} == {community}
    assert {line["contract"] for line in made["lines"]} == {f"{tenant.code}-001"}
    del made["lines"]
    assert made == {
        "firm": tenant.code,
        "street": tenant.town.street_code,
        "month": "2026-10",
        "status": "draft",
        "version": 0,
        "total_fen": 180_000,
        "total_capital": "人民币壹仟捌佰元整",
        "funding": [
            {"source": "区级", "amount_fen": 90_000},
            {"source": "街道", "amount_fen": 90_000},
        ],
    }
    shown = run_command(app, "statement", "show", *place, "--json")
    assert shown.stdout == answer.stdout
