"""Break isolation in every way we know, one at a time, and fail unless a test notices each.

`make mutants`: one database with the furnished firms, a copy for each of two workers. A worker
collects the tests once, forks for each mutant, breaks one thing, and runs the few tests that
should notice; one that notices must pass with nothing broken. The comparison of the catalogue with
the classes (tests/test_every_table.py) is left out on purpose: it would notice every policy by its
text, and what is asked here is whether behaviour tells.
"""

import multiprocessing
import os
import pickle
import queue
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from counselhub import create_app
from counselhub.core import clock, migrations
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from tests.isolation import world as worlds
from tools import mutations
from tools.equivalents import EQUIVALENT
from tools.judging import KILLED, LIST, Verdict, work
from tools.mutations import Mutant

WORKERS = 2
LIMIT_MINUTES = int(os.environ.get("COUNSELHUB_MUTANT_MINUTES") or 15)
REPORT = Path("docs/mutants.md")


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
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # they take longer than the tests


def _listed(urls: DatabaseUrls) -> list[Mutant]:
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        found = mutations.mutants(connection)
    engine.dispose()
    return found


def _judge_all(copies: list[DatabaseUrls], begun: float) -> list[Verdict]:
    """Judge them on all copies at once; what is not done in time is left out."""
    context = multiprocessing.get_context("fork")
    numbers, found = context.Queue(), context.Queue()
    for number in [*range(len(LIST)), *[None] * len(copies)]:
        numbers.put(number)
    workers = [context.Process(target=work, args=(urls, numbers, found)) for urls in copies]
    for worker in workers:
        worker.start()
    verdicts = []
    for verdict in _arriving(found, workers, begun):
        verdicts.append(verdict)
        _tell(verdict)
    for worker in workers:
        worker.terminate()
        worker.join()
    return verdicts


def _arriving(found: Any, workers: list[Any], begun: float) -> Iterator[Verdict]:
    """Yield verdicts while a worker lives and there is time."""
    while time.monotonic() - begun < LIMIT_MINUTES * 60:
        lives = any(worker.is_alive() for worker in workers)
        try:
            yield found.get(timeout=1)
        except queue.Empty:
            if not lives:
                return
    print(f"{LIMIT_MINUTES} minutes are over", file=sys.stderr)


def _tell(verdict: Verdict) -> None:
    if verdict.outcome != KILLED:
        mutant = LIST[verdict.mutant]
        print(f"{verdict.outcome}: {mutant.group}: {mutant.name} {verdict.by}", flush=True)


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
    total = sum(one.outcome == KILLED for one in verdicts)
    lines.append(f"| **all** | {len(LIST)} | {total} | {len(LIST) - total} |")
    return "\n".join(lines)


def _page(table: str, verdicts: list[Verdict], seconds: float) -> str:
    by = Counter(one.by.partition("::")[2].partition("[")[0] for one in verdicts if one.by)
    tests = "\n".join(f"| `{test}` | {count} |" for test, count in by.most_common())
    left = [LIST[one.mutant].name for one in verdicts if one.outcome != KILLED]
    left_out = "\n".join(f"- `{name}`: {why}" for name, why in EQUIVALENT.items())
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
only, and the two routes that ask for nothing but to be signed in. Left out, because it changes
nothing that anybody is shown:

{left_out}
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
