"""Short texts sealed with AES-256-GCM under a ring of keys, each bound to the row it stands in.

A sealed text is `v1.<key id>.<base64url of nonce and ciphertext>`. Its owner (a firm, or a person),
the table, the row and the column are its associated data, so that it opens nowhere else; each owner
has keys of its own, derived from those of the ring.
"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


class KeyRingError(Exception):
    """The keys of the environment cannot be used; the message is a sentence for the operator."""


class UnsealError(Exception):
    """A sealed text does not open: its key is not in the ring, or it was changed or moved."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed text stands; it opens nowhere else."""

    owner_id: UUID
    table: str
    row_id: UUID
    column: str

    @property
    def bound(self) -> bytes:
        """The associated data of the ciphertext."""
        return "|".join((str(self.owner_id), self.table, str(self.row_id), self.column)).encode()


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by their ids, in order; the first one writes, all of them read."""

    keys: dict[str, bytes] = field(repr=False)
    lent: Mapping[tuple[str, UUID], bytes] = field(default_factory=dict, repr=False)
    """Keys of single owners that another ring has lent, by key id and owner: they only read."""

    @property
    def writing(self) -> str:
        """The id of the key that seals."""
        return next(iter(self.keys))

    def seal(self, text: str, place: Place) -> str:
        """Return `text` sealed for `place` under the writing key."""
        nonce = os.urandom(NONCE_BYTES)
        cipher = AESGCM(_derived(self.keys[self.writing], "seal", str(place.owner_id)))
        sealed = nonce + cipher.encrypt(nonce, text.encode(), place.bound)
        return f"{VERSION}.{self.writing}.{base64.urlsafe_b64encode(sealed).decode()}"

    def unseal(self, sealed: str, place: Place) -> str:
        """Return the text that was sealed for `place`. Raises UnsealError."""
        try:
            version, key_id, body = sealed.split(".")
            if version != VERSION:
                raise UnsealError(version)
            raw = base64.b64decode(body, altchars=b"-_", validate=True)
            cipher = AESGCM(self._reading(key_id, place.owner_id))
            opened = cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.bound)
            return opened.decode()
        except (ValueError, KeyError, InvalidTag) as error:
            raise UnsealError("it does not open") from error

    def _reading(self, key_id: str, owner_id: UUID) -> bytes:
        if (lent := self.lent.get((key_id, owner_id))) is not None:
            return lent
        return _derived(self.keys[key_id], "seal", str(owner_id))

    def lend(self, owner_id: UUID) -> dict[str, bytes]:
        """Return what opens the texts of one owner and of nobody else, by key id."""
        return {key_id: self._reading(key_id, owner_id) for key_id in self.keys}

    def borrowing(self, owner_id: UUID, lent: Mapping[str, bytes]) -> "KeyRing":
        """Return the ring with what another one has lent, to read an owner's texts with."""
        return KeyRing(self.keys, {(key_id, owner_id): key for key_id, key in lent.items()})

    def digests(self, text: str, firm_id: UUID) -> list[str]:
        """Return the digests by which `text` is found again inside the firm, a key each.

        The writing key's stands first: it is the one to keep. `<key id>.<hex of HMAC-SHA256>`.
        """
        return [
            f"{key_id}.{_mac(_derived(key, 'digest', str(firm_id)), text)}"
            for key_id, key in self.keys.items()
        ]

    def fingerprint(self, key_id: str) -> str:
        """Return what tells a key from another one of the same id, and nothing of the key."""
        return _mac(_derived(self.keys[key_id], "fingerprint", ""), key_id)


@dataclass(slots=True)
class Resealing:
    """Texts brought under a ring's writing key: how many were, and which keys others still need."""

    ring: KeyRing
    count: int = 0
    needed: set[str] = field(default_factory=set)

    def again(self, sealed: str, place: Place) -> str | None:
        """Return a text sealed anew, None where it stands so already or does not open.

        Its row is to be held against others meanwhile: what they seal must not be overwritten.
        """
        if key_of(sealed) == self.ring.writing:
            return None
        try:
            fresh = self.ring.seal(self.ring.unseal(sealed, place), place)
        except UnsealError:
            self.needed.add(key_of(sealed))
            return None
        self.count += 1
        return fresh


def key_of(sealed: str) -> str:
    """Return the id of the key that a sealed text or a digest names."""
    parts = sealed.split(".")
    return parts[1] if parts[0] == VERSION and len(parts) == 3 else parts[0]


def new_key(key_id: str) -> str:
    """Return a fresh key as the environment wants it: `id:base64`."""
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()}"


def parse(text: str) -> KeyRing:
    """Read `id:base64` pairs, apart by commas or blanks; the first one writes.

    Raises KeyRingError, whose sentence names the pair by its place and never shows the key.
    """
    keys: dict[str, bytes] = {}
    for place, pair in enumerate(re.split(r"[,\s]+", text.strip()), start=1):
        key_id, _colon, body = pair.partition(":")
        if not KEY_ID.fullmatch(key_id) or not body:
            raise KeyRingError(f"Data key {place} is not written as id:base64.")
        if key_id in keys:
            raise KeyRingError(f"Data key {key_id} is given twice.")
        keys[key_id] = _bytes_of(key_id, body)
    return KeyRing(keys)


def _bytes_of(key_id: str, body: str) -> bytes:
    try:
        key = base64.b64decode(body.replace("+", "-").replace("/", "_"), b"-_", validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyRingError(
            f"Data key {key_id} is not {KEY_BYTES} bytes in base64;"
            " `counselhub keys new` makes one."
        )
    return key


@lru_cache(maxsize=4096)
def _derived(key: bytes, purpose: str, owner_id: str) -> bytes:
    """One purpose, one owner, one key: what leaks of one opens no other."""
    info = f"counselhub {purpose} {owner_id}".encode()
    return HKDF(SHA256(), KEY_BYTES, None, info).derive(key)


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), sha256).hexdigest()
