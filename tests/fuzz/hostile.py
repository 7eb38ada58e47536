"""What people with bad intent, broken clients and odd keyboards send; each with a name."""

from collections.abc import Iterator

from tests.fuzz.injections import FORMULAS, HEADERS, MARKUP, PATHS, SQL, TEMPLATE
from tests.fuzz.oddities import DATES, IDS, NUMBERS, OVERSIZED, UNICODE

GROUPS = {
    "sql": SQL,
    "template": TEMPLATE,
    "markup": MARKUP,
    "header": HEADERS,
    "path": PATHS,
    "unicode": UNICODE,
    "number": NUMBERS,
    "date": DATES,
    "id": IDS,
    "formula": FORMULAS,
    "oversized": OVERSIZED,
}
VALUES = [value for group in GROUPS.values() for value in group]


def endless() -> Iterator[str]:
    """Yield the values in turn for ever, so that a walk of any length meets all of them."""
    while True:
        yield from VALUES
