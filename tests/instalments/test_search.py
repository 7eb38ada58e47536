"""Invoices are found and listed from indexes, in a table of 30,000."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from counselhub.instalments import queries
from tests.factories import Tenant

FILLED = """
    INSERT INTO invoice (firm_id, id, instalment_id, kind, number, issued_on, amount_fen,
        tax_percent, buyer, reversed_fen, search, entered_at, entered_by_name, revision)
    SELECT :firm, gen_random_uuid(), :one, 'electronic', lpad(n::text, 20, '0'),
        date '2026-01-01' + n % 300, 1, 6, '某街道', 0,
        lpad(n::text, 20, '0') || ' 某街道办事处', now(), '某', 1
    FROM generate_series(1, 30000) AS n
"""
FOUND = "SELECT id FROM invoice WHERE firm_id = scope_firm() AND search LIKE '%12345%'"


@pytest.mark.parametrize(
    ("query", "index"),
    [
        pytest.param(FOUND, "ix_invoice_search", id="a part of the number"),
        pytest.param(
            "SELECT id FROM invoice WHERE firm_id = '{firm}' ORDER BY issued_on DESC, id DESC"
            " LIMIT 50",
            "ix_invoice_list",
            id="a page of the list",
        ),
    ],
)
def test_they_are_read_from_an_index(
    urls: DatabaseUrls, kept: Callable[[], list[Any]], tenant: Tenant, query: str, index: str
) -> None:
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        for name, value in (("kind", "firm"), ("key", str(tenant.firm_id))):
            connection.execute(
                text("select set_config(:name, :value, true)"),
                {"name": f"app.scope_{name}", "value": value},
            )
        connection.execute(text(FILLED), {"firm": tenant.firm_id, "one": kept()[0]})
        connection.execute(text("analyze invoice"))
        asked = query.replace("{firm}", str(tenant.firm_id)).replace("%", "%%")
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked}").scalars())
        found = connection.scalars(text("SELECT invoices_matching('%012345%')")).all()
        short = connection.scalars(text("SELECT invoices_matching('%5%')")).all()
        connection.rollback()
    engine.dispose()
    assert index in plan
    assert "Seq Scan" not in plan
    assert len(found) == 1
    assert len(short) > 1_000


def test_another_firm_finds_nothing(
    app: Flask, kept: Callable[[], list[Any]], tenant: Tenant, outsider: Tenant
) -> None:
    kept()
    with app.test_request_context(), as_scope(outsider.scope):
        assert db.session.scalars(queries.invoices("2644")).all() == []
