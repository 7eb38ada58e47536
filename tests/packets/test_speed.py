"""Forty thousand packets: the firm's list and the office's are read from their indexes."""

import re

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from counselhub.packets import queries
from counselhub.packets.models import Packet
from counselhub.referrals.models import Referral
from tests import factories
from tests.factories import Tenant
from tests.referrals.conftest import service
from tests.referrals.test_speed import _plan as plan

REFER = """
INSERT INTO referral SELECT (jsonb_populate_record(r, jsonb_build_object(
  'id', gen_random_uuid(), 'number', 'ZJ-1-' || n, 'status', 'closed',
  'receiver_id', asker_id, 'accepted_at', asked_at, 'opinion', '意见'))).*
FROM referral r, generate_series(1, 400) n WHERE r.firm_id = :firm
"""
FILL = """
INSERT INTO packet (firm_id, id, referral_id, community_code, street_code, speciality, from_name,
  to_firm_id, to_name, sent_at, expires_at, status, answered_at, revision)
SELECT r.firm_id, gen_random_uuid(), r.id, r.community_code, :street, 'labour', '甲所', r.firm_id,
  '乙所', now() - n * interval '1 hour', now(), 'declined', now(), 1
FROM referral r, generate_series(1, 100) n WHERE r.firm_id = :firm
"""


@pytest.fixture(scope="module")
def filled(app: Flask, urls: DatabaseUrls) -> Tenant:
    """A firm that sent forty thousand packets, a hundred of each referral."""
    tenant = factories.tenant(app, factories.town(app))
    with app.test_request_context(), as_scope(tenant.scope):
        record = service(tenant)
        db.session.add(record)
        db.session.flush()
        now = record.created_at
        referral = Referral(
            number="ZJ-1", service_id=record.id, community_code=record.community_code,
            speciality="labour", urgency="normal", words="欠薪", asker_id=tenant.adviser_id,
            asked_at=now, step_at=now,
        )  # fmt: skip
        db.session.add(referral)
        db.session.commit()
    engine = create_engine(urls.owner)
    with engine.begin() as owner:
        for table in ("packet", "referral"):
            owner.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
        owner.execute(text(REFER), {"firm": tenant.firm_id})
        owner.execute(text(FILL), {"firm": tenant.firm_id, "street": tenant.town.street_code})
        for table in ("packet", "referral"):
            owner.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.execute(text("ANALYZE packet"))
    engine.dispose()
    return tenant


def test_the_firms_list_is_read_from_an_index(app: Flask, filled: Tenant) -> None:
    with app.test_request_context(), as_scope(filled.scope):
        found = plan(db.select(Packet).order_by(Packet.sent_at.desc(), Packet.id.desc()).limit(50))
    assert "ix_packet_list" in found, found


def test_the_offices_list_is_read_from_an_index(app: Flask, filled: Tenant) -> None:
    with app.test_request_context(), as_scope(filled.town.scope):
        found = plan(queries.known_list(filled.town.street_code, "", "-sent").limit(50))
    assert "ix_packet_street" in found, found
    assert "Seq Scan on packet" not in found, found


def test_what_is_over_is_read_from_an_index(app: Flask, filled: Tenant) -> None:
    with app.test_request_context(), as_scope(filled.scope):
        found = plan(
            db.select(Packet).where(
                Packet.status.in_(["sent", "opened"]), Packet.expires_at <= db.func.now()
            )
        )
    assert re.search("(ix|uq)_packet_waiting", found), found
