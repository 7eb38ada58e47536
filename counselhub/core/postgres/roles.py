"""The roles and the database inside the server."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import Connection, sql

from counselhub.core.postgres.accounts import ServerError
from counselhub.core.postgres.cluster import ADMIN, PORT
from counselhub.core.postgres.keys import key
from counselhub.core.postgres.places import Home

OWNER = "counselhub_owner"
APP = "counselhub_app"
CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """SQLAlchemy URLs of one database."""

    owner: str  # the role that owns the tables and migrates; not superuser
    app: str  # the role the application connects as: owns nothing, cannot pass row security


def urls_of(home: Home, data_dir: Path, database: str) -> DatabaseUrls:
    """Return the URLs of a database of this server."""
    return DatabaseUrls(
        owner=url_of(home, OWNER, key(data_dir, OWNER), database),
        app=url_of(home, APP, key(data_dir, APP), database),
    )


def url_of(home: Home, role: str, password: str, database: str) -> str:
    """Return the URL of one role. It names the port, so that PGPORT cannot turn it elsewhere."""
    # Another program that sat in a swept /tmp folder could ask for the password in clear:
    # require_auth never gives it.
    where = f"host={quote(str(home.sockets), safe='/')}&port={PORT}"
    where += "&require_auth=scram-sha-256"
    return f"postgresql+psycopg://{role}:{password}@/{quote(database)}?{where}"


def is_ready(home: Home, data_dir: Path, database: str) -> bool:
    """Tell whether the application's role can connect, which `provision` allows last."""
    if not (home.socket.exists() and (data_dir / "keys" / APP).exists()):
        return False
    try:
        _connect(home, APP, key(data_dir, APP), database).close()
    except psycopg.OperationalError:
        return False
    return (data_dir / "keys" / OWNER).exists()


def provision(home: Home, data_dir: Path, database: str) -> None:
    """Make the roles and the database, or mend them. Idempotent; call it under the lock."""
    admin = key(data_dir, ADMIN)
    with _connect(home, ADMIN, admin, "postgres") as conn:
        found = conn.execute("SHOW data_directory").fetchone()
        if found is None or Path(found[0]).resolve() != home.cluster.resolve():
            raise ServerError(f"Another server answers in {home.sockets}.")
        for role in (OWNER, APP):
            _ensure_role(conn, role, key(data_dir, role))
        _ensure_database(conn, database)
    with _connect(home, ADMIN, admin, database) as conn:
        conn.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    with _connect(home, ADMIN, admin, "postgres") as conn:
        _run(conn, "GRANT CONNECT ON DATABASE {} TO {}", database, APP)


def _connect(home: Home, role: str, password: str, database: str) -> Connection[tuple[str, ...]]:
    return psycopg.connect(
        host=str(home.sockets),
        port=PORT,
        user=role,
        password=password,
        dbname=database,
        require_auth="scram-sha-256",
        connect_timeout=CONNECT_SECONDS,
        autocommit=True,
    )


def _ensure_role(conn: Connection[tuple[str, ...]], role: str, password: str) -> None:
    if conn.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
        _run(conn, "CREATE ROLE {}", role)
    # The server gets the verifier only: a statement may end up in its log.
    verifier = conn.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    conn.execute(
        sql.SQL(
            "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
            " PASSWORD {}"
        ).format(sql.Identifier(role), sql.Literal(verifier.decode()))
    )


def _ensure_database(conn: Connection[tuple[str, ...]], database: str) -> None:
    known = conn.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone()
    if known is None:
        _run(conn, "CREATE DATABASE {} OWNER {} TEMPLATE template0", database, OWNER)
    # By default every role may connect to every database and make temporary tables there.
    for name in (database, "postgres", "template1"):
        _run(conn, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)


def _run(conn: Connection[tuple[str, ...]], statement: str, *names: str) -> None:
    conn.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
