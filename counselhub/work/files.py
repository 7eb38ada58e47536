"""Where the files of long works lie, and how one appears: whole, and of the beginning that counts.

Each beginning writes in a folder of its own. What it made is put in place once it is sure that this
beginning ends the work, so that a worker that was taken for dead and lives on replaces nothing.
"""

import shutil
from pathlib import Path
from uuid import UUID

from counselhub.core import config

MADE = "made"


def _home() -> Path:
    return config.from_environment().data_dir / "work"


def path_of(work_id: UUID, ending: str) -> Path:
    """Return where the file of a work lies; no page and no static file lies there."""
    return _home() / f"{work_id}{ending}"


def lies(work_id: UUID) -> bool:
    """Say whether a work has left any file."""
    return any(one.is_file() for one in _home().glob(f"{work_id}.*"))


def draft(work_id: UUID, attempt: int, ending: str) -> Path:
    """Return where a beginning writes its file; its folder is there, and nobody else's."""
    folder = _drafts(work_id, attempt)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{MADE}{ending}"


def _drafts(work_id: UUID, attempt: int) -> Path:
    return _home() / f"{work_id}.{attempt}"


def put_in_place(work_id: UUID, attempt: int) -> None:
    """Let what a beginning made be the file of the work."""
    for made in _drafts(work_id, attempt).glob(f"{MADE}.*"):
        made.replace(path_of(work_id, made.suffix))


def clear(work_id: UUID, until: int | None = None) -> None:
    """Delete the drafts of beginnings, those of workers that were killed too.

    until: up to this one, by default all; a later one may still be at it.
    """
    for folder in _home().glob(f"{work_id}.*"):
        if folder.is_dir() and (until is None or int(folder.suffix[1:]) <= until):
            shutil.rmtree(folder, ignore_errors=True)


def remove(work_id: UUID) -> int:
    """Delete everything that a work has made; return how many files went."""
    clear(work_id)
    left = list(_home().glob(f"{work_id}.*"))
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)
