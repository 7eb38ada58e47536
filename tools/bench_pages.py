"""`make bench`, parts (b) and (c): pages against bare routes, statements and kilobytes a page.

One firm with 100,000 service records over twelve months, on the embedded server. Both sides run
under gunicorn as `make run` does, one worker each, and are asked in turns by one client, so that a
busy machine slows both alike; the ratio of the medians of the rounds counts.
"""

import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import create_engine, event, text

from counselhub import create_app
from counselhub.core import clock, migrations
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.postgres.settings import CHECKOUT
from counselhub.core.scratch import scratch_database
from counselhub.core.tenancy import as_firm
from tests import factories
from tests.factories import PASSWORD, Tenant

RECORDS = 100_000
ROUNDS, REQUESTS = 7, 60  # one visitor, below the limit of 1,200 a minute in all
FORM = "application/x-www-form-urlencoded"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ASSET = re.compile(r'(?:href|src)="(/static/[^"#]+)')


@dataclass(frozen=True)
class World:
    """What the measurements share."""

    urls: DatabaseUrls
    app: Flask
    tenant: Tenant
    email: str
    first: date
    last: date


@contextmanager
def world() -> Iterator[World]:
    """Make the firm with its records in a database of its own."""
    with scratch_database("bench_pages") as urls:
        migrations.upgrade(urls.owner)
        app = create_app(urls)
        app.config.update(SERVER_NAME="localhost", WTF_CSRF_ENABLED=False)  # for `statements`
        town = factories.town(app)
        tenant = factories.tenant(app, town)
        email = factories.account(app, tenant.scope, Role.MANAGER, adviser_id=tenant.adviser_id)
        _fill(app, tenant)
        _vacuum(urls.owner)
        month = clock.previous_month(clock.today())
        yield World(urls, app, tenant, email, month, clock.last_day(month))
        with app.app_context():
            db.engine.dispose()


def _fill(app: Flask, tenant: Tenant) -> None:
    values = {
        "n": RECORDS,
        "last": clock.today(),
        "adviser": tenant.adviser_id,
        "firm": tenant.firm_id,
        "community": tenant.town.communities[0],
        "street": tenant.town.street_code,
    }
    with app.app_context(), as_firm(tenant.firm_id):
        db.session.execute(
            text(
                "insert into service_record (firm_id, id, revision, number, day, community_code,"
                " street_code, adviser_id, kind, count, persons, created_at) select :firm,"
                " gen_random_uuid(), 1, 'B' || i, cast(:last as date) - (i % 365), :community,"
                " :street, :adviser, 'consultation', 1, 1 + i % 5, now()"
                " from generate_series(1, :n) i"
            ),
            values,
        )
        db.session.execute(
            text(
                "insert into service_note (firm_id, service_id, content)"
                " select firm_id, id, '关于某某事项的咨询，已当面解答' || number"
                " from service_record"
            )
        )
        db.session.commit()


def _vacuum(owner_url: str) -> None:
    """Do at once what the server does by itself some minutes after a load."""
    engine = create_engine(owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("vacuum analyze"))
    engine.dispose()


@contextmanager
def served(module: str, port: int, extra: dict[str, str]) -> Iterator[http.client.HTTPConnection]:
    """Serve one WSGI application by gunicorn, and connect to it."""
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
    command += ["--workers", "1", "--max-requests", "0", module]
    environ = os.environ | extra | {"PORT": str(port)}
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environ)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        for _ in range(300):
            try:
                connection.connect()
                break
            except OSError:
                time.sleep(0.1)
        yield connection
    finally:
        connection.close()
        process.terminate()
        process.wait(20)


@dataclass
class Visitor:
    """One signed-in browser, as far as a measurement needs it."""

    connection: http.client.HTTPConnection
    cookie: str = ""
    token: str = ""
    asked_at: float = 0.0

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Send one request; return status and body as sent."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            names["Cookie"] = self.cookie
        body = urlencode(form) if form else None
        if body:
            names["Content-Type"] = FORM
        if time.monotonic() - self.asked_at > 1:
            self.connection.close()  # gunicorn hangs up on the idle after two seconds
        self.connection.request(method, path, body, names)
        answer = self.connection.getresponse()
        self.asked_at = time.monotonic()
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return answer.status, answer.read()

    def sign_in(self, email: str) -> None:
        """Sign in and keep cookie and token."""
        self.token = self._token("/sign-in")
        form = {"email": email, "password": PASSWORD, "csrf_token": self.token}
        status, _body = self.ask("POST", "/sign-in", form, Referer="http://127.0.0.1/sign-in")
        expect(status, 303, "sign-in")
        self.token = self._token("/services")

    def _token(self, path: str) -> str:
        _status, body = self.ask("GET", path)
        found = TOKEN.search(body.decode())
        if not found:
            raise RuntimeError(f"{path} has no token")
        return found[1]


