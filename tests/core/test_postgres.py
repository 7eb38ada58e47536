"""The embedded server, for real: every test makes its own cluster in a folder of its own."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from counselhub.core.postgres import (
    DatabaseUrls,
    ServerError,
    admin_url,
    binaries,
    ensure_server,
    remove_server,
    running_server,
    stop_server,
)
from counselhub.core.postgres.accounts import Account
from counselhub.core.postgres.cluster import server_pid
from counselhub.core.postgres.places import find_home

CHECKOUT = Path(__file__).resolve().parents[2]
IS_ROOT = os.geteuid() == 0
ENSURE = """
import sys; from pathlib import Path; from counselhub.core.postgres import ensure_server
print(ensure_server(Path(sys.argv[1])).app)
"""
USE = """
import sys; from pathlib import Path; from counselhub.core.postgres import running_server
with running_server(Path(sys.argv[1])) as urls:
    print(urls.app, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder of our own in /tmp that root's server account may enter."""
    with tempfile.TemporaryDirectory(prefix="counselhub-test-") as name:
        path = Path(name)
        path.chmod(0o711)
        yield path
        remove_server(path)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Path, DatabaseUrls]]:
    """Give one running server for the tests that change nothing."""
    with tempfile.TemporaryDirectory(prefix="counselhub-test-") as name:
        path = Path(name)
        path.chmod(0o711)
        yield path, ensure_server(path)
        remove_server(path)


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def ask(url: str, query: str) -> object:
    with connect(url) as conn:
        row = conn.execute(query).fetchone()
    return row[0] if row else None


def pid_of(folder: Path) -> int | None:
    return server_pid(find_home(folder.resolve()))


def python(code: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline().strip() if process.stdout else ""


def test_a_second_call_is_quick(shared: tuple[Path, DatabaseUrls]) -> None:
    began = time.perf_counter()
    assert ensure_server(shared[0]) == shared[1]
    assert time.perf_counter() - began < 0.25


def test_roles_are_humble(shared: tuple[Path, DatabaseUrls]) -> None:
    folder, urls = shared
    powers = "rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
    for url, name in ((urls.owner, "counselhub_owner"), (urls.app, "counselhub_app")):
        with connect(url) as conn:
            query = f"SELECT rolname, {powers} FROM pg_roles WHERE rolname = current_user"
            assert conn.execute(query).fetchone() == (name, *[False] * 5)
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    assert ask(urls.app, owner) == "counselhub_owner"
    assert ask(admin_url(folder), "SHOW listen_addresses") == ""


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE t (n int)", "CREATE TEMPORARY TABLE t (n int)", "CREATE SCHEMA s"],
)
def test_the_application_makes_nothing(shared: tuple[Path, DatabaseUrls], statement: str) -> None:
    with connect(shared[1].app) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_the_application_enters_no_other_database(
    shared: tuple[Path, DatabaseUrls], database: str
) -> None:
    url = shared[1].app.replace("/counselhub?", f"/{database}?")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        connect(url)


def test_a_wrong_password_is_refused(shared: tuple[Path, DatabaseUrls]) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(shared[1].app.replace("counselhub_app:", "counselhub_app:x"))


def test_the_owner_adds_what_the_product_needs(shared: tuple[Path, DatabaseUrls]) -> None:
    with connect(shared[1].owner) as conn:
        for extension in ("btree_gist", "pg_trgm"):
            conn.execute(f"CREATE EXTENSION {extension}")
        trigrams = conn.execute("SELECT show_trgm('广州律师')").fetchone()
    assert trigrams != ([],), "a cluster of locale C finds no Chinese text"


def test_keys_are_private(shared: tuple[Path, DatabaseUrls]) -> None:
    keys = shared[0] / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()] == [0o600] * 3


def test_many_at_once_share_one_server(folder: Path) -> None:
    crowd = [python(ENSURE, folder) for _ in range(6)]
    answers = {process.communicate()[0] for process in crowd}
    assert [process.returncode for process in crowd] == [0] * 6
    assert len(answers) == 1
    assert ask(answers.pop().strip(), "SELECT 1") == 1


def test_a_killed_server_comes_back_with_every_row(folder: Path) -> None:
    urls = ensure_server(folder)
    with connect(urls.owner) as conn:
        conn.execute("CREATE TABLE t AS SELECT generate_series(1, 1000)")
    pid = pid_of(folder)
    assert pid is not None, "0 would be ourselves"
    os.kill(pid, signal.SIGKILL)
    assert ensure_server(folder) == urls
    assert ask(urls.owner, "SELECT count(*) FROM t") == 1000


