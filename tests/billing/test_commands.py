"""The commands of paying, and the import that a firm without payment is refused."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, select

from counselhub.billing import events
from counselhub.billing.models import Plan, PlanPrice
from counselhub.cli import cli
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from tests.billing.conftest import PAID, Card, on
from tests.billing.test_read_only import let_read
from tests.factories import Tenant


def run(app: Flask, *arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), obj=app.app_context)


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_price_is_set_and_corrected(app: Flask) -> None:
    given = ("billing", "price", "--plan", "trial-run", "--interval", "month", "--json")
    day = ("--from", "2099-01-01")
    for yuan, fen in (("99", 9_900), ("98.50", 9_850)):
        assert told(run(app, *given, "--yuan", yuan, *day))["seat_fen"] == fen
    assert run(app, *given, "--yuan", "1.234", *day).exit_code == 1
    with app.app_context(), as_platform():
        plan = db.session.scalars(select(Plan).where(Plan.code == "trial-run")).one()
        rows = db.session.scalars(select(PlanPrice.seat_fen).where(PlanPrice.plan_id == plan.id))
        assert rows.all() == [9_850]
        db.session.execute(delete(PlanPrice).where(PlanPrice.plan_id == plan.id))
        db.session.delete(plan)
        db.session.commit()


def test_events_are_replayed_and_stripe_compared(card: Card) -> None:
    with on(PAID):
        card.bought()
    with card.app.app_context():
        ids = [events.store(body) for body in card.own.events]
        db.session.commit()
    found = told(run(card.app, "billing", "replay", "--event", ids[0], "--json"))
    assert found == {"events": [ids[0]]}
    assert run(card.app, "billing", "replay", "--event", "evt_none").exit_code == 1
    with card.app.app_context(), as_platform():
        card.subscription().covered_until = date(2030, 1, 1)
        db.session.commit()
    found = told(run(card.app, "billing", "reconcile", "--json"))
    ours = [one for one in found["differences"] if one["firm_id"] == str(card.tenant.firm_id)]
    assert "covered_until" in {one["what"] for one in ours}


def test_without_keys_the_commands_say_which(app: Flask) -> None:
    answer = run(app, "billing", "reconcile")
    assert (answer.exit_code, "COUNSELHUB_STRIPE_KEY" in answer.output) == (1, True)


def test_an_import_is_refused_to_a_firm_that_may_only_read(
    app: Flask, tenant: Tenant, tmp_path: Path
) -> None:
    out = tmp_path / "firm.xlsx"
    assert run(app, "workbook", "export", str(out), "--firm", tenant.code).exit_code == 0
    let_read(app, tenant, clock.today())
    again = ("workbook", "import", str(out), "--firm", tenant.code)
    refused = run(app, *again)
    assert (refused.exit_code, "套餐与付款" in refused.output) == (1, True)
    assert run(app, *again, "--dry-run").exit_code == 0
    assert run(app, "workbook", "export", str(out), "--firm", tenant.code).exit_code == 0
    let_read(app, tenant, None)
    assert run(app, *again).exit_code == 0
