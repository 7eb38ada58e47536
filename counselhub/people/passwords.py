"""Passwords: argon2id, and how long a password must be."""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import gettext as _

from counselhub.core.errors import RefusedError

# 19 MiB, two passes: OWASP's minimum for argon2id, some 30 ms on a small server.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
SHORTEST = 8
NOBODY = HASHER.hash("nobody has this password")


def hashed(password: str) -> str:
    """Return the hash to keep. Raises RefusedError when the password is too short or one kind."""
    kinds = sum(
        any(test(letter) for letter in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    )
    if len(password) < SHORTEST or kinds < 3:
        raise RefusedError(_("密码至少8位，并且包含大写字母、小写字母、数字、符号中的三种。"))
    return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether `password` is the one; an unknown account takes as long as a known one."""
    try:
        HASHER.verify(password_hash or NOBODY, password)
    except VerificationError:
        return False
    return password_hash is not None
