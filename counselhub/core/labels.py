"""Codes with the Chinese word that forms, pages and workbooks write for them."""

from enum import StrEnum
from typing import Self

from counselhub.core.i18n import page_text


def N_(word: str) -> str:  # noqa: N802  # the name that message extraction looks for
    """Mark a Chinese word for the catalogue without translating it yet."""
    return word


class Labelled(StrEnum):
    """A code whose `word` is the field's Chinese term."""

    word: str

    def __new__(cls, code: str, word: str = "") -> Self:
        """Make a member from its code and its word."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.word = word
        return member

    @property
    def label(self) -> str:
        """The word in the reader's language."""
        return page_text(self.word)

    @classmethod
    def of(cls, code: str) -> Self:
        """Return the member with this code, as a column holds it. Raises KeyError."""
        return {member.value: member for member in cls}[code]

    @classmethod
    def of_asked(cls, code: str) -> Self | None:
        """Return the member that an address asks for, None for nothing and for nonsense."""
        return cls(code) if code in set(cls) else None

    @classmethod
    def of_word(cls, word: str) -> Self | None:
        """Return the member that a workbook writes as `word`, None when there is none."""
        return next((member for member in cls if member.word == word), None)

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return (code, label) pairs in the order of the class, for a form."""
        return [(member.value, member.label) for member in cls]
