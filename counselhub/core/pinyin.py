"""How Chinese names are ordered and found: by stored pinyin, for no collation here knows it."""

from functools import lru_cache

from pypinyin import lazy_pinyin
from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import InstrumentedAttribute

# How these letters are read at the head of a person's name.
# fmt: off
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "区": "ou", "查": "zha",
    "解": "xie", "任": "ren", "盖": "ge", "朴": "piao", "翟": "zhai",
    "乐": "yue", "员": "yun", "黑": "he", "缪": "miao", "召": "shao",
    "折": "she", "繁": "po", "秘": "bi", "种": "chong", "覃": "qin",
}
# fmt: on


def sort_key(name: str) -> str:
    """Return the syllables of a place's name, parted by blanks: the order of lists."""
    return " ".join(_syllables(name)).lower()


def person_key(name: str) -> str:
    """Return the same of a person's name, its surname read as one."""
    return " ".join(_as_surname(name)).lower()


@lru_cache(maxsize=1024)
def _syllables(name: str) -> tuple[str, ...]:
    """Return the reading of a name; asked for twice in a row, for its order and its search text."""
    return tuple(lazy_pinyin(name))


def _as_surname(name: str) -> list[str]:
    syllables = _syllables(name)
    return [SURNAMES.get(name[:1], syllables[0]), *syllables[1:]] if syllables else []


def searchable(name: str, *codes: str) -> str:
    """Return codes, name, pinyin and initials as one lower-case text, for a `search` column.

    A name that begins with a letter of two readings (单, 曾) is found by both.
    """
    words = [*codes, name]
    for syllables in (_syllables(name), _as_surname(name)):
        words += ["".join(syllables), "".join(syllable[:1] for syllable in syllables)]
    return " ".join(dict.fromkeys(words)).lower()


def finds(column: InstrumentedAttribute[str], words: str | None) -> ColumnElement[bool]:
    """Return the condition that a `search` column holds each of the words, in any order."""
    parts = (words or "").lower().split()
    return and_(true(), *(column.contains(part, autoescape=True) for part in parts))
