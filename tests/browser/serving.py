"""Gunicorn on a database, for browsers: the tests', and that of the README's pictures."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counselhub.core.postgres import DatabaseUrls

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60


@contextmanager
def served(urls: DatabaseUrls) -> Iterator[str]:
    """Serve a database as `make run` would, inside the block; give the address."""
    port = _free_port()
    given = {"DATABASE_URL": urls.app, "DATABASE_APP_URL": urls.app, "PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--workers", "1"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | given)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    """Below the range that outgoing connections take theirs from."""
    for port in range(8300 + os.getpid() % 400, 9000):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no free port between 8300 and 9000")


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"gunicorn ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=5):  # noqa: S310  # ours
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} did not answer in {SECONDS_TO_START} s")
