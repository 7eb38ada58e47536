"""The batch over every community of the country, by the command itself, against one province's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from sqlalchemy import Engine, create_engine, text

from counselhub.core import migrations
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from tools.bench_province import MONTH, PROVINCE, NoDivisionsError, communities, fill
from tools.bench_statements import compare

PROGRAM = "from counselhub.cli import main; main()"
COMMAND = (sys.executable, "-c", PROGRAM, "statement", "run", "--month", f"{MONTH:%Y-%m}", "--json")
GROWTH_TARGET, MEMORY_TARGET = 1.25, 500.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What the command took for so many contracts, beyond what it takes for none.

    again: over the drafts that it had made.
    memory: the most that one of its processes has held, in MB; disk: of the database, in GB.
    """

    contracts: int
    seconds: float
    again: float
    memory: int
    statements: int
    disk: float

    @property
    def each(self) -> float:
        """Milliseconds a contract."""
        return self.seconds * 1000 / self.contracts


def run() -> list[str]:
    """Measure the province and the country in one run; both hold 20 evidence rows a contract."""
    try:
        places = communities("")
    except NoDivisionsError as problem:
        return [f"not measured: {problem}"]
    small = [place for place in places if place[0].startswith(PROVINCE)]
    province, country = _measure("one_province", small), _measure("country", places)
    growth = country.each / province.each
    return [
        *(_told(each) for each in (province, country)),
        f"a contract's time at {country.contracts:,} against {province.contracts:,}: "
        f"{growth:.2f} (target at most {GROWTH_TARGET}): {_met(growth, GROWTH_TARGET)}",
        f"peak memory of a process: {country.memory} MB against {province.memory} MB "
        f"(target below {MEMORY_TARGET:.0f}): {_met(country.memory, MEMORY_TARGET)}",
    ]


def _told(found: Measured) -> str:
    return (
        f"{found.contracts:,} contracts, {found.contracts * 20:,} evidence rows, "
        f"{found.disk:.1f} GB: {found.statements:,} statements in {found.seconds:.1f} s, "
        f"{found.each:.3f} ms a contract; worked out again in {found.again:.1f} s"
    )


def _met(found: float, target: float) -> str:
    return "met" if found <= target else "MISSED"


def _measure(label: str, places: list[tuple[str, str]]) -> Measured:
    """Fill a database of its own, run the command twice and compare with SQL by hand."""
    with scratch_database(f"bench_{label}") as urls:
        migrations.upgrade(urls.owner)
        owner = create_engine(urls.owner)
        idle, _memory, _nothing = _command(urls)
        fill(owner, places)
        seconds, memory, made = _command(urls)
        compare(owner)
        again, memory_again, twice = _command(urls)
        if twice != made:
            raise RuntimeError(f"the second run says {twice}, the first one {made}")
        disk = _gigabytes(owner)
        owner.dispose()
    peak = max(memory, memory_again)
    return Measured(len(places), seconds - idle, again - idle, peak, made["computed"], disk)


def _command(urls: DatabaseUrls) -> tuple[float, int, dict[str, int]]:
    """Run the batch as an operator does; return seconds, peak megabytes and what it says."""
    env = os.environ | {"DATABASE_URL": urls.owner, "DATABASE_APP_URL": urls.app}
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(COMMAND, env=env, stdout=said)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        said.seek(0)
        if process.returncode:
            raise RuntimeError(f"statement run ended with {process.returncode}: {said.read()!r}")
        return seconds, usage.ru_maxrss // 1024, json.load(said)


def _gigabytes(owner: Engine) -> float:
    with owner.connect() as connection:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return int(size) / 1024**3
