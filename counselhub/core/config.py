"""Settings, read once from the environment. Secrets come from there or from a file of ours (0600)."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations."""

    data_dir: Path
    database_url: str | None
    """An outside PostgreSQL: the role that owns the tables and migrates them."""
    app_database_url: str | None
    """The role the application connects as; without it, `SET ROLE counselhub_app` on the owner's."""
    port: int
    secure_cookies: bool
    upload_megabytes: int


def from_environment() -> Settings:
    """Read the settings; names as in README."""
    env = os.environ
    return Settings(
        data_dir=Path(env.get("COUNSELHUB_DATA") or CHECKOUT / "var").resolve(),
        database_url=_with_driver(env.get("DATABASE_URL")),
        app_database_url=_with_driver(env.get("DATABASE_APP_URL")),
        port=int(env.get("PORT") or 8000),
        secure_cookies=env.get("COUNSELHUB_SECURE_COOKIES") == "1",
        upload_megabytes=int(env.get("COUNSELHUB_UPLOAD_MB") or 20),
    )


def _with_driver(url: str | None) -> str | None:
    """Name our driver in an address written the usual way (postgres:// or postgresql://)."""
    if not url:
        return None
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url


def secret_key(data_dir: Path) -> str:
    """Return the key that signs cookies: from COUNSELHUB_SECRET_KEY, or made once in the data folder."""
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
