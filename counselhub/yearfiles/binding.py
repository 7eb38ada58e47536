"""Bind the parts of a year's file into one PDF: cover, contents, numbered sections, page feet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter

from counselhub.core.typesetting import typeset

HERE = Path(__file__).parent
COVER, FOOTER = HERE / "cover.typ", HERE / "footer.typ"


@dataclass(slots=True)
class Binder:
    """The parts so far. facts: what the cover tells; part files lie in `folder` until bound."""

    title: str
    facts: Sequence[tuple[str, str]]
    folder: Path
    made_at: datetime
    parts: list[tuple[str, Path, int]] = field(default_factory=list)
    """Title, file and pages of each; a part without a title goes on the one before."""

    def add(self, title: str, content: bytes) -> None:
        """Put one PDF behind the others."""
        path = self.folder / f"part-{len(self.parts)}.pdf"
        path.write_bytes(content)
        self.parts.append((title, path, len(PdfReader(BytesIO(content)).pages)))

    def bind(self, target: Path) -> int:
        """Write the whole and return its pages."""
        cover = self._cover(0)
        before = len(PdfReader(BytesIO(cover)).pages)
        writer = PdfWriter()
        writer.append(BytesIO(self._cover(before)), import_outline=False)
        for title, path, _pages in self.parts:
            first = len(writer.pages)
            writer.append(path, import_outline=False)
            if title:
                writer.add_outline_item(title, first)
        self._foot(writer)
        writer.add_metadata({"/Title": self.title})
        with target.open("wb") as file:
            writer.write(file)
        return len(writer.pages)

    def _cover(self, before: int) -> bytes:
        """Set cover and contents; the contents' own pages do not depend on the numbers in it."""
        contents: list[list[str]] = []
        page = before + 1
        for title, _path, pages in self.parts:
            if title:
                contents.append([str(len(contents) + 1), title, str(page)])
            page += pages
        data = {"title": self.title, "facts": self.facts, "contents": contents}
        return typeset(COVER, data, self.made_at)

    def _foot(self, writer: PdfWriter) -> None:
        sizes = [_size(page) for page in writer.pages]
        feet = typeset(FOOTER, {"title": self.title, "pages": sizes}, self.made_at)
        for page, foot in zip(writer.pages, PdfReader(BytesIO(feet)).pages, strict=True):
            page.merge_page(foot)


def _size(page: Any) -> list[float]:
    return [float(page.mediabox.width), float(page.mediabox.height)]
