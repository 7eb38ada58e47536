"""Word files that somebody sends: opened within limits, their letters read in the order of reading.

What somebody struck out while changes were tracked is left out, what he put in belongs to the
text: a contract on its way between two parties is full of both.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from flask_babel import gettext as _

from counselhub.core import uploads
from counselhub.core.uploads import UploadError

LARGEST_XML = 24 * 2**20
"""All parts that are read as XML, unpacked."""
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TEXT = f"{WORD}p", f"{WORD}t"
SIGNS = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n"}
LEFT_OUT = (
    f"{WORD}del",
    f"{WORD}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
"""What was struck out, what was moved away, and what only old programs are shown."""


def opened(sent: bytes) -> Any:
    """Return a .docx as python-docx opens it. Raises UploadError."""
    uploads.judge_document(sent)
    from docx import Document  # only Word files need it
    from docx.exceptions import PythonDocxError
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        with ZipFile(BytesIO(sent)) as archive:
            parts = archive.infolist()
        if sum(one.file_size for one in parts if one.filename.endswith("l")) > LARGEST_XML:
            raise UploadError(_("文件里的文字和格式太多，请拆分后再传。"))
        return Document(BytesIO(sent))
    except (LxmlError, PythonDocxError, OpcError, BadZipFile, KeyError, ValueError, OSError) as bad:
        raise UploadError(_("这个文件打不开，请在 Word 中另存为 .docx 后再传。")) from bad


def letters(sent: bytes) -> str:
    """Return the text of a .docx, one paragraph a line. Raises UploadError."""
    return "\n".join("".join(words) for words in _paragraphs(opened(sent).element.body))


def _paragraphs(body: Any) -> Iterator[list[str]]:
    """Return what each paragraph says; one in a text box stands where the box begins."""
    found: dict[Any, list[str]] = {}
    for part in body.iter(PARAGRAPH, TEXT, *SIGNS):
        if part.tag == PARAGRAPH:
            found[part] = []
        elif next(part.iterancestors(*LEFT_OUT), None) is None:
            own = next(part.iterancestors(PARAGRAPH), None)
            if own is not None:
                found[own].append(part.text or "" if part.tag == TEXT else SIGNS[part.tag])
    yield from found.values()
