"""`make bench`: a check of conflicts of interest over 100,000 parties of one firm.

A third are organisations whose names are alike in their beginnings; each party has three digests.
The time is that of the whole check: digests, the gathering statement, the judgement, the record.
"""

import statistics
import time
from collections.abc import Iterator

from flask import Flask
from sqlalchemy import create_engine, text

from counselhub import create_app
from counselhub.core import migrations
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from counselhub.core.tenancy import as_firm
from counselhub.matters import actions, conflicts
from counselhub.matters.conflicts import Asked
from counselhub.matters.kinds import MatterKind, PartyKind, PartyRole
from counselhub.matters.seals import Marks
from tests import factories
from tests.factories import Tenant

PARTIES, CHECKS, TARGET_MS = 100_000, 40, 50
FILL = """
    WITH parties AS (
        INSERT INTO matter_party (firm_id, id, matter_id, role, kind, near)
        SELECT :firm, gen_random_uuid(), :matter, 'opponent',
            CASE n % 3 WHEN 0 THEN 'organisation' ELSE 'person' END,
            CASE n % 3 WHEN 0 THEN (ARRAY['广东', '深圳市', '某市'])[1 + n % 7 % 3]
                || chr(19968 + n * 7 % 5000) || chr(19968 + n * 13 % 6000)
                || chr(19968 + n * 29 % 3000)
                || (ARRAY['物业管理', '建设工程', '贸易', '科技'])[1 + n % 4] END
        FROM generate_series(1, :parties) n RETURNING firm_id, id
    )
    INSERT INTO party_key (firm_id, party_id, kind, digest)
    SELECT firm_id, id, kind, 'k1.' || encode(sha256((id::text || kind)::bytea), 'hex')
    FROM parties, unnest(ARRAY['name', 'phone', 'id']) kind
"""
ASKED = (
    Asked(PartyRole.CLIENT, PartyKind.PERSON, Marks("甄有其", "阿有", "13800000027")),
    Asked(PartyRole.OPPONENT, PartyKind.ORGANISATION, Marks("广东某某物业管理有限公司")),
    Asked(PartyRole.THIRD, PartyKind.PERSON, Marks("贾无名")),
)


def run() -> Iterator[str]:
    """Measure, and give the lines to print."""
    with scratch_database("bench_conflicts") as urls:
        migrations.upgrade(urls.owner)
        app = create_app(urls)
        app.config.update(SERVER_NAME="localhost")
        tenant = factories.tenant(app, factories.town(app))
        _fill(app, tenant, urls)
        times = _times(app, tenant)
        with app.app_context():
            db.engine.dispose()
    middle = statistics.median(times)
    verdict = "met" if middle < TARGET_MS else "MISSED"
    yield (
        f"check over {PARTIES} parties: median {middle:.1f} ms, slowest {max(times):.1f} ms"
        f" of {CHECKS} (target {TARGET_MS} ms: {verdict})"
    )


def _fill(app: Flask, tenant: Tenant, urls: DatabaseUrls) -> None:
    with app.test_request_context(), as_firm(tenant.firm_id):
        entry = actions.MatterEntry("旧事", MatterKind.OTHER, None, tenant.adviser_id)
        client = actions.PartyEntry(Asked(PartyRole.CLIENT, PartyKind.PERSON, Marks("某甲")))
        matter, _answer = actions.open_matter(entry, [client], by=tenant.member())
        given = {"firm": tenant.firm_id, "matter": matter.id, "parties": PARTIES}
        db.session.connection().execute(text(FILL), given)
        db.session.commit()
    engine = create_engine(urls.owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _times(app: Flask, tenant: Tenant) -> list[float]:
    """Milliseconds of each check, the first two left out: they warm up."""
    times = []
    with app.test_request_context(), as_firm(tenant.firm_id):
        for _ in range(CHECKS + 2):
            begun = time.perf_counter()
            conflicts.check(ASKED, by=tenant.member())
            db.session.commit()
            times.append((time.perf_counter() - begun) * 1000)
    return times[2:]
