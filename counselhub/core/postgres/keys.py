"""Passwords of the server's roles, each in a file that only its owner reads."""

import os
import secrets
from pathlib import Path


def key(data_dir: Path, name: str) -> str:
    """Return the password of this name, making it the first time. Call it under the lock."""
    path = data_dir / "keys" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = path.with_name(f"{name}.fresh")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(24))
        fresh.rename(path)  # whole or not at all, also when we are killed here
    return path.read_text(encoding="ascii").strip()
