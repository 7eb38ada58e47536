"""Twenty thousand packs, promises and liaisons: lists and the line of time are read by index."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import postgresql

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope, bound
from counselhub.handovers.models import HandoverPack, Promise
from counselhub.liaisons import queries as liaisons
from counselhub.liaisons.models import Liaison
from tests import factories
from tests.counting import statements
from tests.factories import Tenant

TABLES = ("assignment", "handover_pack", "promise", "liaison")
FILL = (
    """
INSERT INTO assignment (firm_id, id, community_code, street_code, adviser_id, role, starts_on,
  ends_on, revision)
SELECT :firm, gen_random_uuid(), cast(:street AS text) || lpad((n % 4 + 1)::text, 3, '0'), :street,
  :one, 'backup', date '1950-01-01' + n, date '1950-01-01' + n, 1
FROM generate_series(1, 20000) n
""",
    """
INSERT INTO handover_pack (firm_id, id, ended_id, begun_id, community_code, role, from_adviser_id,
  to_adviser_id, starts_on, cause, reason, status, made_at, made_by_name, signed_at, revision)
SELECT firm_id, gen_random_uuid(), id, id, community_code, 'backup', :one, :other, starts_on,
  'rotation', '', CASE WHEN extract(day FROM starts_on) = 1 THEN 'open' ELSE 'signed' END, now(),
  '某', CASE WHEN extract(day FROM starts_on) = 1 THEN NULL ELSE now() END, 1
FROM assignment WHERE firm_id = :firm AND starts_on < date '2020-01-01'
""",
    """
INSERT INTO promise (firm_id, id, community_code, adviser_id, to_whom, words, made_on, revision)
SELECT firm_id, gen_random_uuid(), community_code, :one, '某人', md5(id::text), starts_on, 1
FROM assignment WHERE firm_id = :firm AND starts_on < date '2020-01-01'
  AND right(community_code, 1) <> '1'
""",
    """
INSERT INTO liaison (firm_id, id, street_code, community_code, name, post, phone, starts_on,
  checked_on, revision)
SELECT firm_id, gen_random_uuid(), street_code, community_code, '某', '某', '020-00000000',
  starts_on, CASE WHEN extract(day FROM starts_on) = 1 THEN starts_on ELSE date '2099-01-01' END, 1
FROM assignment WHERE firm_id = :firm AND starts_on < date '2020-01-01'
""",
)


@pytest.fixture(scope="module")
def filled(app: Flask, urls: DatabaseUrls) -> Tenant:
    """A firm with twenty thousand of each."""
    tenant = factories.tenant(app, factories.town(app))
    values = {
        "firm": tenant.firm_id, "street": tenant.town.street_code,
        "one": tenant.adviser_id, "other": tenant.backup_id,
    }  # fmt: skip
    engine = create_engine(urls.owner)
    with engine.begin() as owner:
        for table in TABLES:
            owner.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
        for statement in FILL:
            owner.execute(text(statement), values)
        for table in TABLES:
            owner.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.execute(text(f"ANALYZE {', '.join(TABLES)}"))
    engine.dispose()
    return tenant


PLACE = "{street}001"
NEWEST = db.select(HandoverPack.id).order_by(HandoverPack.starts_on.desc(), HandoverPack.id.desc())


@pytest.mark.parametrize(
    ("query", "index"),
    [
        pytest.param(NEWEST.limit(50), "ix_handover_pack_list", id="packs, newest first"),
        pytest.param(
            db.select(HandoverPack.id).where(HandoverPack.status == "open"),
            "ix_handover_pack_open",
            id="packs nobody has signed",
        ),
        pytest.param(
            db.select(Promise.id).where(Promise.community_code == PLACE),
            "ix_promise_community_code",
            id="promises to a community",
        ),
        pytest.param(
            db.select(Liaison.id).where(liaisons.wanting_check(factories.clock.today())),
            "ix_liaison_checked_on",
            id="liaisons to be checked",
        ),
    ],
)
def test_it_is_read_from_its_index(app: Flask, filled: Tenant, query: Any, index: str) -> None:
    with app.test_request_context(), as_scope(filled.scope):
        plan = _plan(query, filled)
    assert re.search(index, plan), plan


def _plan(query: Any, tenant: Tenant) -> str:
    """The plan of a query as the session would send it, with the firm and its row security."""
    compiled = str(
        bound(query).compile(
            dialect=postgresql.psycopg.dialect(), compile_kwargs={"literal_binds": True}
        )
    ).format(street=tenant.town.street_code)
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN {compiled}".replace("%%", "%"))
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("path", ["/handovers?status=all", "/liaisons", "/liaisons?tab=due"])
def test_full_lists_need_as_few_statements(app: Flask, filled: Tenant, path: str) -> None:
    client = factories.signed_in(app, filled.scope, Role.MANAGER)
    with statements() as sent:
        assert client.get(path).status_code == 200
    assert len(sent) <= 8, sent
