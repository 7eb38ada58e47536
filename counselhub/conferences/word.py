"""Minutes as a Word document, built paragraph by paragraph: what people typed is never markup."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell

BODY, HEADING = "宋体", "黑体"
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold."""


def written(data: Mapping[str, Any], made_at: datetime) -> Doc:
    """Return the minutes; data: as `document.data_of` gives it."""
    doc = Document()
    _page(doc, made_at)
    _line(doc, data["title"], size=20, is_head=True, is_centred=True)
    _line(doc, data["firm"], size=12, is_centred=True)
    _table(doc, data["facts"], widths=(3.2, 13.2))
    _section(doc, "一、议程", _numbered(data["agenda"]))
    _section(doc, "二、争议焦点", _numbered(data["disputes"]))
    _head(doc, "三、各律师意见")
    _table(doc, data["opinions"] or [["无", ""]], widths=(3.2, 13.2))
    _section(doc, "四、意见汇总", [data["summary"]])
    _section(doc, "五、结论", [data["conclusion"]])
    _head(doc, "六、后续任务")
    _table(doc, [["任务", "责任人", "期限"], *data["tasks"]], widths=(9.6, 3.2, 3.6))
    if data["absent"]:
        _section(doc, "未到会", data["absent"])
    _signatures(doc, data)
    return doc


def _page(doc: Doc, made_at: datetime) -> None:
    page = doc.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.3)
    page.top_margin = page.bottom_margin = Cm(2.2)
    plain = doc.styles["Normal"]
    plain.font.size = Pt(11)
    _face(plain, BODY)
    known = doc.core_properties
    known.author, known.title, known.comments = "CounselHub", "会商纪要", ""
    known.created = known.modified = made_at.replace(tzinfo=None)


def _face(what: Any, face: str) -> None:
    """Set a style or a run in `face`, Chinese letters too: Word keeps a font apart for them."""
    what.font.name = face
    what.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _line(
    doc: Doc | _Cell, text: str, *, size: int = 11, is_head: bool = False, is_centred: bool = False
) -> None:
    line = doc.add_paragraph()
    line.paragraph_format.space_after = Pt(3)
    run = line.add_run(UNPRINTABLE.sub("", text))
    run.font.size, run.bold = Pt(size), is_head
    if is_head:
        _face(run, HEADING)
    if is_centred:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _head(doc: Doc, text: str) -> None:
    _line(doc, text, size=12, is_head=True)
    doc.paragraphs[-1].paragraph_format.keep_with_next = True
    doc.paragraphs[-1].paragraph_format.space_before = Pt(9)


def _section(doc: Doc, head: str, texts: Sequence[str]) -> None:
    _head(doc, head)
    for text in texts or ["无"]:
        for part in text.splitlines() or [""]:
            _line(doc, part)


def _numbered(texts: Sequence[str]) -> list[str]:
    return [f"{place}. {text}" for place, text in enumerate(texts, start=1)]


def _table(doc: Doc, rows: Sequence[Sequence[str]], *, widths: Sequence[float]) -> None:
    table = doc.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for row in rows:
        for cell, text, width in zip(table.add_row().cells, row, widths, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].add_run(UNPRINTABLE.sub("", text))


def _signatures(doc: Doc, data: Mapping[str, Any]) -> None:
    _head(doc, "签名")
    _line(doc, f"主持人（{data['chair']}）：______________　　　　　　　年　　月　　日")
    for name in data["signers"]:
        _line(doc, f"参加律师（{name}）：______________")
    _line(doc, f"{data['issued']}　{data['digest']}", size=9)
