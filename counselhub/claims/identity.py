"""When two disputes are the same one. Pure: the texts whose keyed digests are compared.

DISPUTE-1 the same number of the provincial system; DISPUTE-2 the same parties, in any order and
however written, with one kind of dispute in one month; DISPUTE-3 the same number of a legal-aid
case. One dispute pays once, over statements, firms and legal aid.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from counselhub.core.personal import normal_text

MOST_PARTIES, LONGEST_PARTY = 20, 60
_APART = re.compile(r"[;；,，、\n\r]+")
_SIGNS = re.compile(r"[^\w]+")


def parties_of(typed: str) -> list[str]:
    """Return the parties of a text, apart by commas, semicolons or lines, without empty ones."""
    return [" ".join(part.split()) for part in _APART.split(typed) if part.strip()]


def number_key(number: str) -> str:
    """Return a case number as it is compared: without blanks, brackets and dashes, lower case."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", number)).replace("_", "").casefold()


def parties_key(parties: Iterable[str], kind: str | None, month: date) -> str:
    """Return what identifies a dispute by its parties, "" with fewer than two of them.

    One name alone would call every matter of a person the same. month: of the settlement.
    """
    names = sorted({normal_text(one) for one in parties} - {""})
    if len(names) < 2:
        return ""
    return f"{'|'.join(names)}#{kind or ''}#{month:%Y-%m}"
