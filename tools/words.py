"""Bring the English catalogue in step with the Chinese words of the source: `make words`.

New words get an empty translation, which `tests/test_every_word.py` then names; words that nobody
uses any more go.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

CHECKOUT = Path(__file__).resolve().parents[1]
CATALOGUE = CHECKOUT / "counselhub" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "N_": None, "lazy_gettext": None}


def in_source() -> Catalog:
    """Return every word that pages, forms and refusals use, in the order of the files."""
    found = Catalog(locale="en", fuzzy=False)
    for folder in ("counselhub", "templates"):
        rows = extract_from_dir(
            str(CHECKOUT / folder),
            method_map=[("**.py", "python"), ("**.html", "jinja2")],
            keywords=KEYWORDS,
        )
        for _file, _line, message, _comments, context in rows:
            found.add(message, context=context)
    return found


def in_catalogue() -> Catalog:
    """Return the English catalogue as it is in the repository."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


HEADER = b"""# English words of CounselHub; the Chinese ones stand in the source.
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def main() -> None:
    """Write the catalogue anew, sorted by word, without places: a change shows as one line."""
    fresh = in_source()
    known = in_catalogue()
    for message in fresh:
        if message.id and (old := known.get(message.id, message.context)):
            message.string = old.string
    with CATALOGUE.open("wb") as file:
        file.write(HEADER)
        write_po(file, fresh, sort_output=True, no_location=True, width=100, omit_header=True)


if __name__ == "__main__":
    main()
