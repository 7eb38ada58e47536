"""Secrets of one-time codes, sealed with AES-256-GCM under the ring of COUNSELHUB_DATA_KEYS.

A sealed text is `v1.<key id>.<base64url of nonce and ciphertext>`; it opens only for the person it
was sealed for. The ring is `id:base64` pairs: the first key seals, all of them open. Without the
setting a key is made in the data folder, as the key of cookies is.
"""

import base64
import os
import re
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from counselhub.core.config import from_environment

SETTING = "COUNSELHUB_DATA_KEYS"
VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12


class UnsealError(Exception):
    """A sealed secret does not open: its key is not in the ring, or it was changed or moved."""


def seal(secret: str, person_id: UUID) -> str:
    """Return `secret` sealed for one person."""
    key_id, key = next(iter(_ring().items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + _cipher(key).encrypt(nonce, secret.encode(), _bound(person_id))
    return f"{VERSION}.{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"


def unseal(sealed: str, person_id: UUID) -> str:
    """Return the secret that was sealed for this person. Raises UnsealError."""
    try:
        version, key_id, body = sealed.split(".")
        if version != VERSION:
            raise UnsealError(version)
        raw = base64.urlsafe_b64decode(body)
        cipher = _cipher(_ring()[key_id])
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(person_id)).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise UnsealError("it does not open") from error


def _bound(person_id: UUID) -> bytes:
    return f"totp|{person_id}|sealed".encode()


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, None, b"counselhub seal factors").derive(key))


def _ring() -> dict[str, bytes]:
    given = os.environ.get(SETTING, "").strip() or _own(from_environment().data_dir)
    pairs = (pair.partition(":") for pair in re.split(r"[,\s]+", given.strip()))
    return {key_id: base64.urlsafe_b64decode(body) for key_id, _colon, body in pairs}


def _own(data_dir: Path) -> str:
    """Return the ring in the data folder (0600), made the first time."""
    path = data_dir / "keys" / "data_keys"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"data_keys.{os.getpid()}")
        body = base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(f"k{os.urandom(3).hex()}:{body}")
        with suppress(FileExistsError):  # another process was first: its key stands
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
