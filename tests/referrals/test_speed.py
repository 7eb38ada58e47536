"""Forty thousand referrals: the board, the list and the search are read from their indexes."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.dialects import postgresql

from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope, bound
from counselhub.referrals import queries
from counselhub.referrals.models import Referral
from tests import factories
from tests.factories import Tenant
from tests.referrals.conftest import service

FILL = """
INSERT INTO referral (firm_id, id, number, service_id, community_code, speciality, urgency, words,
  status, asker_id, receiver_id, asked_at, step_at, accepted_at, opinion, conflict,
  conflict_codes, revision)
SELECT :firm, gen_random_uuid(), 'ZJ-2020-' || lpad(n::text, 5, '0'), :service, :place, 'labour',
  'normal', CASE WHEN n % 1000 = 0 THEN '工地拖欠工资' ELSE '邻里噪声 ' || md5(n::text) END,
  'closed', :asker, CASE WHEN n % 40 = 0 THEN cast(:receiver AS uuid) ELSE :asker END,
  now() - n * interval '1 minute', now(), now() - interval '1 year',
  '意见', 'unknown', '{}', 1
FROM generate_series(1, 40000) n
"""


@pytest.fixture(scope="module")
def filled(app: Flask, urls: DatabaseUrls) -> Tenant:
    """A firm with forty thousand closed referrals."""
    tenant = factories.tenant(app, factories.town(app))
    with app.app_context(), as_scope(tenant.scope):
        record = service(tenant)
        db.session.add(record)
        db.session.commit()
        service_id = record.id
    engine: Engine = create_engine(urls.owner)
    with engine.begin() as owner:
        owner.execute(text("ALTER TABLE referral NO FORCE ROW LEVEL SECURITY"))
        values = {
            "firm": tenant.firm_id, "service": service_id, "place": tenant.town.communities[0],
            "asker": tenant.adviser_id, "receiver": tenant.backup_id,
        }  # fmt: skip
        owner.execute(text(FILL), values)
        owner.execute(text("ALTER TABLE referral FORCE ROW LEVEL SECURITY"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.execute(text("ANALYZE referral"))
    engine.dispose()
    return tenant


NOTHING = {"state": "", "urgency": "", "community": "", "q": ""}


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        pytest.param({}, "ix_referral_list", id="the list, newest first"),
        pytest.param({"state": "asked"}, r"Index (Only )?Scan|Bitmap", id="one state"),
    ],
)
def test_the_list_is_read_from_an_index(
    app: Flask, filled: Tenant, asked: dict[str, str], index: str
) -> None:
    with app.test_request_context(), as_scope(filled.scope):
        query = queries.filtered(NOTHING | asked, "-asked").limit(50)
        plan = _plan(query)
    assert re.search(index, plan), plan
    assert "Seq Scan on referral" not in plan, plan


def test_what_a_lawyer_takes_part_in_is_read_from_indexes(app: Flask, filled: Tenant) -> None:
    with app.test_request_context(), as_scope(filled.scope):
        mine = queries.taking_part(filled.backup_id)
        query = db.select(Referral.id).where(mine, Referral.status == "asked")
        plan = _plan(query)
    assert "Seq Scan on referral " not in plan, plan


def test_words_are_found_by_their_index(app: Flask, filled: Tenant, urls: DatabaseUrls) -> None:
    """As the function asks: the owner, without row security; 40 of 40,000 hold the words."""
    with app.test_request_context(), as_scope(filled.scope):
        found = db.session.scalar(text("SELECT count(*) FROM referrals_matching('%拖欠工资%')"))
        short = db.session.scalar(text("SELECT count(*) FROM referrals_matching('%工资%')"))
    assert (found, short) == (40, 20)
    engine = create_engine(urls.owner)
    with engine.connect() as owner:
        query = "SELECT id FROM referral WHERE firm_id = :firm AND words ILIKE '%拖欠工资%'"
        plan = owner.scalars(text(f"EXPLAIN {query}"), {"firm": filled.firm_id}).all()
    engine.dispose()
    assert "ix_referral_words" in "\n".join(plan)


def _plan(query: Any) -> str:
    """The plan of a query as the session would send it, with the firm and its row security."""
    compiled = bound(query).compile(
        dialect=postgresql.psycopg.dialect(), compile_kwargs={"literal_binds": True}
    )
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN {compiled}".replace("%%", "%"))
    return "\n".join(row[0] for row in rows)