def test_a_stale_pid_of_another_live_process_is_no_obstacle(folder: Path) -> None:
    urls = ensure_server(folder)
    home, pid = find_home(folder.resolve()), str(pid_of(folder))
    written = (home.cluster / "postmaster.pid").read_text(encoding="utf-8")
    stop_server(folder)
    with subprocess.Popen(["sleep", "60"], user=home.account.uid if IS_ROOT else None) as stranger:
        stale = written.replace(pid, str(stranger.pid), 1)
        for path in (home.cluster / "postmaster.pid", Path(f"{home.socket}.lock")):
            path.write_text(stale, encoding="utf-8")
            os.chown(path, home.account.uid, home.account.gid)
        assert ensure_server(folder) == urls
        assert stranger.poll() is None, "it was left alone"
        stranger.kill()


def test_forgotten_passwords_are_made_anew(folder: Path) -> None:
    before = ensure_server(folder).app
    (folder / "keys" / "counselhub_app").unlink()
    after = ensure_server(folder).app
    assert after != before
    assert ask(after, "SELECT 1") == 1


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("with a space, a comma, 'quotes' and 村居", id="odd characters"),
        pytest.param("/".join(["long" * 10] * 4), id="longer than a socket's path may be"),
    ],
)
def test_any_path_will_do(folder: Path, name: str) -> None:
    data_dir = folder / name
    try:
        urls = ensure_server(data_dir)
        assert ask(urls.app, "SELECT 1") == 1
    finally:
        sockets = find_home(data_dir.resolve()).sockets
        remove_server(data_dir)
    assert not sockets.exists()


def test_the_last_user_stops_it(folder: Path) -> None:
    first = python(USE, folder)
    with first, running_server(folder) as urls:
        assert said(first) == urls.app
        first.communicate("")
        assert ask(urls.app, "SELECT 1") == 1, "one user is still there"
    assert pid_of(folder) is None


def test_a_killed_user_holds_nothing(folder: Path) -> None:
    victim = python(USE, folder)
    with victim:
        said(victim)
        victim.kill()
    assert pid_of(folder) is not None
    with running_server(folder):
        pass
    assert pid_of(folder) is None


def test_a_strict_umask_is_no_obstacle(folder: Path) -> None:
    before = os.umask(0o077)
    try:
        urls = ensure_server(folder)
    finally:
        os.umask(before)
    assert ask(urls.app, "SELECT 1") == 1


@pytest.mark.skipif(not any(path.exists() for path in binaries.SYSTEM), reason="none installed")
def test_a_systems_postgresql_will_do_and_its_cluster_stays_with_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "WHEELS", ())
    urls = ensure_server(folder)
    version = ask(urls.app, "SHOW server_version")
    stop_server(folder)
    monkeypatch.undo()
    assert ensure_server(folder) == urls
    assert ask(urls.app, "SHOW server_version") == version
    with pytest.raises(ServerError, match="PostgreSQL 9, which wrote this cluster"):
        binaries.find_binaries(find_home(folder.resolve()).account, folder, major=9)


@pytest.mark.skipif(not IS_ROOT, reason="only root's server runs as another account")
def test_roots_private_folder_stays_private() -> None:
    with tempfile.TemporaryDirectory(prefix="counselhub-test-") as name:
        data_dir = Path(name) / "var"
        urls = ensure_server(data_dir)
        home = find_home(data_dir.resolve())
        try:
            assert ask(urls.app, "SELECT 1") == 1
            assert Path(f"/proc/{server_pid(home)}").stat().st_uid == home.account.uid != 0
            assert stat.S_IMODE(Path(name).stat().st_mode) == 0o700
            assert not home.root.is_relative_to(name)
        finally:
            remove_server(data_dir)
        assert not home.root.exists()


@pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")
def test_all_this_as_an_ordinary_user() -> None:
    user = Account(65534, 65534)
    libraries = Path(psycopg.__file__).parents[1]
    system = Path("/usr/bin/python3")
    version = "import sys, encodings; print(sys.version_info[:2])"
    if not (user.can_enter(CHECKOUT / "tests") and user.can_enter(libraries)):
        pytest.skip("the checkout is in a private folder")
    if user.run([system, "-c", version]).stdout.strip() != str(sys.version_info[:2]):
        pytest.skip("no Python of our version that others can run")
    # Those that touch accounts, processes and files; what SQL answers is the same for all.
    chosen = "quick or keys or many or killed_server or odd or last or refused"
    code = f"import sys; sys.path[:0] = [{str(CHECKOUT)!r}, {str(libraries)!r}]; import pytest"
    options = [
        "-q",
        "-k",
        chosen,
        "--noconftest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(CHECKOUT),
    ]
    arguments = [*options, "-c", str(CHECKOUT / "pyproject.toml"), __file__]
    answer = user.run([system, "-B", "-c", f"{code}; sys.exit(pytest.main({arguments!r}))"])
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.skipif(IS_ROOT, reason="root may enter any folder")
def test_another_users_folder_is_refused() -> None:
    with pytest.raises(ServerError, match="belongs to another user"):
        ensure_server(Path("/"))
