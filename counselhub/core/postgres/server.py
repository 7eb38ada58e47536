"""Starts, shares and stops the embedded server.

Two lock files keep many processes in order; the kernel lets go of a lock when its process ends,
however it ends. `server.lock` is held for a moment by whoever starts or stops the server.
`server.users` is held, shared, by everyone who uses it: the last one out can lock it alone.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from counselhub.core.postgres import cluster
from counselhub.core.postgres.accounts import ServerError
from counselhub.core.postgres.keys import key
from counselhub.core.postgres.places import find_home
from counselhub.core.postgres.roles import (
    APP,
    OWNER,
    DatabaseUrls,
    is_ready,
    provision,
    url_of,
    urls_of,
)


@contextmanager
def running_server(data_dir: Path, *, database: str = "counselhub") -> Iterator[DatabaseUrls]:
    """Use the server for the length of the block; the last user out stops it."""
    data_dir = _own_folder(data_dir)
    with _open(data_dir / "server.users") as users:
        try:
            with _lock(data_dir):
                fcntl.flock(users, fcntl.LOCK_SH)
                urls = _ensure(data_dir, database)
            yield urls
        finally:
            with _lock(data_dir):
                _stop_unless_used(data_dir, users.fileno())


def ensure_server(data_dir: Path, *, database: str = "counselhub") -> DatabaseUrls:
    """Start the server if need be and return its URLs. Safe for many processes at once.

    It stays until `stop_server`, or until the last user of `running_server` leaves.
    Raises ServerError.
    """
    data_dir = _own_folder(data_dir)
    home = find_home(data_dir)
    if is_ready(home, data_dir, database):
        return urls_of(home, data_dir, database)
    with _lock(data_dir):
        return _ensure(data_dir, database)


def admin_url(data_dir: Path) -> str:
    """Return the superuser's URL, for tests that make databases from a template."""
    data_dir = data_dir.resolve()
    return url_of(find_home(data_dir), cluster.ADMIN, key(data_dir, cluster.ADMIN), "postgres")


def stop_server(data_dir: Path) -> None:
    """Stop the server in good order and wait; nothing happens when it does not run."""
    data_dir = _own_folder(data_dir)
    with _lock(data_dir):
        cluster.stop(find_home(data_dir))


def remove_server(data_dir: Path) -> None:
    """Stop the server and remove it with all its data and keys, wherever it lived."""
    data_dir = _own_folder(data_dir)
    with _lock(data_dir):
        home = find_home(data_dir)
        cluster.stop(home)
        for folder in (home.root, home.sockets):
            shutil.rmtree(folder, ignore_errors=True)
        for name in (cluster.ADMIN, OWNER, APP):
            (data_dir / "keys" / name).unlink(missing_ok=True)
        (data_dir / "postgres.home").unlink(missing_ok=True)


def _own_folder(data_dir: Path) -> Path:
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    if os.geteuid() not in (0, data_dir.stat().st_uid):
        raise ServerError(f"{data_dir} belongs to another user; name a folder of your own.")
    return data_dir


def _open(path: Path) -> TextIO:
    try:
        return path.open("a", encoding="ascii")
    except PermissionError:
        raise ServerError(
            f"{path} belongs to another user, perhaps root; run as its owner."
        ) from None


@contextmanager
def _lock(data_dir: Path) -> Iterator[None]:
    with _open(data_dir / "server.lock") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _ensure(data_dir: Path, database: str) -> DatabaseUrls:
    home = find_home(data_dir)
    if not is_ready(home, data_dir, database):
        home.prepare()
        binaries = cluster.create(home, key(data_dir, cluster.ADMIN))
        cluster.start(home, binaries)
        provision(home, data_dir, database)
    return urls_of(home, data_dir, database)


def _stop_unless_used(data_dir: Path, users: int) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    cluster.stop(find_home(data_dir))
