"""Forty thousand conferences: list, search and a lawyer's own are read from their indexes."""

import re

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from counselhub.conferences import queries
from counselhub.conferences.models import Conference
from counselhub.conferences.sight import taking_part
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.factories import Tenant
from tests.referrals.conftest import service
from tests.referrals.test_speed import _plan as plan

FILL = """
INSERT INTO conference (firm_id, id, service_id, community_code, title, day, starts, ends, mode,
  place, chair_id, guests, agenda, disputes, status, summary, conclusion, concluded_at, revision)
SELECT :firm, gen_random_uuid(), ids[1 + n % 1000], :place,
  CASE WHEN n % 1000 = 500 THEN '工地拖欠工资' ELSE '邻里噪声 ' || md5(n::text) END,
  current_date - n / 20, '09:00', '10:00', 'online', '会议室',
  CASE WHEN n % 40 = 0 THEN cast(:backup AS uuid) ELSE :chair END,
  '', '{}', '{}', 'concluded', '', '结论', now(), 1
FROM generate_series(1, 40000) n,
  (SELECT array_agg(id) AS ids FROM service_record WHERE firm_id = :firm) services
"""
SERVICES = """
INSERT INTO service_record
SELECT (jsonb_populate_record(null::service_record, to_jsonb(r)
  || jsonb_build_object('id', gen_random_uuid(), 'number', r.number || '-' || n))).*
FROM service_record r, generate_series(1, 1000) n WHERE r.firm_id = :firm
"""


@pytest.fixture(scope="module")
def filled(app: Flask, urls: DatabaseUrls) -> Tenant:
    """A firm with forty thousand concluded conferences."""
    tenant = factories.tenant(app, factories.town(app))
    with app.app_context(), as_scope(tenant.scope):
        record = service(tenant)
        record.adviser_id = tenant.backup_id
        db.session.add(record)
        db.session.commit()
    values = {
        "firm": tenant.firm_id, "place": tenant.town.communities[0],
        "chair": tenant.adviser_id, "backup": tenant.backup_id,
    }  # fmt: skip
    engine = create_engine(urls.owner)
    with engine.begin() as owner:
        for table in ("conference", "service_record"):
            owner.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
        owner.execute(text(SERVICES), {"firm": tenant.firm_id})
        owner.execute(text(FILL), values)
        for table in ("conference", "service_record"):
            owner.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.execute(text("ANALYZE conference, service_record"))
    engine.dispose()
    return tenant


@pytest.mark.parametrize("tab", ["all", "open"])
def test_the_list_is_read_from_an_index(app: Flask, filled: Tenant, tab: str) -> None:
    with app.test_request_context(), as_scope(filled.scope):
        found = plan(queries.filtered(tab, "", "-day").limit(50))
    assert "Seq Scan on conference" not in found, found
    assert re.search("ix_conference_(list|status)", found), found


def test_a_lawyers_own_are_read_from_indexes(app: Flask, filled: Tenant) -> None:
    with app.test_request_context(), as_scope(filled.scope):
        mine = taking_part(filled.backup_id)
        found = plan(db.select(Conference.id).where(mine, Conference.status == "planned"))
    assert "ix_conference_chair" in found, found


def test_titles_are_found_by_their_index(app: Flask, filled: Tenant, urls: DatabaseUrls) -> None:
    """As the function asks: the owner, without row security; 40 of 40,000 hold the words."""
    with app.test_request_context(), as_scope(filled.scope):
        found = db.session.scalar(text("SELECT count(*) FROM conferences_matching('%拖欠工资%')"))
        short = db.session.scalar(text("SELECT count(*) FROM conferences_matching('%工资%')"))
    assert (found, short) == (40, 20)
    engine = create_engine(urls.owner)
    with engine.connect() as owner:
        query = "SELECT id FROM conference WHERE firm_id = :firm AND title ILIKE '%拖欠工资%'"
        rows = owner.scalars(text(f"EXPLAIN {query}"), {"firm": filled.firm_id}).all()
    engine.dispose()
    assert "ix_conference_title" in "\n".join(rows)
