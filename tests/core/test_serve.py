"""`make run`: one address, one clear sentence when it cannot, and nothing left behind."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from counselhub.core.postgres import remove_server
from counselhub.core.postgres.cluster import server_pid
from counselhub.core.postgres.places import find_home
from counselhub.core.postgres.settings import CHECKOUT, data_folder, outside_urls

PAGES = """
import os
def app(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [os.environ["DATABASE_URL"].partition(":")[2].partition(":")[0].encode()]
"""
SERVE = """
import sys; from pathlib import Path; from counselhub.core import serve
serve.prepare, serve.CHECKOUT = lambda urls: None, Path(sys.argv[1])
sys.exit(serve.main())
"""


@pytest.fixture
def port() -> int:
    """Return a port that nobody uses, below the range that outgoing connections take."""
    while True:
        number = random.randint(20000, 30000)  # noqa: S311  # no secret
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", number)) != 0:
                return number


@pytest.fixture
def site() -> Iterator[Path]:
    """Give a checkout with one page and a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="counselhub test ") as name:
        path = Path(name)
        path.chmod(0o711)
        (path / "wsgi.py").write_text(PAGES, encoding="utf-8")
        shutil.copy(CHECKOUT / "gunicorn.conf.py", path)
        yield path
        remove_server(path / "var")


def start(site: Path, port: int) -> subprocess.Popen[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    env |= {"PORT": str(port), "COUNSELHUB_DATA": str(site / "var")}
    env |= {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, str(site)],
        env=env,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def page(port: int) -> str:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def wait_until_free(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.05)
    pytest.fail(f"somebody still answers on port {port}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing_behind(site: Path, port: int, number: signal.Signals) -> None:
    with start(site, port) as serving:
        assert page(port) == "//counselhub_app", "the pages are not the owner of the tables"
        assert server_pid(find_home(site.resolve() / "var")) is not None
        serving.send_signal(number)
        serving.communicate(timeout=60)
    assert serving.returncode == 0
    wait_until_free(port)
    assert server_pid(find_home(site.resolve() / "var")) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_kill_9_leaves_nobody_on_the_port(site: Path, port: int) -> None:
    with start(site, port) as serving:
        page(port)
        serving.kill()
        serving.communicate(timeout=60)
    wait_until_free(port)


def test_a_port_in_use_is_one_sentence(site: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)), start(site, port) as serving:
        said = serving.communicate(timeout=60)[1]
    assert serving.returncode == 1
    assert said.decode() == f"Port {port} is in use; name another with PORT=.\n"
    assert not (site / "var").exists(), "nothing was started"


def test_an_outside_database_is_reached_by_our_driver() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg2", "postgresql+psycopg"):
        urls = outside_urls({"DATABASE_URL": f"{scheme}://me:pw@db/x?sslmode=require"})
        assert urls is not None
        assert urls.owner == urls.app == "postgresql+psycopg://me:pw@db/x?sslmode=require"
    assert outside_urls({"DATABASE_URL": ""}) is None


def test_the_role_that_serves_may_differ_from_the_one_that_migrates() -> None:
    urls = outside_urls(
        {"DATABASE_URL": "postgres://own@db/x", "DATABASE_APP_URL": "postgres://app@db/x"}
    )
    assert urls is not None
    assert (urls.owner, urls.app) == (
        "postgresql+psycopg://own@db/x",
        "postgresql+psycopg://app@db/x",
    )


def test_the_data_folder_is_in_the_checkout_unless_named(tmp_path: Path) -> None:
    assert data_folder({}) == CHECKOUT / "var"
    assert data_folder({"COUNSELHUB_DATA": str(tmp_path)}) == tmp_path.resolve()
