"""Part (a): the batch over a province's communities, against SQL statements by hand."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, text

from counselhub import create_app
from counselhub.core import migrations
from counselhub.core.db import db
from counselhub.core.scratch import scratch_database
from counselhub.statements import actions
from tools import bench_lines
from tools.bench_province import MONTH, NoDivisionsError, communities, fill

SMALL = 1_000
EMPTY = "TRUNCATE statement, event CASCADE"
OPENED = (
    "duty_session",
    "assignment",
    "contract",
    "contract_community",
    "scheme_version",
    "service_record",
    "case_claim",
    "case_payment",
    "firm",
    "statement",
    "statement_line",
)
ROUNDS = 3
TARGET, LINES_TARGET = 4.0, 2.0

BY_HAND = """
WITH counted AS (
    SELECT d.community_code, d.day,
        extract(hour FROM signed_in_at AT TIME ZONE 'Asia/Shanghai')::int * 60
            + extract(minute FROM signed_in_at AT TIME ZONE 'Asia/Shanghai')::int AS opens,
        extract(hour FROM signed_out_at AT TIME ZONE 'Asia/Shanghai')::int * 60
            + extract(minute FROM signed_out_at AT TIME ZONE 'Asia/Shanghai')::int AS closes,
        d.firm_id
    FROM duty_session d
    WHERE d.day BETWEEN '2026-10-01' AND '2026-10-31' AND d.status <> 'voided'
        AND d.signed_out_at IS NOT NULL
        AND EXISTS (SELECT FROM assignment a
            WHERE a.firm_id = d.firm_id AND a.community_code = d.community_code
            AND a.adviser_id IN (d.adviser_id, d.substitute_for_id)
            AND d.day BETWEEN a.starts_on AND coalesce(a.ends_on, 'infinity'))
), spread AS (
    SELECT firm_id, community_code, day, closes, greatest(opens, max(closes) OVER (
        PARTITION BY firm_id, community_code, day ORDER BY opens, closes
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS opens
    FROM counted
), visit AS (
    SELECT firm_id, community_code, sum(greatest(0, closes - opens)) AS minutes
    FROM spread GROUP BY firm_id, community_code, day
), present AS (
    SELECT firm_id, community_code, sum(minutes) AS minutes
    FROM visit WHERE minutes >= 60 GROUP BY firm_id, community_code
), terms AS (
    SELECT c.firm_id, c.id, c.number, cc.community_code, v.deduction_fen,
        round(coalesce(c.annual_fen, v.annual_fen) * 10 / 12.0)
            - round(coalesce(c.annual_fen, v.annual_fen) * 9 / 12.0) AS full_fen,
        least(coalesce(c.terminated_on, c.ends_on), '2026-10-31')
            - greatest(c.starts_on, '2026-10-01') + 1 AS active,
        v.required_hours * 60 AS asked
    FROM contract c
    JOIN contract_community cc ON cc.firm_id = c.firm_id AND cc.contract_id = c.id
    JOIN scheme_version v ON v.firm_id = c.firm_id AND v.scheme_id = c.scheme_id
    WHERE c.status IN ('active', 'expired', 'terminated') AND c.starts_on <= '2026-10-31'
        AND coalesce(c.terminated_on, c.ends_on) >= '2026-10-01'
), line AS (
    SELECT t.firm_id, t.number, t.community_code, round(full_fen * active / 31) AS base_fen,
        deduction_fen * ceil(greatest(0, floor(asked * active / 31) - coalesce(p.minutes, 0)) / 60)
            AS cost_fen
    FROM terms t LEFT JOIN present p USING (firm_id, community_code)
)
SELECT count(*), sum(base_fen), sum(least(cost_fen, base_fen)) FROM line
"""

SCOPE = (
    "by hand: one statement, all firms at once as the tables' owner, without row security, with "
    "parallel workers; it reads sessions, assignments, contracts and terms, and gives base and "
    "shortfall of each contract, added up; nothing is stored",
    "the same lines by hand: one statement as the tables' owner, without row security; it writes "
    "heads and lines with working and warnings as the batch does, to the letter, and no history",
    "statement run: any scheme, withholding, caps, funding and warnings; each firm under row "
    "security; lines with their working, history and case registry are stored",
)

STORED = """
SELECT count(*) FILTER (WHERE kind = 'base'), sum(amount_fen) FILTER (WHERE kind = 'base'),
    -sum(amount_fen) FILTER (WHERE kind = 'shortfall')
FROM statement_line
"""


def run() -> list[str]:
    """Measure; every figure is a ratio or a time of this very run, the best of some rounds."""
    try:
        places = communities()
    except NoDivisionsError as problem:
        return [f"not measured: {problem}"]
    small, province = _measure("small", places[:SMALL]), _measure("province", places)
    growth = (province.batch / len(places)) / (small.batch / SMALL)
    return [
        f"{len(places):,} contracts, {len(places) * 20:,} evidence rows",
        f"statement run: {province.batch:.2f} s, by hand in SQL: {province.by_hand:.2f} s, the "
        f"same lines by hand: {province.lines:.2f} s; the best of {ROUNDS} rounds, in turns",
        *SCOPE,
        _judged("ratio", province.batch / province.by_hand, TARGET),
        _judged("ratio to the same lines", province.batch / province.lines, LINES_TARGET),
        f"a contract's time at {len(places):,} against {SMALL:,}: {growth:.2f} (1 is linear)",
        f"peak memory of a process: {province.memory} MB",
    ]


def _judged(what: str, ratio: float, target: float) -> str:
    met = "met" if ratio <= target else "MISSED"
    return f"{what} {ratio:.2f} (target at most {target:g}): {met}"


@dataclass(frozen=True, slots=True)
class Measured:
    """The best seconds of each, and the peak memory of a process in MB."""

    batch: float
    by_hand: float
    lines: float
    memory: int


def _measure(label: str, places: list[tuple[str, str]]) -> Measured:
    """Measure the batch and what is written by hand in turns, and compare what they say."""
    with scratch_database(f"bench_{label}") as urls:
        migrations.upgrade(urls.owner)
        owner = create_engine(urls.owner)
        fill(owner, places)
        app = create_app(urls)
        batch, by_hand, lines = [], [], []
        for _ in range(ROUNDS):
            _forget(owner)
            lines.append(_timed(lambda: _write_lines(owner)))
            by_hand.append(_timed(lambda: _by_hand(owner)))
            _forget(owner)
            batch.append(_timed(lambda: _run(app)))
            compare(owner)
        _compare_lines(owner)
        with app.app_context():
            db.engine.dispose()
        owner.dispose()
    return Measured(min(batch), min(by_hand), min(lines), _peak_megabytes())


def _peak_megabytes() -> int:
    """Return the most memory that this process or one of those it forked has held."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whose) // 1024


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _run(app: Flask) -> None:
    with app.app_context():
        outcome = actions.run(MONTH, jobs=os.cpu_count() or 1)
        if outcome.refused:
            raise RuntimeError(f"refused: {outcome.refused[0]}")


def _by_hand(owner: Engine) -> tuple[int, ...]:
    return _as_owner(owner, BY_HAND)


def compare(owner: Engine) -> None:
    """Make sure that both worked out the same."""
    stored, hand = _as_owner(owner, STORED), _by_hand(owner)
    if stored != hand:
        raise RuntimeError(f"the batch says {stored}, the statement by hand {hand}")


def _write_lines(owner: Engine) -> None:
    with owner.begin() as connection:
        _open(connection)
        connection.exec_driver_sql(bench_lines.WRITE)


def _compare_lines(owner: Engine) -> None:
    """Make sure that both wrote the same lines."""
    with owner.connect() as connection:
        _open(connection)
        connection.exec_driver_sql(bench_lines.KEPT)
        connection.exec_driver_sql(EMPTY)
        connection.exec_driver_sql(bench_lines.WRITE)
        differing = connection.exec_driver_sql(bench_lines.SAME).scalar_one()
        connection.rollback()
    if differing:
        raise RuntimeError(f"{differing} lines differ between the batch and the SQL by hand")


def _as_owner(owner: Engine, query: str) -> tuple[int, ...]:
    """Read past row security, as the statement by hand would."""
    with owner.connect() as connection:
        _open(connection)
        found = connection.execute(text(query)).one()
        connection.rollback()
    return tuple(int(value) for value in found)


def _open(connection: Connection) -> None:
    """Let row security stand aside for the tables' owner, and plan as one would by hand."""
    for table in OPENED:
        connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
    # The planner takes the grouped sessions for one row; a hash join is the best plan.
    connection.execute(text("SET LOCAL enable_nestloop = off"))
    connection.execute(text("SET LOCAL work_mem = '256MB'"))


def _forget(owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text(EMPTY))
