"""What opens the sealed texts of one firm, lent to its archive: as it is, or under a passphrase.

A firm's keys are derived from those of the service, so they open this firm's texts and no other's.
"""

import base64
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from flask_babel import gettext as _

from counselhub.tenants.archive import ArchiveError

SHORTEST_PASSPHRASE = 12
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32
COST, BLOCK, LANES = 2**15, 8, 1
"""scrypt's N, r and p: 32 MiB and about a tenth of a second for each guess."""


def packed(lent: Mapping[str, bytes], passphrase: str | None) -> dict[str, Any]:
    """Return the keys as the manifest tells them; sealed when there is a passphrase."""
    plain = {key_id: _text(key) for key_id, key in lent.items()}
    if passphrase is None:
        return {"plain": plain}
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    cipher = AESGCM(_stretched(passphrase, salt))
    sealed = cipher.encrypt(nonce, json.dumps(plain).encode(), None)
    return {"scrypt": _text(salt), "nonce": _text(nonce), "sealed": _text(sealed)}


def unpacked(told: Mapping[str, Any], passphrase: str | None) -> dict[str, bytes]:
    """Return the keys of a manifest. Raises ArchiveError for a passphrase that does not open it."""
    if (plain := told.get("plain")) is None:
        plain = _opened(told, passphrase)
    return {key_id: _bytes(key) for key_id, key in plain.items()}


def _opened(told: Mapping[str, Any], passphrase: str | None) -> dict[str, str]:
    if passphrase is None:
        raise ArchiveError(_("这份归档设有口令，请用 --passphrase-file 给出存有口令的文件。"))
    cipher = AESGCM(_stretched(passphrase, _bytes(told["scrypt"])))
    try:
        found = cipher.decrypt(_bytes(told["nonce"]), _bytes(told["sealed"]), None)
    except InvalidTag as error:
        raise ArchiveError(_("口令不对，没有恢复。")) from error
    plain: dict[str, str] = json.loads(found)
    return plain


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt, KEY_BYTES, COST, BLOCK, LANES).derive(passphrase.encode())


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
