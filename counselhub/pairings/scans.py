"""The scan of a signed agreement: judged by its content, kept as it was sent."""

import hashlib
from dataclasses import dataclass

from flask_babel import gettext as _

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.downloads import safe_name
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.pairings import queries
from counselhub.pairings.kinds import OPEN, PairingStatus
from counselhub.pairings.models import Pairing, PairingScan
from counselhub.photos import pictures

LARGEST_BYTES = 15 * 2**20
MOST = 10
"""Files of one agreement."""
TAIL_BYTES = 2048
HARMFUL = (b"/JavaScript", b"/Launch", b"/EmbeddedFile")
"""What no scan of a paper holds."""
PNG = b"\x89PNG"
MIMETYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as it came."""

    name: str
    data: bytes


def ending_of(data: bytes) -> str:
    """Return "pdf", "jpg" or "png". Raises RefusedError for anything else, or what means harm."""
    if not data:
        raise RefusedError(_("文件是空的，请重新选择。"))
    if len(data) > LARGEST_BYTES:
        raise RefusedError(_("文件超过 %(limit)d MB，请压缩后再传。", limit=LARGEST_BYTES // 2**20))
    if not data.startswith(b"%PDF-"):
        pictures.read(data)
        return "png" if data.startswith(PNG) else "jpg"
    if b"%%EOF" not in data[-TAIL_BYTES:]:
        raise RefusedError(_("PDF 已损坏或不完整，请重新扫描或重新保存。"))
    if any(word in data for word in HARMFUL):
        raise RefusedError(_("PDF 里含有脚本或附件，不予接收。请打印成新的 PDF 或拍照后再传。"))
    return "pdf"


def add(pairing: Pairing, sent: Sent, *, by: Member) -> PairingScan:
    """Keep a file with an agreement; the very same one again is the one that is there.

    Raises RefusedError for what is no scan or one too many, IllegalMoveError on an ended agreement.
    """
    if pairing.status not in OPEN:
        raise IllegalMoveError(_("协议已经结束，签署件不能再改动。"), row=pairing)
    ending = ending_of(sent.data)
    digest = hashlib.sha256(sent.data).hexdigest()
    there = queries.scans_of(pairing.id)
    if same := next((one for one in there if one.digest == digest), None):
        return same
    if len(there) >= MOST:
        raise RefusedError(_("一份协议最多 %(most)d 个签署件，请合并成一个 PDF。", most=MOST))
    scan = PairingScan(
        pairing_id=pairing.id,
        digest=digest,
        name=safe_name(sent.name),
        ending=ending,
        size=len(sent.data),
        added_at=clock.now(),
        added_by_name=by.name,
        content=sent.data,
    )
    db.session.add(scan)
    db.session.flush()
    history.record(pairing, "add_scan", by=by, sha256=digest, name=scan.name)
    return scan


def remove(scan: PairingScan, pairing: Pairing, *, by: Member) -> None:
    """Take a file away; the act keeps its digest.

    Raises IllegalMoveError on an ended agreement, RefusedError for the last of a signed one.
    """
    if pairing.status not in OPEN:
        raise IllegalMoveError(_("协议已经结束，签署件不能再改动。"), row=pairing)
    is_last = len(queries.scans_of(pairing.id)) == 1
    if is_last and pairing.status != PairingStatus.DRAFT:
        raise RefusedError(_("已签订的协议至少留一个签署件，请先上传新的再删除这个。"))
    db.session.delete(scan)
    history.record(pairing, "remove_scan", by=by, sha256=scan.digest, name=scan.name)


def content_of(scan: PairingScan) -> bytes:
    """Return the very bytes that were sent. Raises ConflictError when they are not those."""
    if hashlib.sha256(scan.content).hexdigest() != scan.digest:
        raise ConflictError(_("保存的文件与上传时的摘要不符，请联系平台运维。"))
    return scan.content
