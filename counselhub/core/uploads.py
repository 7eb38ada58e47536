"""What people send us: judged by its content, kept by its digest, never where the web server looks.

An upload is looked at before it is kept: its first bytes, a real opening, and limits on parts,
size and packing. It lies in the data folder, a folder for each tenant, named by its SHA-256 digest,
which is checked again at every reading. Nothing is ever sent back but by `downloads.attachment`.
"""

import hashlib
import os
import re
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import BadZipFile, ZipFile, ZipInfo

from flask_babel import gettext as _

from counselhub.core import clock, config
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError

LARGEST_BYTES = 150 * 2**20
"""Unpacked, all parts together; 50,000 rows take a fifth of it."""
LARGEST_RATIO = 200
SMALL_BYTES = 5 * 2**20
"""Below this nobody asks how well a part was packed."""
MOST_PARTS = 2_000
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"
TYPES, BOOK, LETTER = "[Content_Types].xml", "xl/workbook.xml", "word/document.xml"
LARGEST_TYPES = 2**20
ENCRYPTED = 1
MACROS = re.compile(r"vbaProject|macrosheets|activeX|\.bin$", re.IGNORECASE)
PRINTERS = re.compile(r"xl/printerSettings/[^/]+\.bin")
KEPT = timedelta(days=30)
"""An upload holds private data: it goes when a month has passed and somebody uploads again."""


class UploadError(RefusedError):
    """The file is not what it says, or means harm; the sentence says what to do."""


def judge_workbook(data: bytes) -> None:
    """Look an .xlsx over before anything is done with it. Raises UploadError."""
    if data.startswith(OLE):
        raise UploadError(
            _("文件设有打开密码，或者是旧版 .xls。请取消密码并另存为 .xlsx 后再导入。")
        )
    _judge_parts(data, BOOK)


def judge_document(data: bytes) -> None:
    """Look a .docx over before it is kept. Raises UploadError."""
    try:
        _judge_parts(data, LETTER)
    except UploadError as refusal:
        raise UploadError(
            _(
                "这个文件打不开：不是 .docx，或已损坏、设有密码、含有宏。"
                "请在 Word 中另存为不含宏的 .docx 后再传。"
            )
        ) from refusal


def _judge_parts(data: bytes, needed: str) -> None:
    with _opened(data) as archive:
        parts = archive.infolist()
        _refuse_odd_parts(parts)
        _refuse_bomb(sum(one.file_size for one in parts), sum(one.compress_size for one in parts))
        names = {part.filename for part in parts}
        if needed not in names or TYPES not in names:
            raise UploadError(_no_workbook())
        types = archive.getinfo(TYPES)
        if types.file_size > LARGEST_TYPES or b"macroenabled" in _read(archive, types).lower():
            raise UploadError(_macros())


def unpacked(data: bytes, needed: re.Pattern[str]) -> dict[str, bytes]:
    """Return the parts of a workbook whose names are `needed`. Raises UploadError."""
    judge_workbook(data)
    with _opened(data) as archive:
        parts = [info for info in archive.infolist() if needed.fullmatch(info.filename)]
        return {info.filename: _read(archive, info) for info in parts}


def text_of(data: bytes) -> str | None:
    """Return a text file's content (UTF-8 with or without BOM, or GB18030), None for another."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text or data.startswith((ZIP, OLE, b"%PDF-")) else text
    return None


def _opened(data: bytes) -> ZipFile:
    try:  # zipfile raises NotImplementedError for packing that it does not know
        return ZipFile(BytesIO(data))
    except (BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise UploadError(damaged() if data.startswith(b"PK") else _no_workbook()) from error


def _refuse_odd_parts(parts: list[ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > MOST_PARTS or len(set(names)) < len(names):
        raise UploadError(damaged())
    if any(".." in name.split("/") or name.startswith(("/", "\\")) for name in names):
        raise UploadError(damaged())
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise UploadError(_("文件设有密码，请取消密码后再导入。"))
    if any(MACROS.search(name) and not PRINTERS.fullmatch(name) for name in names):
        raise UploadError(_macros())


def _refuse_bomb(size: int, packed: int) -> None:
    too_dense = size > SMALL_BYTES and size > LARGEST_RATIO * max(1, packed)
    if size > LARGEST_BYTES or too_dense:
        raise UploadError(
            _(
                "文件展开后有 %(size)d MB，超出上限（%(limit)d MB），不予打开。请拆分后再导入。",
                size=size // 2**20,
                limit=LARGEST_BYTES // 2**20,
            )
        )


def _read(archive: ZipFile, part: ZipInfo) -> bytes:
    """Unpack one part: never more of it than its entry says, which was judged before."""
    try:  # zipfile raises NotImplementedError for packing that it does not know
        return archive.read(part)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise UploadError(damaged()) from error


def damaged() -> str:
    """Return the sentence for a file that cannot be read to its end."""
    return str(_("文件已损坏或不完整，请重新保存或重新下载后再导入。"))


def _no_workbook() -> str:
    return str(_("这不是 Excel 工作簿（.xlsx）。请在 Excel 中另存为 .xlsx 后再导入。"))


def _macros() -> str:
    return str(_("文件含有宏或控件，不予接收。请在 Excel 中另存为不含宏的 .xlsx 后再导入。"))


def keep(tenant_id: UUID, data: bytes, ending: str) -> str:
    """Keep a judged upload and return its digest; the tenant's that are too old go."""
    kept = folder(tenant_id)
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    limit = (clock.now() - KEPT).timestamp()
    for old in kept.iterdir():
        if old.stat().st_mtime < limit:
            old.unlink(missing_ok=True)
    digest = hashlib.sha256(data).hexdigest()
    write(path_of(tenant_id, digest, ending), data)
    return digest


def read(tenant_id: UUID, digest: str, ending: str) -> bytes:
    """Return the very bytes that were kept. Raises ConflictError when they are not those any more.

    Raises NotFoundError for what is no digest.
    """
    path = path_of(tenant_id, digest, ending)
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise ConflictError(_("保存的文件已经变动或清除，请重新上传试读。"))
    return data


def path_of(tenant_id: UUID, digest: str, ending: str) -> Path:
    """Return where something is kept under a digest. Raises NotFoundError for what is none."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise NotFoundError()
    return folder(tenant_id) / f"{digest}{ending}"


def folder(tenant_id: UUID) -> Path:
    """Return a tenant's folder; no page and no static file lies there."""
    return config.from_environment().data_dir / "uploads" / str(tenant_id)


def write(path: Path, data: bytes) -> None:
    """Write beside and move: nobody ever reads half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{clock.now().timestamp()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    draft.replace(path)
