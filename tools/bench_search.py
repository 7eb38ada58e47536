"""`make bench`, searching the service log with 1,000,000 records in the table.

Ten firms with 100,000 records each over two years; the pages of one of them are asked, warm, and
the median of a few rounds counts.
"""

import statistics
import time
from collections.abc import Iterator
from datetime import date

from flask import Flask, g
from sqlalchemy import create_engine, text

from counselhub import create_app
from counselhub.core import migrations
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from counselhub.core.tenancy import as_scope
from counselhub.services import inspecting, queries
from tests import factories
from tests.factories import Tenant

FIRMS, RECORDS, ROUNDS = 10, 100_000, 7
FIRST, LAST, MONTH = date(2025, 1, 1), date(2026, 12, 31), date(2026, 10, 1)
WORDS = (
    "邻里漏水|婚姻继承|交通事故|物业收费|宅基地界|工伤赔偿|租赁押金|借款纠纷|噪音扰民|停车位争议"
)
MADE = """
    WITH made AS (
        INSERT INTO service_record (firm_id, id, number, day, community_code, street_code,
            adviser_id, kind, mode, count, created_at, revision)
        SELECT :firm, gen_random_uuid(), 'P-' || n, DATE '2025-01-01' + n % 700, :community,
            :street, :adviser, 'consultation', 'phone', 1, now(), 1
        FROM generate_series(1, cast(:records AS int)) n
        RETURNING firm_id, id, number
    )
    INSERT INTO service_note (firm_id, service_id, content)
    SELECT firm_id, id, (string_to_array(:words, '|'))[1 + right(number, 1)::int]
        || '咨询' || number || CASE WHEN number LIKE 'P-%777' THEN '欠薪未结' ELSE '' END FROM made
"""
ASKED = {
    "two letters, all days": ({"q": "欠薪"}, FIRST, LAST),
    "four letters, all days": ({"q": "欠薪未结"}, FIRST, LAST),
    "a frequent word, one month": ({"q": "漏水"}, MONTH, date(2026, 10, 31)),
    "a frequent word, all days": ({"q": "漏水"}, FIRST, LAST),
    "no word, one month": ({}, MONTH, date(2026, 10, 31)),
    "by phone, all days": ({"mode": "phone"}, FIRST, LAST),
    "without files, all days": ({"file": "none"}, FIRST, LAST),
}


def run() -> Iterator[str]:
    """Make the firms and ask; yield a line for each question."""
    with scratch_database("bench_search") as urls:
        migrations.upgrade(urls.owner)
        app = create_app(urls)
        app.config.update(SERVER_NAME="localhost")
        firms = [factories.tenant(app, factories.town(app)) for _firm in range(FIRMS)]
        begun = time.perf_counter()
        fill(urls, firms)
        yield f"{FIRMS * RECORDS:,} records made in {time.perf_counter() - begun:.0f} s"
        yield from asked(app, firms[0])


def fill(urls: DatabaseUrls, firms: list[Tenant]) -> None:
    """Write every firm's records in one statement each, without the triggers of single entries."""
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(text("alter table service_record disable trigger user"))
        for firm in firms:
            given = {
                "firm": firm.firm_id,
                "community": firm.town.communities[0],
                "street": firm.town.street_code,
                "adviser": firm.adviser_id,
                "records": RECORDS,
                "words": WORDS,
            }
            scope = (
                "select set_config('app.scope_kind', 'firm', true),"
                " set_config('app.scope_key', :key, true)"
            )
            connection.execute(text(scope), {"key": str(firm.firm_id)})
            connection.execute(text(MADE), given)
        connection.execute(text("alter table service_record enable trigger user"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze service_record, service_note"))
    engine.dispose()


def asked(app: Flask, firm: Tenant) -> Iterator[str]:
    """Yield what each question takes: the sums and the first page of 50."""
    with app.test_request_context(), as_scope(firm.scope):
        g.member = firm.member(Role.MANAGER)
        for name, (filters, first, last) in ASKED.items():
            times, found = [], 0
            for _round in range(ROUNDS):
                begun = time.perf_counter()
                found = queries.totals(first, last, filters).records
                query = queries.record_list(first, last, filters, "-day").limit(50)
                db.session.execute(query).all()
                times.append(time.perf_counter() - begun)
            yield f"{name}: {statistics.median(times) * 1000:.0f} ms, {found:,} found"
        begun = time.perf_counter()
        lacking = len(inspecting.of_month(MONTH))
        yield f"checks of a month: {(time.perf_counter() - begun) * 1000:.0f} ms, {lacking:,} found"
        db.session.rollback()
