"""Photos from a phone, written anew: upright, smaller, without place, time and model."""

from dataclasses import dataclass
from io import BytesIO

from flask_babel import gettext as _

from counselhub.core.uploads import UploadError

LARGEST_BYTES = 15 * 2**20
LARGEST_PIXELS = 60_000_000
EDGE = 1600
"""The longer side of what is kept, in pixels."""
QUALITY = 80
MIMETYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of ours."""

    content: bytes
    width: int
    height: int


def rewritten(data: bytes) -> Picture:
    """Return the photo as a JPEG of at most EDGE pixels a side.

    Nothing of the file is kept but what it shows. Raises UploadError for what is no photo, or is
    too large.
    """
    from PIL import Image, ImageOps  # a tenth of a second that only photos need

    if len(data) > LARGEST_BYTES:
        raise UploadError(
            _("照片超过%(limit)d MB，请用较低的画质重拍。", limit=LARGEST_BYTES // 2**20)
        )
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > LARGEST_PIXELS:
                raise UploadError(_("照片的尺寸太大，请用较低的画质重拍。"))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            upright.thumbnail((EDGE, EDGE))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UploadError(_("这个文件不是照片，或者已损坏。请用手机重新拍一张。")) from error
    file = BytesIO()
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    clean.save(file, "JPEG", quality=QUALITY, optimize=True)
    return Picture(file.getvalue(), *clean.size)
