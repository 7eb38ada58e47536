"""Word templates with {{字段}}: which fields one has, and the document with them filled.

A field is plain text between two pairs of braces, nothing of it is ever run. Word cuts a field into
several runs where somebody corrected a letter, so it is looked for in the paragraph as a whole.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from flask_babel import gettext as _

from counselhub.core.uploads import UploadError
from counselhub.products import word_files
from counselhub.products.word_files import PARAGRAPH, TEXT, WORD

FIELD = re.compile(r"\{\{([^{}\n]*)\}\}")
BROKEN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
PARTS = re.compile(r"/word/(?:document|header\d*|footer\d*)\.xml")
MOST_FIELDS = 60
LONGEST_NAME = 20
MOST_NAMED = 5
BLANK = "＿＿＿＿＿＿"
"""What stands where nothing was filled in: a line to write on."""
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Place(NamedTuple):
    """The letters of one paragraph, with the nodes that hold them."""

    nodes: Sequence[Any]
    text: str


def fields_of(template: bytes) -> tuple[str, ...]:
    """Return the names of a template's fields in the order of reading, each once.

    Raises UploadError for a file that is none, without a field, or with one that is broken: the
    sentence names it.
    """
    names: dict[str, None] = {}
    broken: list[str] = []
    for place in _places(word_files.opened(template)):
        for found in FIELD.finditer(place.text):
            name = found[1].strip()
            if 1 <= len(name) <= LONGEST_NAME:
                names[name] = None
            else:
                broken.append(found[0])
        rest = FIELD.sub("", place.text)
        broken += [rest[max(0, at.start() - 2) : at.end() + 10] for at in BROKEN.finditer(rest)]
    _refuse(names, broken)
    return tuple(names)


def _refuse(names: Mapping[str, None], broken: Sequence[str]) -> None:
    if broken:
        shown = _("、").join(f"“{one}”" for one in broken[:MOST_NAMED])
        raise UploadError(
            _(
                "有 %(count)d 处占位符写坏了：%(shown)s。应写成 {{字段名}}，"
                "名称不超过 %(most)d 字，不能有换行、条件和循环。",
                count=len(broken),
                shown=shown,
                most=LONGEST_NAME,
            )
        )
    if not names:
        raise UploadError(_("里面没有占位符。把要填的地方写成 {{字段名}}，例如 {{委托人}}。"))
    if len(names) > MOST_FIELDS:
        raise UploadError(
            _(
                "有 %(count)d 个字段，最多 %(most)d 个，请拆成几份模板。",
                count=len(names),
                most=MOST_FIELDS,
            )
        )


def filled(template: bytes, values: Mapping[str, str]) -> bytes:
    """Return the document; what is not told becomes a line to write on. Raises UploadError."""
    document = word_files.opened(template)
    for place in _places(document):
        for found in reversed(list(FIELD.finditer(place.text))):
            value = plain(values.get(found[1].strip(), "")) or BLANK
            _put(place.nodes, found.start(), found.end(), value)
        for node in place.nodes:
            _break(node)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def plain(value: str) -> str:
    """Return a value without signs that Word cannot hold; its line breaks stay."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(
        sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs")
    )


def _places(document: Any) -> Iterator[Place]:
    """Return the paragraphs of the text, of headers and of footers."""
    for part in document.part.package.iter_parts():
        if PARTS.fullmatch(str(part.partname)):
            for paragraph in part.element.iter(PARAGRAPH):
                nodes = [
                    node
                    for node in paragraph.iter(TEXT)
                    if next(node.iterancestors(PARAGRAPH)) is paragraph
                ]
                yield Place(nodes, "".join(node.text or "" for node in nodes))


def _put(nodes: Sequence[Any], start: int, end: int, value: str) -> None:
    """Put a value where the letters from `start` to `end` stand, into the node where they begin."""
    at = 0
    for node in nodes:
        words = node.text or ""
        first, last = start - at, end - at
        at += len(words)
        if last <= 0 or first >= len(words):
            continue
        node.text = words[: max(0, first)] + (value if first >= 0 else "") + words[last:]
        node.set(SPACE, "preserve")


def _break(node: Any) -> None:
    """Make lines of a node whose value had several."""
    first, *others = (node.text or "").split("\n")
    if not others:
        return
    node.text = first
    for line in reversed(others):
        more = node.makeelement(TEXT, {SPACE: "preserve"})
        more.text = line
        node.addnext(more)
        node.addnext(node.makeelement(f"{WORD}br", {}))
