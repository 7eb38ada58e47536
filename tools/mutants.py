"""Break isolation in every way we know, one at a time, and fail unless a test notices each.

`make mutants`: one database with the furnished firms, a copy for each of two workers. A worker
forks for each mutant, breaks one thing, and runs the few tests that should notice. The comparison
of the catalogue with the classes (tests/test_every_table.py) is left out on purpose: it would
notice every policy by its text, and what is asked here is whether behaviour tells.
"""

import contextlib
import io
import json
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from counselhub import create_app
from counselhub.core import clock, migrations
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from tests.isolation import world as worlds
from tools import mutations
from tools.mutations import Mutant

WORKERS = 2
LIMIT_MINUTES = int(os.environ.get("COUNSELHUB_MUTANT_MINUTES") or 15)
LIMIT_SECONDS_EACH = 120
REPORT = Path("docs/mutants.md")
TESTS = (mutations.ROWS, mutations.NETS, mutations.CONNECTIONS, mutations.ROUTES, mutations.RIGHTS)
KILLED, SURVIVED, BROKEN = "noticed", "survived", "broken"


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant, and which test noticed it first."""

    mutant: int
    outcome: str
    by: str
    seconds: float


class Noticed:
    """A plugin that remembers the first test that failed."""

    def __init__(self) -> None:
        """Nothing failed yet."""
        self.first = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take note of a failure."""
        if report.failed and not self.first:
            self.first = report.nodeid


def run(arguments: tuple[str, ...]) -> tuple[int, str]:
    """Run some tests in this process; return pytest's exit status and the first that failed."""
    noticed, said = Noticed(), io.StringIO()
    options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:randomly"]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = int(pytest.main([*arguments, *options], plugins=[noticed]))
    if status not in (0, 1):
        return status, said.getvalue()[-2000:]
    return status, noticed.first


LIST: list[Mutant] = []
SLOTS: Any = None


def judge(number: int) -> Verdict:
    """Break one thing in a process of its own and see whether a test notices."""
    mutant, begun = LIST[number], time.monotonic()
    urls = SLOTS.get()
    os.environ["COUNSELHUB_MUTANT_DATABASE"] = json.dumps(asdict(urls))
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(LIMIT_SECONDS_EACH)
    try:
        _change(urls, mutant.sql)
        mutant.apply()
        outcome, by = _try(mutant)
    except TimeoutError:
        outcome, by = BROKEN, f"no answer in {LIMIT_SECONDS_EACH} seconds"
    finally:
        signal.alarm(0)
        _change(urls, mutant.undo)
        SLOTS.put(urls)
    return Verdict(number, outcome, by, time.monotonic() - begun)


def _too_long(*_args: object) -> None:
    raise TimeoutError


def _try(mutant: Mutant) -> tuple[str, str]:
    for tests in mutant.tests:
        status, by = run(tests)
        if status == 1:
            return KILLED, by
        if status != 0:
            return BROKEN, by
    return SURVIVED, ""


def _change(urls: DatabaseUrls, sql: str) -> None:
    if not sql:
        return
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.exec_driver_sql(sql)
    engine.dispose()


def main(groups: list[str]) -> int:
    """Judge every mutant, print the table, write the report; 1 when one survived.

    groups: judge only these, and write no report.
    """
    begun = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        template = stack.enter_context(scratch_database("mutants"))
        _furnish(template, folder)
        name = str(make_url(template.owner).database)
        copies = [
            stack.enter_context(scratch_database(f"mutant{place}", name))
            for place in range(WORKERS)
        ]
        LIST.extend(one for one in _listed(copies[0]) if not groups or one.group in groups)
        if fault := _baseline(copies[0]):
            print(f"Without any mutation a test fails: {fault}", file=sys.stderr)
            return 1
        verdicts = _judge_all(copies, begun)
    return _report(verdicts, time.monotonic() - begun, write=not groups)


