"""Judges mutants: forks for each, breaks one thing there and runs the few tests that should notice.

A test that notices proves something only when it passes with nothing broken: that is tried too.
"""

import contextlib
import gc
import io
import itertools
import json
import os
import signal
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from flask import Flask
from sqlalchemy import create_engine

from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from tests import factories
from tools.mutations import Mutant

LIMIT_SECONDS_EACH = 120
FILES = ("rows", "nets", "connections", "rights", "routes")
KILLED, SURVIVED, BROKEN = "noticed", "survived", "broken"


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant, and which test noticed it first."""

    mutant: int
    outcome: str
    by: str


LIST: list[Mutant] = []
KEPT: list[Any] = []
"""Connections of the process that forked: nobody here may end them."""


class Judge:
    """A plugin that, in place of running the tests, forks for each mutant and runs a few there."""

    def __init__(self, urls: DatabaseUrls, numbers: Any, verdicts: Any) -> None:
        """Take the mutants still to judge from the queue `numbers`, put outcomes on `verdicts`."""
        self.urls, self.numbers, self.verdicts = urls, numbers, verdicts
        self.items: list[pytest.Item] = []
        self.sound: dict[str, bool] = {}
        self.turns = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Set up once what all tests share, then judge mutants until there are none."""
        self.items = session.items
        _failure(self.items[0], self.items[-1])
        for number in iter(self.numbers.get, None):
            self.verdicts.put(self._judge(number))
        return True

    def _judge(self, number: int) -> Verdict:
        mutant = LIST[number]
        _change(self.urls, mutant.sql)
        try:
            outcome, by = self._forked(lambda: self._broken(mutant))
        finally:
            _change(self.urls, mutant.undo)
        if outcome == KILLED and not self._is_sound(by):
            return Verdict(number, BROKEN, f"{by} fails with nothing broken")
        return Verdict(number, outcome, by)

    def _is_sound(self, test: str) -> bool:
        """Whether a test that noticed passes when nothing is broken."""
        if test not in self.sound:
            outcome, _by = self._forked(lambda: _first_failure(chosen(self.items, (test,))))
            self.sound[test] = outcome == SURVIVED
        return self.sound[test]

    def _broken(self, mutant: Mutant) -> str:
        mutant.apply()
        for group in mutant.tests:
            if by := _first_failure(chosen(self.items, group)):
                return by
        return ""

    def _forked(self, work: Callable[[], str]) -> tuple[str, str]:
        """Do `work` in a process of its own, which loses what it broke; tell what it found."""
        reader, writer = os.pipe()
        self.turns += 1
        if (child := os.fork()) == 0:
            factories._numbers = itertools.count(1000 + 80 * self.turns)  # none twice
            _answer(writer, work)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            by = pipe.read()
        _pid, status = os.waitpid(child, 0)
        if status != 0:
            return BROKEN, by or f"exit {status}"
        return (KILLED if by else SURVIVED), by


def _answer(writer: int, work: Callable[[], str]) -> None:
    """Work, say what was found, and leave without tidying up what the parent still uses."""
    signal.alarm(LIMIT_SECONDS_EACH)
    status = 1
    try:
        for app in gc.get_objects():
            if isinstance(app, Flask) and "sqlalchemy" in app.extensions:
                with app.app_context():
                    KEPT.append(db.engine.pool)  # the parent's connections are not ours to end
                    db.engine.dispose(close=False)
        os.write(writer, work().encode())
        status = 0
    except BaseException as error:
        os.write(writer, repr(error).encode()[:2000])
    finally:
        os._exit(status)


def chosen(items: list[pytest.Item], group: tuple[str, ...]) -> list[pytest.Item]:
    """Return the tests of a group. Raises LookupError for an entry that names none."""
    entries = [entry.split(" & ") for entry in group]
    found = [i for i in items if any(all(part in i.nodeid for part in e) for e in entries)]
    if not found:
        raise LookupError(f"no test is called {group}")
    return found


def _first_failure(items: list[pytest.Item]) -> str:
    """Return the name of the first test that fails, \"\" when none does."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        # What follows is never the same test, whose fixtures would then stay as they are.
        if by := _failure(item, following or _another(item)):
            return by
    return ""


def _another(item: pytest.Item) -> pytest.Item:
    """Return a test beside `item`: what the whole session shares is kept for it."""
    return next(one for one in item.session.items if one is not item)


def _failure(item: pytest.Item, following: pytest.Item) -> str:
    reports = runtestprotocol(item, log=False, nextitem=following)
    return item.nodeid if any(report.failed for report in reports) else ""


def work(urls: DatabaseUrls, numbers: Any, verdicts: Any) -> None:
    """Judge mutants on one database, in one session of pytest."""
    os.environ["COUNSELHUB_MUTANT_DATABASE"] = json.dumps(asdict(urls))
    said = io.StringIO()
    options = ["-q", "-p", "no:cacheprovider", "-p", "xdist.plugin"]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        pytest.main(
            [*(f"tests/isolation/test_{name}.py" for name in FILES), *options],
            plugins=[Judge(urls, numbers, verdicts)],
        )


def _change(urls: DatabaseUrls, sql: str) -> None:
    if sql:
        engine = create_engine(urls.owner)
        with engine.begin() as connection:
            connection.exec_driver_sql(sql)
        engine.dispose()
