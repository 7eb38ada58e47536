"""The texts that a firm accepts: versioned files, which never change once they were published."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from counselhub.core.i18n import LOCALES
from counselhub.joining.kinds import Text

FOLDER = Path(__file__).with_name("published")
VERSIONS: dict[Text, tuple[str, ...]] = {Text.TERMS: ("2026-11-22",), Text.DATA: ("2026-11-22",)}
"""Each text's versions, the one in force last."""


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of a text: its title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


def current(kind: Text) -> str:
    """Return the version in force."""
    return VERSIONS[kind][-1]


@cache
def parts(kind: Text, version: str, locale: str) -> tuple[Part, ...]:
    """Return a published text in one language; KeyError for a version that there never was."""
    clauses = _written(kind, version, locale).removeprefix("# ").split("\n# ")
    return tuple(Part(title, tuple(rest)) for title, *rest in map(str.splitlines, clauses))


@cache
def digest(kind: Text, version: str) -> str:
    """Return the SHA-256 of a text in both languages: what exactly was accepted."""
    return sha256("\n".join(_written(kind, version, one) for one in LOCALES).encode()).hexdigest()


def _written(kind: Text, version: str, locale: str) -> str:
    if version not in VERSIONS[kind]:
        raise KeyError(version)
    return (FOLDER / f"{kind.value}-{version}.{locale}.txt").read_text(encoding="utf-8")
