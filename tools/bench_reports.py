"""`make bench`, part reports: the month's picture of the largest firm, and its plans.

200 lawyers, 1,000 communities and 100,000 sessions a month, each with its taps, over three months;
8 slots a community and month. The page's parts are timed one by one, and the plans are read: no
statement may look through a whole table of evidence.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import Flask, g
from sqlalchemy import create_engine, text

from counselhub import create_app
from counselhub.core import clock, migrations
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.scratch import scratch_database
from counselhub.core.tenancy import as_scope
from counselhub.reports import picture, queries
from tests import counting, factories
from tests.factories import Tenant

LAWYERS, COMMUNITIES, SESSIONS, MONTHS, ROUNDS = 200, 1_000, 100_000, 3, 5
EACH = SESSIONS // LAWYERS
TABLES = {"duty_session", "duty_punch", "duty_slot", "service_record"}

FILL = (
    """
    insert into community (code, street_code, name, pinyin, search)
    select :street || lpad(i::text, 3, '0'), :street, '第' || i || '社区居委会', i::text, i::text
    from generate_series(5, :communities - 1) i
    """,
    """
    insert into adviser (firm_id, id, revision, name, pinyin, search, licence_number, category,
        specialties)
    select :firm, gen_random_uuid(), 1, '律师' || i, i::text, i::text, 'L' || i, 'lawyer', '{}'
    from generate_series(1, :lawyers) i
    """,
    """
    insert into contract_community (firm_id, id, contract_id, community_code, street_code, kind,
        starts_on, last_on)
    select :firm, gen_random_uuid(), :contract, code, :street, 'procurement', '2000-01-01',
        '2099-12-31' from community where street_code = :street
    on conflict do nothing
    """,
    """
    insert into assignment (firm_id, id, revision, community_code, street_code, adviser_id, role,
        starts_on)
    select :firm, gen_random_uuid(), 1, :street || lpad(i::text, 3, '0'), :street, a.id, 'backup',
        '2000-01-01'
    from generate_series(1, :communities - 1) i
    join adviser a on a.firm_id = :firm and a.licence_number = 'L' || (1 + i % :lawyers)
    """,
    """
    insert into duty_session (firm_id, id, revision, adviser_id, community_code, street_code, day,
        signed_in_at, signed_out_at, status, source, is_corrected, community_confirmed)
    select :firm, gen_random_uuid(), 1, a.id,
        :street || lpad((1 + (n + :lawyers * (k % 5)) % (:communities - 1))::text, 3, '0'),
        :street, d.day, d.at, d.at + interval '40 minutes', 'closed', 'phone', false,
        k % 3 = 0
    from generate_series(1, :lawyers) n
    join adviser a on a.firm_id = :firm and a.licence_number = 'L' || n
    cross join generate_series(0, :each - 1) k
    cross join lateral (select cast(:month as date) + k % 28 as day,
        (cast(:month as date) + k % 28 + time '06:00' + (k / 28) * interval '45 minutes')
            at time zone 'Asia/Shanghai' as at) d
    """,
    """
    insert into duty_slot (firm_id, id, revision, term_id, turn, month, community_code,
        street_code, adviser_id, day, starts, ends, status, is_moved, stands_off)
    select :firm, gen_random_uuid(), 1, t.id, turn, :month,
        :street || lpad((n + :lawyers * c)::text, 3, '0'), :street, a.id,
        cast(:month as date) + turn, time '06:00' + c * interval '2 hours',
        time '07:00' + c * interval '2 hours', 'done', false, false
    from generate_series(1, :lawyers) n
    join adviser a on a.firm_id = :firm and a.licence_number = 'L' || n
    cross join generate_series(0, 4) c cross join generate_series(1, 8) turn
    cross join (select id from duty_term where firm_id = :firm limit 1) t
    where n + :lawyers * c < :communities
    """,
)
SCOPE = """
    select set_config('app.scope_kind', :kind, false), set_config('app.scope_key', :key, false)
