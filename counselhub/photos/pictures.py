"""What a camera made: its time read, its place forgotten, a smaller copy kept.

A picture is judged by its content before it is opened: what kind of file it is, how many bytes, how
many dots its head announces. Nothing of what was sent is kept but the digest.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from threading import Lock

from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from counselhub.core import clock
from counselhub.core.errors import RefusedError

LARGEST_BYTES = 12 * 2**20
MOST_DOTS = 50_000_000
"""Width times height: what the best phones take at their finest; unpacked it is 150 MB."""
LONGEST_SIDE, THUMB_SIDE = 1600, 320
QUALITY = 80
READ = ("JPEG", "PNG")
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)
"""What Pillow raises, beside its own, for a file that is not what its head says."""
EXIF, TAKEN, OFFSET = 0x8769, 0x9003, 0x9011
HEIF = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_one_at_a_time = Lock()
"""Unpacked pictures are large: a worker holds one at a time."""


class PictureError(RefusedError):
    """The file is no picture that can be kept; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is kept: JPEG copies without any data of the camera, and what the camera said."""

    digest: str
    """SHA-256 of the file as it was sent, in hex."""
    taken_at: datetime | None
    width: int
    height: int
    full: bytes
    thumb: bytes


def read(sent: bytes) -> Picture:
    """Return the copies of a picture with its time and digest. Raises PictureError."""
    _refuse_unfit(sent)
    with _one_at_a_time, _opened(sent) as image:
        taken_at = taken(image)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.info.clear()  # comments and the like would go along
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        full, (width, height) = _jpeg(upright), upright.size
        upright.thumbnail((THUMB_SIDE, THUMB_SIDE))
        digest = hashlib.sha256(sent).hexdigest()
        return Picture(digest, taken_at, width, height, full, _jpeg(upright))


def _refuse_unfit(sent: bytes) -> None:
    if not sent:
        raise PictureError(_("没有收到照片，请重新拍摄或选择。"))
    if len(sent) > LARGEST_BYTES:
        raise PictureError(too_large())
    if sent[4:8] == b"ftyp" and sent[8:12] in HEIF:
        raise PictureError(
            _(
                "这是 HEIC 格式的照片，没有保存。请在手机“设置 - 相机 - 格式”里"
                "选“兼容性最佳”后重拍。"
            )
        )


def too_large() -> str:
    """Return the sentence for more bytes than are taken."""
    return str(
        _("照片超过 %(limit)d MB，请把相机的分辨率调低后再拍。", limit=LARGEST_BYTES // 2**20)
    )


@contextmanager
def _opened(sent: bytes) -> Iterator[Image.Image]:
    try:
        with Image.open(BytesIO(sent), formats=READ) as image:
            if image.width * image.height > MOST_DOTS:
                raise PictureError(_too_many())
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise PictureError(_too_many()) from bomb
    except UnidentifiedImageError as other:
        raise PictureError(_("这不是 JPEG 或 PNG 照片，请用手机相机重新拍摄。")) from other
    except BROKEN as broken:
        raise PictureError(_("照片已损坏或不完整，请重新拍摄。")) from broken


def _too_many() -> str:
    return str(
        _("照片超过 %(limit)d 万像素，请把相机的分辨率调低后再拍。", limit=MOST_DOTS // 10_000)
    )


def taken(image: Image.Image) -> datetime | None:
    """Return when the camera took it, None when it does not say; without a zone it is Shanghai."""
    try:
        given = image.getexif().get_ifd(EXIF)
        at = datetime.strptime(str(given[TAKEN]).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # its zone follows
    except BROKEN:
        return None
    try:
        return at.replace(tzinfo=datetime.strptime(str(given[OFFSET]).strip("\0 "), "%z").tzinfo)
    except BROKEN:
        return at.replace(tzinfo=clock.SHANGHAI)


def _jpeg(image: Image.Image) -> bytes:
    target = BytesIO()
    image.save(target, "JPEG", quality=QUALITY, optimize=True)
    return target.getvalue()
