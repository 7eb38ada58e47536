"""A log of services that the reports count: made by the database, the same each time."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from tests.factories import Tenant

MakeLog = Callable[..., None]
MANY = """
    INSERT INTO service_record (firm_id, id, number, day, community_code, street_code, adviser_id,
        kind, mode, dispute_kind, count, persons, copies, recovered_fen, created_at, revision)
    SELECT :firm, gen_random_uuid(), :mark || '-' || n,
        CAST(:first AS date) + CAST(n * 7 % :days AS integer),
        (CAST(:communities AS text[]))[1 + n % 2], :street,
        (CAST(:advisers AS uuid[]))[1 + n / 2 % 2],
        :kind,
        (ARRAY['on_site', 'phone', NULL, 'wechat', 'visit'])[1 + n % 5],
        (ARRAY['labour', NULL, 'family'])[1 + n % 3],
        CAST(:count AS bigint), CAST(:persons AS bigint), CAST(:copies AS bigint),
        CAST(:recovered_fen AS bigint), now(), 1
    FROM generate_series(1, :rows) n
"""


@pytest.fixture
def make_log(app: Flask, tenant: Tenant) -> MakeLog:
    """Commit `rows` like records of one kind, spread over days, two communities, two advisers."""

    def make(kind: str, rows: int, **given: object) -> None:
        log(app, tenant, kind, rows, **given)

    return make


def log(app: Flask, tenant: Tenant, kind: str, rows: int, **given: object) -> None:
    """Commit `rows` records of one kind; first and days say over which days."""
    values = {
        "firm": tenant.firm_id,
        "mark": f"{kind}-{given}",
        "first": date(2026, 1, 1),
        "days": 365,
        "communities": tenant.town.communities[:2],
        "street": tenant.town.street_code,
        "advisers": [tenant.adviser_id, tenant.backup_id],
        "kind": kind,
        "count": 1,
        "persons": None,
        "copies": None,
        "recovered_fen": None,
        "rows": rows,
    }
    with app.app_context(), as_scope(tenant.scope):
        db.session.execute(text(MANY), values | given)
        db.session.commit()
