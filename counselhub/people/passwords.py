"""Passwords: argon2id, and what is refused as one."""

import os
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import gettext as _

from counselhub.core import pinyin
from counselhub.core.errors import RefusedError
from counselhub.core.labels import N_
from counselhub.people import password_rules as rules
from counselhub.people.password_rules import Fault

# 19 MiB, two passes: OWASP's minimum for argon2id, some 30 ms on a small server.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
NOBODY = HASHER.hash("nobody has this password")
AT_A_TIME = BoundedSemaphore(os.cpu_count() or 2)
"""More at a time are no quicker, and each takes its memory."""
HINT = N_(
    "至少8位，包含大写字母、小写字母、数字、符号中的三种；不要用常见密码、姓名、邮箱或单位名称。"
)
WORDS = {
    Fault.SHORT: N_("密码至少8位。"),
    Fault.LONG: N_("密码最多128位。"),
    Fault.KINDS: N_("密码要包含大写字母、小写字母、数字、符号中的三种。"),
    Fault.COMMON: N_("这是很多人都在用的密码，容易被猜到，请换一个。"),
    Fault.PERSONAL: N_("密码里不要有您的姓名、邮箱或单位名称，请换一个。"),
}


def hashed(password: str, own_words: Iterable[str] = ()) -> str:
    """Return the hash to keep. Raises RefusedError when a rule refuses the password.

    own_words: what `own_words_of` gives for the person.
    """
    if fault := rules.fault(password, own_words=own_words, common=common()):
        raise RefusedError(_(WORDS[fault]))
    with AT_A_TIME:
        return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether `password` is the one; an unknown account takes as long as a known one."""
    with AT_A_TIME:
        try:
            HASHER.verify(password_hash or NOBODY, password[: rules.LONGEST + 1])
        except VerificationError:
            return False
    return password_hash is not None


@cache
def common() -> frozenset[str]:
    """Return the passwords that everybody tries first, plainly written."""
    text = (files(__package__) / "data" / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def own_words_of(name: str, email: str, firms: Iterable[tuple[str, str]]) -> list[str]:
    """Return what a person's password may not hold: name, address, firm, in characters and pinyin.

    firms: (name, code) of each.
    """
    local = email.partition("@")[0]
    words = [local, *local.replace("_", "-").replace(".", "-").split("-")]
    for title in [name, *(firm.removesuffix("律师事务所") for firm, _code in firms)]:
        words += [title, pinyin.person_key(title).replace(" ", "")]
    return words + [code for _firm, code in firms]
