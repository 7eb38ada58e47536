"""Fires at the application and judges every answer by the same rules."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from counselhub.core.db import db
from counselhub.core.postgres.settings import CHECKOUT
from tests.fuzz.injections import HEADER, PRODUCT, RAW
from tests.world import Watch, World

ANSWERS = {200, 204, 303, 307, 308, 400, 401, 403, 404, 405, 409, 410, 413, 415, 416, 422, 429}
PLACES = cycle(f"198.51.100.{place}" for place in range(1, 255))
"""Where it is fired from: an address is locked after some wrong passwords, and tests share one."""
LEAKS = (
    "traceback", "psycopg", "sqlalchemy", "sqlstate", "werkzeug", "jinja2", "site-packages",
    "syntax error at", 'file "', "undefinederror", 'relation "', 'column "', str(CHECKOUT).lower(),
)  # fmt: skip
"""What only a fault of ours would show, in small letters."""
OWN = re.compile(r"/(?![/\\])|http://localhost/")
CHINESE = re.compile("[\u4e00-\u9fff]")
OF_OPERATOR = ("shows another firm", "shows another firm's id")
"""What only the operator's own pages may do: they list every firm."""
TOLD = re.compile(r'<(?:h1|p class="error-text")>([^<]*)<')


class Judge:
    """Knows the world, counts, and says what is wrong with an answer."""

    def __init__(self, world: World, watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
        self.world, self.watch, self.caplog = world, watch, caplog
        self.fired, self.refused, self.done = 0, 0, 0
        self.faults: list[str] = []
        self.marks = {
            PRODUCT: "computed what was sent",
            RAW: "did not escape what was sent",
            world.foreign.code: OF_OPERATOR[0],
            str(world.foreign.firm_id): OF_OPERATOR[1],
        }
        self.languages = {
            role: cycle((("zh-CN", client), ("en", self._english(client))))
            for role, client in world.clients.items()
        }

    def _english(self, client: FlaskClient) -> FlaskClient:
        other = self.world.app.test_client()
        for cookie in client._cookies.values():
            other.set_cookie(cookie.key, cookie.value, domain=cookie.domain)
        other.post("/language", data={"language": "en"})
        self.watch.taken()
        return other

    def fire(self, role: str, method: str, path: str, **sent: Any) -> TestResponse:
        """Send it as `role`, in Chinese and English by turns, and judge the answer."""
        language, client = next(self.languages[role])
        sent.setdefault("environ_base", {"REMOTE_ADDR": next(PLACES)})
        return self.judge(client.open(path, method=method, **sent), language, sent)

    def judge(self, answer: TestResponse, language: str, sent: object = "") -> TestResponse:
        """Note what is wrong with an answer, and with what it left in the database."""
        self.fired += 1
        page = answer.text if answer.mimetype.startswith("text/") else ""
        asked = answer.request
        wrong = list(self._wrong(answer, page, language))
        if tables := self.watch.taken():
            self.done += 1
            if answer.status_code >= 400 or asked.method in ("GET", "HEAD", "OPTIONS"):
                wrong.append(f"wrote to {sorted(tables)}")
        self.refused += answer.status_code >= 400
        for one in wrong:
            where = f"{asked.method} {asked.path}?{asked.query_string[:80]!r}"
            self.faults.append(f"{one}: {where} {answer.status_code} <- {str(sent)[:300]}")
        answer.close()
        return answer

    def _wrong(self, answer: TestResponse, page: str, language: str) -> Iterator[str]:
        path = answer.request.path
        if answer.status_code not in ANSWERS and path != "/health":  # no worker runs in tests
            yield f"status {answer.status_code} {self._fault()}"
        small = page.lower()
        yield from (f"leaks {leak!r}" for leak in LEAKS if leak in small)
        for mark, what in self.marks.items():
            if mark in page and not (what in OF_OPERATOR and path.startswith("/console")):
                yield what
        for name, value in answer.headers:
            if name.lower() == HEADER.lower() or "\n" in value or "\r" in value:
                yield f"header {name}: {value!r}"
        if not OWN.match(answer.headers.get("Location", "/")):
            yield f"leads to {answer.location}"
        yield from self._of_language(page, language, answer.status_code)

    def _of_language(self, page: str, language: str, status: int) -> Iterator[str]:
        if (found := re.search(r'<html lang="([^"]*)"', page)) and found[1] != language:
            yield f"speaks {found[1]}, not {language}"
        if status >= 400 and status != 409 and '"plain"' in page and language == "en":
            told = "".join(TOLD.findall(page))
            if CHINESE.search(told):
                yield f"says {told!r} to an English reader"

    def _fault(self) -> str:
        """Return the last fault that was logged, for whoever mends it."""
        records = [record for record in self.caplog.records if record.exc_info]
        self.caplog.clear()
        if not records or not (info := records[-1].exc_info) or not info[1]:
            return ""
        frame = info[2]
        places = []
        while frame is not None:
            name = frame.tb_frame.f_code.co_filename
            if "counselhub" in name and ".venv" not in name:
                places.append(f"{name.rpartition('/')[2]}:{frame.tb_lineno}")
            frame = frame.tb_next
        return f"{type(info[1]).__name__}: {str(info[1])[:160]} at {' '.join(places[-3:])}"


@contextmanager
def judging(world: World, caplog: pytest.LogCaptureFixture) -> Iterator[Judge]:
    """Give a judge; at the end nothing of others has changed, and nothing was wrong."""
    with world.app.app_context():
        engine = db.engine
    others = world.foreign.scope, world.foreign.town.scope
    before = world.contents(*others)
    with Watch().on(engine) as watch:
        judge = Judge(world, watch, caplog)
        yield judge
    faults = list(dict.fromkeys(judge.faults))
    assert faults == [], f"{len(faults)} faults of {judge.fired}:\n" + "\n".join(faults[:40])
    after = world.contents(*others)
    # Everybody's: other tests add to them, and the first seal of all notes its key.
    shared = {"community", "street", "district", "holiday_notice", "data_key"}
    changed = [key for key in after if after[key] != before[key] and key[1] not in shared]
    assert not changed, changed
