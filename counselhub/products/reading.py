"""The text of what is pasted or sent as .docx or .txt: paragraphs, and nothing else of the file."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from flask_babel import gettext as _

from counselhub.core import uploads
from counselhub.core.downloads import safe_name
from counselhub.core.uploads import UploadError
from counselhub.products import word_files
from counselhub.products.kinds import TextSource

LARGEST_BYTES = 8 * 2**20
MOST_LETTERS = 100_000
MOST_PARAGRAPHS = 3_000
BREAK = re.compile(r"\r\n|[\r\n\v\f\u0085\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Sent:
    """A text as it came. digest: SHA-256 of the bytes of the file, or of what was pasted."""

    paragraphs: tuple[str, ...]
    source: TextSource
    name: str
    digest: str

    @property
    def content(self) -> str:
        """The text as it is kept: one paragraph a line."""
        return "\n".join(self.paragraphs)


def pasted(words: str) -> Sent:
    """Return what was pasted. Raises UploadError for an empty text or one that is too long."""
    digest = hashlib.sha256(words.encode()).hexdigest()
    return Sent(paragraphs_of(words), TextSource.PASTED, "", digest)


def read(name: str, sent: bytes) -> Sent:
    """Return the text of a file. Raises UploadError naming what is wrong with it."""
    if not sent:
        raise UploadError(_("没有收到文件，或文件是空的。"))
    if len(sent) > LARGEST_BYTES:
        raise UploadError(too_large())
    digest = hashlib.sha256(sent).hexdigest()
    if sent.startswith((uploads.ZIP, uploads.OLE)):
        return Sent(
            paragraphs_of(word_files.letters(sent)), TextSource.DOCX, safe_name(name), digest
        )
    text = uploads.text_of(sent)
    if text is None:
        raise UploadError(_("只收 Word（.docx）和纯文本（.txt），请另存为其中一种后再传。"))
    return Sent(paragraphs_of(text), TextSource.TXT, safe_name(name), digest)


def too_large() -> str:
    """Return the sentence for more bytes than are taken."""
    return str(_("文件超过 %(limit)d MB，请拆分后再传。", limit=LARGEST_BYTES // 2**20))


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text that say something, without signs that nobody sees.

    Raises UploadError for none at all and for more than a page can show.
    """
    lines = (_plain(line) for line in BREAK.split(text))
    paragraphs = tuple(line for line in lines if line)
    if not paragraphs:
        raise UploadError(_("里面没有文字。扫描件、图片要先识别成文字，再粘贴或上传。"))
    letters = sum(map(len, paragraphs))
    if letters > MOST_LETTERS or len(paragraphs) > MOST_PARAGRAPHS:
        raise UploadError(
            _(
                "全文 %(letters)d 字、%(paragraphs)d 段，超过上限（%(most)d 字、%(many)d 段），"
                "请分成几份审改。",
                letters=letters,
                paragraphs=len(paragraphs),
                most=MOST_LETTERS,
                many=MOST_PARAGRAPHS,
            )
        )
    return paragraphs


def _plain(line: str) -> str:
    composed = unicodedata.normalize("NFC", line).replace("\t", " ").replace("\xa0", " ")
    seen = (sign for sign in composed if unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    return "".join(seen).strip()
