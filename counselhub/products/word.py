"""Papers as Word files: the same parts as the PDF, to be worked on further."""

from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from counselhub.products.papers import Block, Facts, Heading, Paper, Table, Words

if TYPE_CHECKING:
    from docx.document import Document

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "宋体"
WIDTH_CM = 17.0
"""The line between the margins of A4."""
TERM_CM = 2.6
HEADING_PT, TITLE_PT, TEXT_PT, CELL_PT = 13, 18, 11, 10


def docx(paper: Paper) -> bytes:
    """Return the paper as .docx."""
    made = _blank(paper)
    _line(made, paper.title, TITLE_PT, is_bold=True, is_centred=True)
    for block in paper.blocks:
        _put(made, block)
    made.add_paragraph()
    for signature in paper.signatures:
        _line(made, signature, TEXT_PT)
    if paper.note:
        _line(made, paper.note, CELL_PT - 1)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def _blank(paper: Paper) -> "Document":
    """Return an empty A4 document in the font of Chinese offices, dated by the paper's day."""
    from docx import Document  # only Word files need it
    from docx.oxml.ns import qn
    from docx.shared import Cm

    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    fonts: Any = made.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    for part in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(part), FONT)
    made.core_properties.author, made.core_properties.title = "", paper.title
    made.core_properties.comments = ""
    made.core_properties.created = made.core_properties.modified = datetime.combine(
        paper.day, time()
    )
    return made


def _put(made: "Document", block: Block) -> None:
    match block:
        case Facts(pairs):
            flat = [value for pair in pairs for value in pair]
            flat += [""] * (-len(flat) % 4)
            rows = [flat[at : at + 4] for at in range(0, len(flat), 4)]
            other = WIDTH_CM / 2 - TERM_CM
            _grid(made, rows, [TERM_CM, other, TERM_CM, other], bold_columns=(0, 2))
        case Heading(text):
            _line(made, text, HEADING_PT, is_bold=True)
        case Words(text):
            for line in text.splitlines():
                _line(made, f"　　{line}", TEXT_PT)
        case Table(columns, widths, rows):
            shares = [WIDTH_CM * width / sum(widths) for width in widths]
            _grid(made, [list(columns), *map(list, rows)], shares, has_head=True)


def _line(
    made: Any, text: str, size: int, *, is_bold: bool = False, is_centred: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = made.add_paragraph()
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.font.size = is_bold, Pt(size)


def _grid(
    made: "Document",
    rows: list[list[str]],
    widths_cm: list[float],
    *,
    has_head: bool = False,
    bold_columns: tuple[int, ...] = (),
) -> None:
    """Put a table with lines; its widths are set at every cell, as Word and WPS both want."""
    from docx.shared import Cm, Pt

    table = made.add_table(rows=len(rows), cols=len(widths_cm), style="Table Grid")
    table.autofit = False
    for place, (row, values) in enumerate(zip(table.rows, rows, strict=True)):
        for column, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            cell.width = Cm(widths_cm[column])
            run = cell.paragraphs[0].add_run(value)
            run.bold = (has_head and place == 0) or column in bold_columns
            run.font.size = Pt(CELL_PT)
    made.add_paragraph()
