"""Settings from the environment; a secret comes from there or from a file of ours (0600)."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from counselhub.core.postgres import data_folder

SHORTEST_AUDIT_DAYS = 180
"""What the law asks of the record of acts (docs, domain 9: six months)."""


class SettingError(RuntimeError):
    """A setting has a value that the service must not run with."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations, but for the database's address."""

    data_dir: Path
    secure_cookies: bool
    upload_megabytes: int
    audit_days: int
    """How long acts are kept, at least SHORTEST_AUDIT_DAYS."""


def from_environment() -> Settings:
    """Read the settings; names as in README."""
    return Settings(
        data_dir=data_folder(os.environ),
        secure_cookies=os.environ.get("COUNSELHUB_SECURE_COOKIES") == "1",
        upload_megabytes=int(os.environ.get("COUNSELHUB_UPLOAD_MB") or 20),
        audit_days=_audit_days(os.environ.get("COUNSELHUB_AUDIT_DAYS") or ""),
    )


def _audit_days(given: str) -> int:
    """Read how long acts are kept. Raises SettingError for less than the law asks."""
    days = int(given) if given.isdecimal() else SHORTEST_AUDIT_DAYS if not given else 0
    if days < SHORTEST_AUDIT_DAYS:
        raise SettingError(
            f"COUNSELHUB_AUDIT_DAYS is {given!r}: whole days, at least {SHORTEST_AUDIT_DAYS}."
        )
    return days


def secret_key(data_dir: Path) -> str:
    """Return the key that signs cookies: COUNSELHUB_SECRET_KEY, or one made in the data folder."""
    if given := os.environ.get("COUNSELHUB_SECRET_KEY"):
        return given
    path = data_dir / "keys" / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"secret_key.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was first: its key stands
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
