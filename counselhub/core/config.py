"""Settings from the environment; a secret comes from there or from a file of ours (0600)."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from counselhub.core.postgres import ServerError, data_folder


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations, but for the database's address."""

    data_dir: Path
    secure_cookies: bool
    upload_megabytes: int
    idle_minutes: int
    session_minutes: int
    confirm_minutes: int


def from_environment() -> Settings:
    """Read the settings; names as in README."""
    return Settings(
        data_dir=data_folder(os.environ),
        secure_cookies=os.environ.get("COUNSELHUB_SECURE_COOKIES") == "1",
        upload_megabytes=int(os.environ.get("COUNSELHUB_UPLOAD_MB") or 20),
        idle_minutes=_minutes("COUNSELHUB_IDLE_MINUTES", 30, 5, 120),
        session_minutes=_minutes("COUNSELHUB_SESSION_MINUTES", 720, 30, 1440),
        confirm_minutes=_minutes("COUNSELHUB_CONFIRM_MINUTES", 10, 1, 60),
    )


def _minutes(name: str, usual: int, least: int, most: int) -> int:
    """Return a setting in minutes. Raises ServerError outside its limits: a slip opens no door."""
    given = os.environ.get(name) or str(usual)
    if not given.isdecimal() or not least <= int(given) <= most:
        raise ServerError(f"{name} is {given!r}; it must be {least} to {most} minutes.")
    return int(given)


def secret_key(data_dir: Path) -> str:
    """Return the key that signs cookies: COUNSELHUB_SECRET_KEY, or one made in the data folder."""
    if given := os.environ.get("COUNSELHUB_SECRET_KEY"):
        return given
    return kept(data_dir / "keys" / "secret_key", lambda: secrets.token_urlsafe(48))


def kept(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in the file `path`, which only we read; `make` gives it the first time."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(make())
        with suppress(FileExistsError):  # another process was first: its secret stands
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
