"""Lists, boards and searches of teams' work are read from indexes, however much there is.

Five firms in five streets with thousands of rows of each kind, most of them done long ago.
"""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine, text

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.factories import Tenant
from tests.plans import plans
from tests.referrals.conftest import service

FIRMS, ROWS = 5, 4_000
LIVE = 40
"""One row of so many is not done yet."""
IS_LIVE = f"n % {LIVE} = 0"
FILLED = ("referral", "matter", "case_claim", "pairing", "premises_issue", "premises_report")
FILL = {
    "referral": "(firm_id, id, number, service_id, community_code, speciality, urgency, words,"
    " status, asker_id, receiver_id, asked_at, step_at, accepted_at, opinion, conflict,"
    " conflict_codes, revision) SELECT :firm, gen_random_uuid(), 'ZJ-2019-' || n, :service,"
    " :place, 'labour', 'normal', '邻里噪声 ' || n, 'closed', :adviser, :adviser,"
    " now() - n * interval '1 minute', now(), now() - interval '1 year', '意见', 'unknown',"
    " '{}', 1",
    "matter": "(firm_id, id, number, title, kind, community_code, adviser_id, status, opened_on,"
    f" ended_on, revision) SELECT :firm, gen_random_uuid(), 'SX2019-' || n, '借款纠纷 ' || n,"
    f" 'other', :place, CASE WHEN {IS_LIVE} THEN cast(:adviser AS uuid) ELSE :other END,"
    f" CASE WHEN {IS_LIVE} THEN 'open' ELSE 'closed' END, date '2019-01-01' + n % 2000,"
    f" CASE WHEN {IS_LIVE} THEN NULL ELSE date '2025-01-01' END, 1",
    "case_claim": "(firm_id, id, number, accepted_on, closed_on, community_code, street_code,"
    " adviser_id, difficulty, form, fulfilled, dossier_complete, revision) SELECT :firm,"
    " gen_random_uuid(), :firm || 'T' || n, date '2018-01-01', date '2019-01-01' + n % 2500,"
    " :place, :street, :adviser, 'simple', 'oral', true, true, 1",
    "pairing": "(firm_id, id, community_code, street_code, status, party_a, party_b, signed_on,"
    " valid_until, ended_on, topics, revision) SELECT :firm, gen_random_uuid(), :place, :street,"
    " 'ended', '甲方', '乙方', date '1990-01-01' + n, date '2020-01-01', date '2020-01-01',"
    " '{}', 1",
    "premises_report": "(firm_id, id, street_code, community_code, adviser_id, kind, status,"
    " sent_at, sent_by_name, has_photo, answered_at, revision) SELECT :firm, gen_random_uuid(),"
    " :street, :place, :adviser, 'no_room', 'declined', now() - n * interval '1 minute', '某',"
    " false, now(), 1",
}
OF_THE_OFFICE = {
    "premises_issue": "(id, street_code, community_code, kind, status, reported_on,"
    " letter_due_on, planned_on, explained_on, cause, responsible_body, responsible_person,"
    " solved_on, replans, revision) SELECT gen_random_uuid(), :street, :place, 'no_room',"
    " 'solved', date '2015-01-01' + n % 3000, date '2015-02-01' + n % 3000, date '2024-01-01',"
    " date '2024-01-01', '没有', '某', '某', date '2024-01-01', 0, 1",
}


@pytest.fixture(scope="module")
def firm(app: Flask, urls: DatabaseUrls) -> Tenant:
    """The firm that is asked, beside others with as much."""
    firms = [factories.tenant(app, factories.town(app)) for _firm in range(FIRMS)]
    engine = create_engine(urls.owner)
    with engine.begin() as owner:
        for table in FILLED:
            owner.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
        for tenant in firms:
            fill(owner, tenant, service_of(app, tenant))
        for table in FILLED:
            owner.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.execute(text(f"VACUUM ANALYZE {', '.join(FILLED)}"))
    engine.dispose()
    return firms[0]


def service_of(app: Flask, tenant: Tenant) -> object:
    with app.app_context(), as_scope(tenant.scope):
        record = service(tenant)
        db.session.add(record)
        db.session.commit()
        return record.id


def fill(owner: Connection, tenant: Tenant, service_id: object) -> None:
    given = {
        "firm": tenant.firm_id, "service": service_id, "place": tenant.town.communities[0],
        "street": tenant.town.street_code, "adviser": tenant.adviser_id, "other": tenant.backup_id,
    }  # fmt: skip
    for table, rows in (FILL | OF_THE_OFFICE).items():
        made = f"INSERT INTO {table} {rows} FROM generate_series(1, {ROWS}) n"
        used = {name: value for name, value in given.items() if f":{name}" in rows}
        owner.execute(text(made), used)


ADDRESSES = {
    Role.MANAGER: (
        "/referrals",
        "/referrals/list",
        "/referrals/list?state=live",
        "/referrals/list?urgency=urgent",
        "/referrals/list?q=漏水赔偿",
        "/matters",
        "/matters?tab=all",
        "/matters?q=漏水赔偿",
        "/claims?month=2026-10",
        "/claims?month=2026-10&q=T77",
        "/pairings",
        "/pairings?tab=ended",
        "/premises/served",
    ),
    Role.ADVISER: ("/referrals", "/referrals/list", "/matters", "/matters?q=漏水赔偿"),
    Role.CHECKER: (
        "/premises",
        "/premises/issues",
        "/premises/issues?status=all",
        "/premises/reports",
        "/premises/reports?tab=all",
        "/shared-pairings",
    ),
}


@pytest.fixture(scope="module")
def readers(app: Flask, firm: Tenant) -> dict[Role, FlaskClient]:
    """Signed in; the adviser is the one who has nearly nothing."""
    adviser = factories.signed_in(app, firm.scope, Role.ADVISER, adviser_id=firm.adviser_id)
    return {
        Role.MANAGER: factories.signed_in(app, firm.scope, Role.MANAGER),
        Role.ADVISER: adviser,
        Role.CHECKER: factories.signed_in(app, firm.town.scope, Role.CHECKER),
    }


@pytest.mark.parametrize(
    ("role", "address"),
    [
        pytest.param(role, address, id=f"{role.value} {address}")
        for role, addresses in ADDRESSES.items()
        for address in addresses
    ],
)
def test_nothing_is_read_whole(readers: dict[Role, FlaskClient], role: Role, address: str) -> None:
    with plans() as found:
        assert readers[role].get(address).status_code == 200
    whole = re.compile(rf"Seq Scan on ({'|'.join(FILLED)})\b")
    assert found
    assert [plan for plan in found if whole.search(plan)] == []
