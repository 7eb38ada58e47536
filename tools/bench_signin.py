"""`make bench`, part (d): 2,000 advisers sign in on site within a minute, as their phones do it.

Ten firms with 100,000 sessions in the month, two workers as `make run` starts them. Each phone has
a connection of its own, asks who it is and sends one tap; a phone's time counts from when it was
to begin, so that a server that falls behind cannot hide it. Then some sign in one by one: what is
left is the time of the server itself.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask
from sqlalchemy import create_engine, text

from counselhub import create_app
from counselhub.core import clock, migrations
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.postgres.settings import CHECKOUT
from counselhub.core.scratch import scratch_database
from counselhub.core.tenancy import as_firm, as_platform
from tests import factories
from tests.factories import Tenant

FIRMS, ADVISERS, ALONE, SESSIONS = 10, 2_000, 50, 100_000
SECONDS, AT_ONCE, PORT = 50, 48, 8923
PATIENCE = 120
"""Seconds after which a phone that has not had its turn is given up: a bench ends."""
TARGET_MS = 100
PER_FIRM = (ADVISERS + ALONE) // FIRMS
DAYS = 25
"""Of the month, without today: each adviser was on duty on each of them."""
PER_DAY = SESSIONS // ((ADVISERS + ALONE) * DAYS) + 1


@dataclass(frozen=True)
class Phone:
    """An adviser's phone: its cookie, and the community that it is at."""

    cookie: str
    place: str


@dataclass(frozen=True)
class Answered:
    """One sign-in: milliseconds from when it was due, of the tap alone, and what went wrong."""

    due_ms: float
    tap_ms: float
    fault: str


@contextmanager
def world() -> Iterator[tuple[DatabaseUrls, list[Phone]]]:
    """Make the firms with their month in a database of its own."""
    with scratch_database("bench_signin") as urls:
        migrations.upgrade(urls.owner)
        app = create_app(urls)
        app.config.update(SERVER_NAME="localhost")
        phones = [phone for _ in range(FIRMS) for phone in _firm(app)]
        with app.app_context():
            db.engine.dispose()
        engine = create_engine(urls.owner, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("vacuum analyze"))
        engine.dispose()
        yield urls, phones


PEOPLE = (
    "insert into person (id, email, name, password_set_at, created_at) select gen_random_uuid(),"
    " :code || i || '@example.test', '某律师' || i, now(), now() from generate_series(1, :n) i",
    "insert into membership (id, person_id, kind, firm_id, role, adviser_id, created_at)"
    " select gen_random_uuid(), p.id, 'firm', :firm, 'adviser', (md5(p.email))::uuid, now()"
    " from person p where p.email like :code || '%'",
    "insert into sign_in_session (id, person_id, digest, created_at, last_seen_at, confirmed_at,"
    " address, agent) select gen_random_uuid(), p.id, encode(sha256(convert_to(p.email, 'UTF8')),"
    " 'hex'), now(), now(), now(), '', 'bench' from person p where p.email like :code || '%'",
)
DUTY = (
    "insert into adviser (firm_id, id, revision, name, pinyin, search, licence_number, category,"
    " specialties) select :firm, md5(:code || i || '@example.test')::uuid, 1, '某律师' || i,"
    " 'lvshi', 'lvshi', :code || i, 'lawyer', '{}' from generate_series(1, :n) i",
    "insert into assignment (firm_id, id, revision, community_code, street_code, adviser_id, role,"
    " starts_on) select :firm, gen_random_uuid(), 1, :place, :street, id, 'backup', '2020-01-01'"
    " from adviser where firm_id = :firm and pinyin = 'lvshi'",
    "insert into duty_session (firm_id, id, revision, adviser_id, community_code, street_code, day,"
    " signed_in_at, signed_out_at, status, source, is_corrected) select :firm,"
    " gen_random_uuid(), 1, a.id, :place, :street, d.day, begin, begin + interval '1 hour',"
    " 'closed', 'phone', false from adviser a,"
    " unnest(cast(:days as date[])) as d(day), generate_series(0, :per_day - 1) as s(turn),"
    " lateral (select (d.day + time '08:00') at time zone 'Asia/Shanghai'"
    " + s.turn * interval '2 hours' as begin) b where a.firm_id = :firm and a.pinyin = 'lvshi'",
)


def _firm(app: Flask) -> list[Phone]:
    town = factories.town(app)
    tenant = factories.tenant(app, town)
    values = {
        "firm": tenant.firm_id,
        "code": prefix(tenant),
        "n": PER_FIRM,
        "place": town.communities[0],
        "street": town.street_code,
        "days": _days(),
        "per_day": PER_DAY,
    }
    with app.app_context():
        with as_firm(tenant.firm_id):  # first: a membership names its adviser
            for statement in DUTY:
                db.session.execute(text(statement), values)
        with as_platform():
            for statement in PEOPLE:
                db.session.execute(text(statement), values)
        db.session.commit()
    return _phones(app, tenant)


def prefix(tenant: Tenant) -> str:
    """Return what the addresses of a firm's advisers begin with."""
    return f"{tenant.code.lower()}."


