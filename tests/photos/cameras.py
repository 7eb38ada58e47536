"""Pictures as phones take them, made here."""

from datetime import datetime
from io import BytesIO

from PIL import Image

EXIF, TAKEN, OFFSET, GPS = 0x8769, 0x9003, 0x9011, 0x8825


def picture(
    taken_at: datetime | None = None,
    *,
    offset: str | None = "+08:00",
    size: tuple[int, int] = (64, 48),
    colour: str = "#336699",
    form: str = "JPEG",
    orientation: int | None = None,
) -> bytes:
    """Return a file of one colour with a place, a comment and, when given, a time of its own."""
    image, exif = Image.new("RGB", size, colour), Image.Exif()
    if taken_at:
        inside = exif.get_ifd(EXIF)
        inside[TAKEN] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
        if offset:
            inside[OFFSET] = offset
    if orientation:
        exif[0x0112] = orientation
    exif.get_ifd(GPS)[1] = "N"
    exif[0x010F] = "SECRET-CAMERA"
    target = BytesIO()
    more = {"comment": b"SECRET-COMMENT"} if form == "JPEG" else {}
    image.save(target, form, exif=exif, **more)
    return target.getvalue()