def _furnish(urls: DatabaseUrls, folder: Path) -> None:
    """Build the three firms once; the tests read what they are from a file."""
    migrations.upgrade(urls.owner)
    app = create_app(urls)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SERVER_NAME="localhost")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNSELHUB_DATA", str(folder))
        made = worlds.build(app)
    with app.app_context():
        db.engine.dispose()
    (folder / "world").write_bytes(pickle.dumps(made))
    os.environ["COUNSELHUB_MUTANT_WORLD"] = str(folder / "world")
    os.environ["COUNSELHUB_MUTANT_UPLOADS"] = str(folder)


def _listed(urls: DatabaseUrls) -> list[Mutant]:
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        found = mutations.mutants(connection)
        connection.execute(text("select 1"))
    engine.dispose()
    return found


def _baseline(urls: DatabaseUrls) -> str:
    """Return the first test that fails although nothing is broken."""
    os.environ["COUNSELHUB_MUTANT_DATABASE"] = json.dumps(asdict(urls))
    context = multiprocessing.get_context("fork")
    with context.Pool(1) as pool:
        status, by = pool.apply(run, (TESTS,))
    return by if status else ""


def _judge_all(copies: list[DatabaseUrls], begun: float) -> list[Verdict]:
    """Judge them on all copies at once; what is not done in time is left out."""
    global SLOTS  # forked processes find it there
    context = multiprocessing.get_context("fork")
    SLOTS = context.Queue()
    for urls in copies:
        SLOTS.put(urls)
    verdicts = []
    with context.Pool(WORKERS, maxtasksperchild=1) as pool:
        for verdict in pool.imap_unordered(judge, range(len(LIST))):
            verdicts.append(verdict)
            mutant = LIST[verdict.mutant]
            if verdict.outcome != KILLED:
                print(f"{verdict.outcome}: {mutant.group}: {mutant.name} {verdict.by}", flush=True)
            if time.monotonic() - begun > LIMIT_MINUTES * 60:
                print(f"{LIMIT_MINUTES} minutes are over", file=sys.stderr)
                pool.terminate()
                break
    return verdicts


def _report(verdicts: list[Verdict], seconds: float, *, write: bool) -> int:
    table = _table(verdicts)
    print(table)
    print(f"{len(verdicts)} of {len(LIST)} in {seconds / 60:.1f} minutes")
    whole = len(verdicts) == len(LIST) and all(one.outcome == KILLED for one in verdicts)
    if write:
        REPORT.write_text(_page(table, verdicts, seconds), encoding="utf-8")
    return 0 if whole else 1


def _table(verdicts: list[Verdict]) -> str:
    planned = Counter(mutant.group for mutant in LIST)
    found = Counter((LIST[one.mutant].group, one.outcome) for one in verdicts)
    lines = ["| broken | mutants | noticed | not noticed |", "|---|---|---|---|"]
    for group, count in planned.items():
        noticed = found[group, KILLED]
        lines.append(f"| {group} | {count} | {noticed} | {count - noticed} |")
    total = sum(count for (_group, outcome), count in found.items() if outcome == KILLED)
    lines.append(f"| **all** | {len(LIST)} | {total} | {len(LIST) - total} |")
    return "\n".join(lines)


def _page(table: str, verdicts: list[Verdict], seconds: float) -> str:
    by = Counter(one.by.partition("::")[2].partition("[")[0] for one in verdicts if one.by)
    tests = "\n".join(f"| `{test}` | {count} |" for test, count in by.most_common())
    left = [LIST[one.mutant].name for one in verdicts if one.outcome != KILLED]
    return f"""# Mutants of isolation

The last run of `make mutants`, {clock.today()}: {seconds / 60:.1f} minutes on {WORKERS} workers
(limit {LIMIT_MINUTES}). Each mutant breaks one thing; the run fails unless a test notices each.

{table}

Not noticed: {", ".join(left) or "none"}.

| noticed first by | mutants |
|---|---|
{tests}

The comparison of the catalogue with the classes is not among these tests: it would notice every
policy by its text. Not broken here: FORCE of row security, which binds the owner of the tables
only, and the two routes that ask for nothing but to be signed in.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