def _days() -> list[str]:
    today, month = clock.today(), clock.this_month()
    days = [month + timedelta(days=step) for step in range(28)]
    return [day.isoformat() for day in days if day != today][:DAYS]


def _phones(app: Flask, tenant: Tenant) -> list[Phone]:
    """A cookie for each adviser: the token is the address, whose digest PEOPLE writes."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own
    emails = [f"{prefix(tenant)}{number}@example.test" for number in range(1, PER_FIRM + 1)]
    return [
        Phone(
            f"session={serializer.dumps({'_user_id': email, '_fresh': True})}",
            tenant.town.communities[0],
        )
        for email in emails
    ]


@contextmanager
def served(urls: DatabaseUrls) -> Iterator[int]:
    """Serve as `make run` does, with both workers; give the process that looks after them."""
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
    given = {"DATABASE_URL": urls.app, "DATABASE_APP_URL": urls.app, "PORT": str(PORT)}
    process = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | given)
    try:
        for _ in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", PORT, timeout=1).connect()
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def cpu_seconds(pid: int) -> float:
    """Return what the workers have worked, those that have left too; the load does not matter."""
    spent = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                spent += int(fields[11]) + int(fields[12])
            elif stat.parent.name == str(pid):
                spent += int(fields[13]) + int(fields[14])
    return spent / os.sysconf("SC_CLK_TCK")


def sign_in(phone: Phone, due: float) -> Answered:
    """Do what a phone does for one tap, at `due` (monotonic seconds) or as soon as it can."""
    time.sleep(max(0.0, due - time.monotonic()))
    if time.monotonic() - due > PATIENCE:
        return Answered(PATIENCE * 1000, PATIENCE * 1000, "given up")
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    begun = time.monotonic()
    try:
        connection.request("GET", "/duty/phone", headers={"Cookie": phone.cookie})
        answer = connection.getresponse()
        token = json.loads(answer.read())["token"]
        cookie = (answer.getheader("Set-Cookie") or phone.cookie).partition(";")[0]
        begun = time.monotonic()
        fault = _tap(connection, phone.place, {"Cookie": cookie, "X-CSRFToken": token})
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        fault = type(error).__name__
    finally:
        connection.close()
    now = time.monotonic()
    return Answered((now - due) * 1000, (now - begun) * 1000, fault)


def _tap(connection: http.client.HTTPConnection, place: str, headers: dict[str, str]) -> str:
    """Send one tap; return what went wrong, '' when it counts."""
    now = round(clock.now().timestamp() * 1000)
    tap = {"key": str(uuid4()), "kind": "in", "place": place, "tapped": now, "sent": now}
    body = urlencode({"punches": json.dumps([tap | {"offset": 0}])})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/duty/punches", body, headers | form)
    answer = connection.getresponse()
    told = answer.read()
    if answer.status != 200:
        return str(answer.status)
    verdict = str(json.loads(told)["results"][0]["verdict"])
    return "" if verdict == "counted" else verdict


def rush(phones: Sequence[Phone]) -> list[Answered]:
    """Let the phones sign in evenly over SECONDS."""
    begin, step = time.monotonic() + 1, SECONDS / len(phones)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        due = [begin + at * step for at in range(len(phones))]
        return list(pool.map(sign_in, phones, due))


def told(name: str, figures: Sequence[float]) -> str:
    """Word the percentiles of some milliseconds."""
    cuts = statistics.quantiles(figures, n=100)
    return f"{name}: p50 {cuts[49]:.0f}, p95 {cuts[94]:.0f}, p99 {cuts[98]:.0f} ms"


def run() -> Iterator[str]:
    """Measure; give the lines to print as they come."""
    with world() as (urls, phones), served(urls) as pid:
        for phone in phones[-5:]:
            sign_in(phone, time.monotonic())  # the workers have opened their connections
        alone = [sign_in(phone, time.monotonic()) for phone in phones[ADVISERS:-5]]
        begun, worked = time.monotonic(), cpu_seconds(pid)
        answered = rush(phones[:ADVISERS])
        seconds, worked = time.monotonic() - begun, cpu_seconds(pid) - worked
        faults = [one.fault for one in (*answered, *alone) if one.fault]
        yield (
            f"(d) {len(answered):,} sign-ins in {seconds:.0f} s on two workers (target 60 s),"
            f" {len(faults)} errors (target 0) {sorted(set(faults)) or ''}".rstrip()
        )
        yield told("(d) from the tap that was due to its answer", [one.due_ms for one in answered])
        yield told("(d) the tap's own request under this load", [one.tap_ms for one in answered])
        each, load = worked * 1000 / len(answered), os.getloadavg()[0]
        yield (
            f"(d) the workers' own time for a phone's two requests: {each:.0f} ms;"
            f" {load:.0f} processes wanted the {os.cpu_count()} processors"
        )
        middle = statistics.median(one.tap_ms for one in alone)
        yield f"(d) one sign-in alone: {middle:.0f} ms (target below {TARGET_MS})"