def compare(ours: Callable[[], None], bare: Callable[[], None]) -> tuple[float, float]:
    """Return requests a second of both, asked in turns; medians over the rounds."""
    ours_rates, bare_rates = [], []
    for act in (ours, bare):
        for _ in range(REQUESTS // 2):
            act()
    for _ in range(ROUNDS):
        for act, rates in ((ours, ours_rates), (bare, bare_rates)):
            begun = time.perf_counter()
            for _ in range(REQUESTS):
                act()
            rates.append(REQUESTS / (time.perf_counter() - begun))
    return statistics.median(ours_rates), statistics.median(bare_rates)


def expect(status: int, wanted: int, what: str) -> None:
    """A measurement of refusals would be worth nothing."""
    if status != wanted:
        raise RuntimeError(f"{what} answered {status}, not {wanted}")


def rates(made: World) -> Iterator[str]:
    """(b) Tell the service-entry POST and the month's list against bare routes."""
    tenant = made.tenant
    database = {"DATABASE_URL": made.urls.app, "DATABASE_APP_URL": made.urls.app}
    facts = {
        "BENCH_FIRM": str(tenant.firm_id),
        "BENCH_ADVISER": str(tenant.adviser_id),
        "BENCH_COMMUNITY": tenant.town.communities[0],
        "BENCH_FIRST": str(made.first),
        "BENCH_LAST": str(made.last),
    }
    with ExitStack() as stack:
        visitor = Visitor(stack.enter_context(served("wsgi:app", 8921, database)))
        bare = Visitor(stack.enter_context(served("tools.bench_bare:app", 8922, database | facts)))
        visitor.sign_in(made.email)
        page = f"/services/records?month={made.first:%Y-%m}"
        entry = {
            "kind": "consultation",
            "persons": "1",
            "content": "咨询",
            "community_code": tenant.town.communities[0],
            "csrf_token": visitor.token,
        }

        def enter() -> None:
            status, _ = visitor.ask("POST", "/services", entry, HX_Request="true")
            expect(status, 200, "the entry")

        def enter_bare() -> None:
            expect(bare.ask("POST", "/entry")[0], 200, "the bare entry")

        def show() -> None:
            expect(visitor.ask("GET", page)[0], 200, "the list")

        def show_bare() -> None:
            expect(bare.ask("GET", "/list")[0], 200, "the bare list")

        for name, ours, other in (
            ("service entry (POST)", enter, enter_bare),
            ("month's list (50 of 100,000)", show, show_bare),
        ):
            own, yardstick = compare(ours, other)
            yield (
                f"(b) {name}: {own:.0f}/s, bare route {yardstick:.0f}/s,"
                f" ratio {own / yardstick:.2f} (target at least 0.50)"
            )
        yield weigh(visitor, page)


def weigh(visitor: Visitor, page: str) -> str:
    """(c) Tell the kilobytes of a first and a second visit of the list, compressed."""
    _status, body = visitor.ask("GET", page)
    assets = sorted(set(ASSET.findall(body.decode())))
    packed = {"Accept_Encoding": "br, gzip"}
    html = len(visitor.ask("GET", page, **packed)[1])
    files = sum(len(visitor.ask("GET", path, **packed)[1]) for path in assets)
    return (
        f"(c) kilobytes: first visit {(html + files) / 1000:.1f} (target at most 150),"
        f" second {html / 1000:.1f} (target at most 15)"
    )


PAGES = (
    "/month", "/duty", "/duty/sessions", "/duty/shifts", "/services", "/services/records",
    "/statements", "/coverage", "/contracts", "/schemes", "/advisers", "/communities", "/people",
    "/claims", "/pairings", "/workbook",
)  # fmt: skip


def statements(made: World) -> str:
    """(c) Tell how many statements each page sends, the scope's settings not counted."""
    client = factories.signed_in(
        made.app, made.tenant.scope, Role.MANAGER, adviser_id=made.tenant.adviser_id
    )
    sent: list[str] = []
    with made.app.app_context():
        engine = db.engine

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if "set_config" not in statement:
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    counts = {}
    for page in PAGES:
        sent.clear()
        expect(client.get(page).status_code, 200, page)
        counts[page] = len(sent)
    event.remove(engine, "before_cursor_execute", note)
    listed = ", ".join(f"{page} {count}" for page, count in counts.items())
    return f"(c) statements a page: at most {max(counts.values())} (target 8): {listed}"


def run() -> Iterator[str]:
    """Measure; give the lines to print as they come."""
    with world() as made:
        yield from rates(made)
        yield statements(made)
