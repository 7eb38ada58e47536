"""Which passwords are refused? Pure: the list and the person's own words are arguments."""

import re
from collections.abc import Container, Iterable
from enum import StrEnum

SHORTEST = 8
LONGEST = 128
KINDS = 3
UNLEET = str.maketrans("@4031!$57", "aaoeiisst")
UNSHIFT = str.maketrans("!@#$%^&*()", "1234567890")
HEAD_AND_TAIL = re.compile(r"(.*[a-z])([^a-z]*)", re.DOTALL)
SHORTEST_LATIN, SHORTEST_CHINESE = 4, 2


class Fault(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    KINDS = "kinds"
    COMMON = "common"
    PERSONAL = "personal"


def fault(password: str, *, own_words: Iterable[str], common: Container[str]) -> Fault | None:
    """Return the first reason to refuse `password`, None when there is none.

    own_words: name, address, firm of the person, in any writing. common: as `forms` writes them.
    """
    if len(password) < SHORTEST:
        return Fault.SHORT
    if len(password) > LONGEST:
        return Fault.LONG
    if kinds(password) < KINDS:
        return Fault.KINDS
    written = forms(password)
    if any(form in common for form in written):
        return Fault.COMMON
    if any(word in form for word in significant(own_words) for form in written):
        return Fault.PERSONAL
    return None


def kinds(password: str) -> int:
    """Count the kinds of characters: capitals, small letters, figures, all else."""
    return len({_kind(letter) for letter in password})


def _kind(letter: str) -> str:
    if letter.isupper():
        return "upper"
    if letter.islower():
        return "lower"
    return "figure" if letter.isdigit() else "other"


def forms(password: str) -> set[str]:
    """Return what a password is under its dress: P@ssw0rd!123 is password123."""
    lower = password.lower()
    found = {_plain(lower), _plain(lower.translate(UNSHIFT))}
    if split := HEAD_AND_TAIL.fullmatch(lower):
        found.add(_plain(split[1].translate(UNLEET) + split[2]))
    return found


def significant(own_words: Iterable[str]) -> set[str]:
    """Return the words that are long enough to give a password away, plainly written."""
    plain = {_plain(word.lower()) for word in own_words}
    return {
        word
        for word in plain
        if len(word) >= (SHORTEST_LATIN if _latin(word) else SHORTEST_CHINESE)
    }


def _latin(word: str) -> bool:
    return word.isascii()


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
