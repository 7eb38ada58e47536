"""The month's batch ended by SIGKILL, again and again: nothing is missing, nothing is twice."""

import multiprocessing
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkProcess

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from counselhub import create_app
from counselhub.core import migrations
from counselhub.core.db import db
from counselhub.core.scratch import scratch_database
from counselhub.statements import actions
from tools.bench_province import MONTH, fill
from tools.bench_statements import EMPTY

CONTRACTS = 300
LIMIT_SECONDS = 60
PLACES = [
    (f"9001{place // 100:02d}{place // 25 % 4 + 1:03d}{place % 25 + 1:03d}", "某社区")
    for place in range(CONTRACTS)
]
READ = ("statement", "statement_line", "case_payment", "event")
CONTENT = """
SELECT md5(string_agg(row::text, E'\\n' ORDER BY row::text)) FROM (
    SELECT s.number, s.street_code, s.month, s.status, s.version, s.total_fen, s.funding,
        l.position, l.contract_number, l.community_code, l.kind, l.month AS of, l.quantity,
        l.amount_fen, l.trace, l.warnings, p.case_number
    FROM statement s
    LEFT JOIN statement_line l ON l.firm_id = s.firm_id AND l.statement_id = s.id
    LEFT JOIN case_payment p ON p.firm_id = s.firm_id AND p.statement_id = s.id
        AND l.kind = 'case' AND l.trace @> jsonb_build_array(jsonb_build_object(
            'inputs', jsonb_build_object('case_number', p.case_number)))
    WHERE s.status <> 'void'
) row
"""
UNEVEN = """
SELECT count(*) FROM statement s
WHERE s.total_fen <> (SELECT coalesce(sum(amount_fen), 0) FROM statement_line l
        WHERE l.firm_id = s.firm_id AND l.statement_id = s.id)
    OR 1 <> (SELECT count(*) FROM event e
        WHERE e.firm_id = s.firm_id AND e.subject_id = s.id AND e.act = 'compute')
"""
COUNT = "SELECT count(*) FROM statement WHERE status <> 'void'"
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass(frozen=True)
class Batch:
    """A database of its own with 300 contracts of October, and what runs over it."""

    app: Flask
    owner: Engine

    def start(self, jobs: int) -> ForkProcess:
        """Begin the month in another process, with so many of its own."""
        process = multiprocessing.get_context("fork").Process(target=self._run, args=(jobs,))
        process.start()
        return process

    def _run(self, jobs: int) -> None:
        with self.app.app_context():
            assert not actions.run(MONTH, jobs=jobs).refused

    def ask(self, query: str) -> object:
        """Ask past row security, whatever is committed."""
        with self.owner.connect() as connection:
            return connection.execute(text(query)).scalar_one()

    def wipe(self) -> None:
        """Forget every statement."""
        with self.owner.begin() as connection:
            connection.execute(text(EMPTY))

    def whole(self) -> object:
        """Forget everything, run undisturbed, and return what was made."""
        self.wipe()
        ended(self.start(1))
        return self.ask(CONTENT)


def ended(process: ForkProcess) -> None:
    """Wait for an end that is a good one."""
    process.join(LIMIT_SECONDS)
    assert process.exitcode == 0


@pytest.fixture(scope="module")
def batch() -> Iterator[Batch]:
    with scratch_database("killed") as urls:
        migrations.upgrade(urls.owner)
        owner = create_engine(urls.owner)
        fill(owner, PLACES)
        with owner.begin() as connection:
            for table in READ:
                connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
        app = create_app(urls)
        with app.app_context():
            db.engine.dispose()  # what is forked shares no connection
        with pytest.MonkeyPatch.context() as patch:
            module = sys.modules["counselhub.statements.actions.batch"]
            patch.setattr(module, "FIRMS_A_COMMIT", 1)
            yield Batch(app, owner)
        owner.dispose()


def test_a_batch_killed_at_any_moment_goes_on(batch: Batch) -> None:
    whole, total = batch.whole(), batch.ask(COUNT)
    batch.wipe()
    left = []
    for jobs, later in ((1, 0), (2, 0.01), (1, 0.02), (2, 0.03), (1, 0.005)):
        process, before = batch.start(jobs), batch.ask(COUNT)
        while process.is_alive() and batch.ask(COUNT) == before != total:
            time.sleep(0.002)
        time.sleep(later)
        process.kill()
        process.join()
        left.append(batch.ask(COUNT))
        assert batch.ask(UNEVEN) == 0
    assert any(0 < count < total for count in left), left
    ended(batch.start(2))
    assert batch.ask(CONTENT) == whole
    assert batch.ask(UNEVEN) == 0


def test_nobody_is_left_behind(batch: Batch) -> None:
    batch.wipe()
    process = batch.start(2)
    while not batch.ask(COUNT):
        time.sleep(0.002)
    process.kill()
    process.join()
    until = time.monotonic() + LIMIT_SECONDS / 4
    while batch.ask(OTHERS) and time.monotonic() < until:
        time.sleep(0.05)
    assert batch.ask(OTHERS) == 0


def test_two_batches_at_once_make_what_one_makes(batch: Batch) -> None:
    whole = batch.whole()
    batch.wipe()
    for process in [batch.start(1), batch.start(2)]:
        ended(process)
    assert batch.ask(CONTENT) == whole
    assert batch.ask(UNEVEN) == 0