"""
TERM = """
    insert into duty_term (firm_id, id, revision, contract_id, kind, weekday, weeks, starts, ends,
        on_holiday, communities)
    values (:firm, gen_random_uuid(), 1, :contract, 'weekly', 0, '[]', '06:00', '07:00', 'next',
        '{}')
"""
TAPS = """
    insert into duty_punch (firm_id, id, adviser_id, key, kind, community_code, street_code,
        tapped_at, claimed_at, arrived_at, counts_at, day, timing, verdict, session_id,
        session_revision)
    select firm_id, gen_random_uuid(), adviser_id, gen_random_uuid(), 'in', community_code,
        street_code, signed_in_at, signed_in_at, signed_in_at, signed_in_at, day, 'at_once',
        'counted', id, 1 from duty_session where firm_id = :firm
"""


@contextmanager
def world() -> Iterator[tuple[Flask, Tenant, date, str]]:
    """Make the firm in a database of its own; also give the address of its owner."""
    with scratch_database("bench_reports") as urls:
        migrations.upgrade(urls.owner)
        app = create_app(urls)
        app.config.update(SERVER_NAME="localhost")
        tenant = factories.tenant(app, factories.town(app))
        month = clock.previous_month(clock.this_month())
        _fill(urls.owner, tenant, month)
        yield app, tenant, month, urls.owner
        with app.app_context():
            db.engine.dispose()


def _fill(owner: str, tenant: Tenant, month: date) -> None:
    values: dict[str, Any] = {
        "firm": tenant.firm_id,
        "contract": tenant.contract_id,
        "street": tenant.town.street_code,
        "lawyers": LAWYERS,
        "communities": COMMUNITIES,
        "each": EACH,
    }
    engine = create_engine(owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        run = connection.execute
        run(text(SCOPE), {"kind": "platform", "key": ""})
        run(text(FILL[0]), values)
        run(text(SCOPE), {"kind": "firm", "key": str(tenant.firm_id)})
        run(text(TERM), values)
        for statement in FILL[1:4]:
            run(text(statement), values)
        for _month in range(MONTHS):
            for statement in FILL[4:]:
                run(text(statement), values | {"month": month})
            month = clock.previous_month(month)
        run(text(TAPS), values)
        run(text("vacuum analyze"))
    engine.dispose()


def run() -> Iterator[str]:
    """Time the picture and its parts, and name the plans that look through a table."""
    with world() as (app, tenant, month, _owner):
        member = Member(None, "测试员", Role.MANAGER, tenant.scope, "测试所")
        before = clock.previous_month(month)
        with app.test_request_context(), as_scope(tenant.scope):
            g.member = member
            parts: dict[str, Callable[[], object]] = {
                "the whole picture": lambda: picture.picture(month, "community"),
                "sessions, graded": lambda: queries.session_tallies(before, month),
                "slots with lateness": lambda: queries.slot_tallies(before, month),
            }
            for name, part in parts.items():
                yield f"{name}: {_median(part):.0f} ms"
            with counting.statements() as sent:
                seen = picture.picture(month, "adviser")
            lines, sessions = len(seen.lines), seen.now.sessions
            yield f"statements: {len(sent)}, lawyers: {lines}, sessions: {sessions}"
            yield f"looked through: {sorted(_looked_through(before, month)) or 'no table'}"


def _median(part: Callable[[], object]) -> float:
    took = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        part()
        took.append((time.perf_counter() - begun) * 1_000)
    return sorted(took)[ROUNDS // 2]


def _looked_through(first: date, month: date) -> set[str]:
    """Return the tables of evidence that a plan reads from end to end."""
    found: set[str] = set()
    for query in (queries.sessions_tallied(first, month), queries.slots_tallied(first, month)):
        plain = query.compile(db.engine, compile_kwargs={"literal_binds": True})
        answer = db.session.connection().exec_driver_sql(f"explain (format json) {plain}").scalar()
        plan = answer if isinstance(answer, list) else json.loads(answer)
        found |= {name for name in _scanned(plan[0]["Plan"]) if name in TABLES}
    return found


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for child in plan.get("Plans", ()):
        yield from _scanned(child)
