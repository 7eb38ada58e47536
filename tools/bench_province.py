"""A month for measurements: communities by their real codes, everything else made up."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import Engine, text

from counselhub.core.postgres.settings import CHECKOUT

PACKAGE = "china-division@2.7.0"
STORE = CHECKOUT / "var" / "bench"
PROVINCE = "44"
FIRM_SIZE = 20
MONTH = date(2026, 10, 1)
SPACE = UUID("6f2c1d7e-0000-4000-8000-000000000000")
TABLES = (
    "district",
    "street",
    "community",
    "firm",
    "adviser",
    "scheme",
    "scheme_version",
    "contract",
    "contract_community",
    "assignment",
    "duty_session",
    "service_record",
    "case_claim",
)
TRIGGERED = ("duty_session", "service_record", "case_claim")


class NoDivisionsError(RuntimeError):
    """The division codes cannot be had; the message says how to bring them."""


def communities(province: str = PROVINCE) -> list[tuple[str, str]]:
    """Return code and name of every community of a province; "" stands for the whole country.

    Raises NoDivisionsError.
    """
    with tarfile.open(_package()) as archive:
        member = archive.extractfile("package/dist/villages.csv")
        if member is None:
            raise NoDivisionsError(f"{PACKAGE} holds no villages.csv")
        rows = csv.DictReader(io.TextIOWrapper(member, encoding="utf-8"))
        every = ((row["code"], row["name"]) for row in rows)
        return sorted(place for place in every if place[0].startswith(province))


def _package() -> Path:
    path = STORE / f"{PACKAGE.replace('@', '-')}.tgz"
    if path.exists():
        return path
    STORE.mkdir(parents=True, exist_ok=True)
    trusted = Path("/etc/ssl/certs/ca-certificates.crt")
    env = ({"NODE_EXTRA_CA_CERTS": str(trusted)} if trusted.exists() else {}) | os.environ
    command = ["npm", "pack", "--silent", PACKAGE, "--pack-destination", str(STORE)]
    try:
        subprocess.run(command, cwd=STORE, env=env, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise NoDivisionsError(
            f"the measurement needs the npm package {PACKAGE}: put its .tgz at {path}"
        ) from problem
    return path


def fill(owner: Engine, places: list[tuple[str, str]]) -> None:
    """Make firms of 20 communities each, a contract a community, 20 evidence rows each.

    owner: of an empty scratch database at the newest schema. Row security and triggers stand aside
    while filling.
    """
    with owner.begin() as connection:
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
        for table in TRIGGERED:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        cursor = connection.connection.driver_connection.cursor()
        _copy(cursor, "district (code, name, city_name, province_name)", _districts(places))
        _copy(cursor, "street (code, district_code, name, search)", _streets(places))
        _copy(cursor, "community (code, street_code, name, pinyin, search)", _communities(places))
        connection.execute(text("CREATE TEMP TABLE seat (code text, firm_id uuid, place int)"))
        _copy(cursor, "seat (code, firm_id, place)", _seats(places))
        for statement in FILL:
            connection.execute(text(statement))
        for table in TRIGGERED:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _copy(cursor: object, target: str, rows: Iterator[tuple[object, ...]]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _districts(places: list[tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    for code in sorted({code[:6] for code, _ in places}):
        yield code, code, "某市", "某省"


def _streets(places: list[tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    for code in sorted({code[:9] for code, _ in places}):
        yield code, code[:6], code, code


def _communities(places: list[tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    for code, name in places:
        yield code, code[:9], name, code, code


def _seats(places: list[tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    for place, (code, _) in enumerate(places):
        yield code, uuid5(SPACE, str(place // FIRM_SIZE)), place


FILL = (
    "INSERT INTO firm (id, code, name, created_at)"
    " SELECT DISTINCT ON (firm_id) firm_id, 'F' || place, '某律师事务所', now() FROM seat"
    " ORDER BY firm_id, place",
    "INSERT INTO adviser (firm_id, id, name, pinyin, search, licence_number, category,"
    " specialties, revision)"
    " SELECT f.id, gen_random_uuid(), '某律师' || n, 'a', 'a', f.code || '-' || n, 'lawyer',"
    " '{}', 1"
    " FROM firm f, generate_series(0, 4) n",
    "INSERT INTO scheme (firm_id, id, code, name)"
    " SELECT id, gen_random_uuid(), 'S1', '某方案' FROM firm",
    "INSERT INTO scheme_version (firm_id, id, scheme_id, annual_fen, cycle, required_hours,"
    " required_visits, shortest_visit_minutes, deduction_mode, deduction_fen, lecture_fen,"
    " lecture_quarter_cap, case_simple_fen, oral_percent, district_percent, street_percent,"
    " revision) SELECT firm_id, gen_random_uuid(), id, 2000000, 'month', 24, 8, 60, 'per_hour',"
    " 5000, 30000, 1, 20000, 50, 50, 50, 1 FROM scheme",
    "INSERT INTO contract (firm_id, id, number, kind, status, starts_on, ends_on, scheme_id,"
    " revision) SELECT s.firm_id, gen_random_uuid(), 'HT-' || s.code, 'engagement', 'active',"
    " date '2026-01-01' + s.place % 400 % 320, '2026-12-31', c.id, 1"
    " FROM seat s JOIN scheme c USING (firm_id)",
    "INSERT INTO contract_community (firm_id, id, contract_id, community_code, street_code, kind,"
    " starts_on, last_on) SELECT firm_id, gen_random_uuid(), id, substr(number, 4),"
    " substr(number, 4, 9), kind, starts_on, ends_on FROM contract",
    "CREATE TEMP TABLE post AS SELECT s.code, s.firm_id, s.place, a.id AS adviser_id, n.n"
    " FROM seat s JOIN firm f ON f.id = s.firm_id CROSS JOIN generate_series(0, 1) n"
    " JOIN adviser a ON a.firm_id = s.firm_id"
    " AND a.licence_number = f.code || '-' || (s.place + n.n) % 5",
    "INSERT INTO assignment (firm_id, id, community_code, street_code, adviser_id, role, starts_on,"
    " revision) SELECT firm_id, gen_random_uuid(), code, left(code, 9), adviser_id,"
    " CASE n WHEN 0 THEN 'lead' ELSE 'backup' END, '2026-01-01', 1 FROM post",
    "ALTER TABLE duty_session DROP CONSTRAINT ex_duty_session_two_places",
    # What is made here names what was made above: asking for each row takes longer than making it.
    "DO $$ DECLARE one record; BEGIN"
    " FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint"
    " WHERE contype = 'f' AND conrelid IN"
    " ('duty_session'::regclass, 'service_record'::regclass, 'case_claim'::regclass) LOOP"
    " EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.place, one.conname);"
    " END LOOP; END $$",
    # Nine days, two advisers each; lengths and overlaps differ from place to place.
    "INSERT INTO duty_session (firm_id, id, adviser_id, community_code, street_code, day,"
    " signed_in_at, signed_out_at, status, source, is_corrected, revision)"
    " SELECT firm_id, gen_random_uuid(), adviser_id, code, left(code, 9), day, starts,"
    " starts + make_interval(mins => 30 + (place * 7 + d * 13 + n * 29) % 110), 'closed',"
    " 'phone', false, 1"
    " FROM (SELECT p.*, d, date '2026-10-01' + d * 3 AS day, (date '2026-10-01' + d * 3"
    " + make_interval(mins => 540 + n * (20 + place % 60))) AT TIME ZONE 'Asia/Shanghai' AS starts"
    " FROM post p, generate_series(0, 8) d) visit",
    "INSERT INTO service_record (firm_id, id, number, day, community_code, street_code, adviser_id,"
    " kind, count, created_at, revision) SELECT firm_id, gen_random_uuid(), 'FW-' || code,"
    " '2026-10-14', code, left(code, 9), adviser_id, 'lecture', 1, now(), 1 FROM post WHERE n = 0",
    "INSERT INTO case_claim (firm_id, id, number, accepted_on, closed_on, community_code,"
    " street_code, adviser_id, difficulty, form, fulfilled, dossier_complete, revision)"
    " SELECT firm_id, gen_random_uuid(), 'AJ-' || code, '2026-10-01', '2026-10-20', code,"
    " left(code, 9), adviser_id, 'simple', 'oral', true, true, 1 FROM post WHERE n = 0",
)
"""20 evidence rows a community: 18 sessions, a lecture and a case."""
