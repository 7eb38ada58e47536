"""What is read out of a file, what is kept of it, what is refused."""

import hashlib
import struct
import zlib
from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image

from counselhub.core import clock
from counselhub.photos import pictures
from counselhub.photos.pictures import PictureError, read
from tests.photos.cameras import picture

NINE = datetime(2026, 10, 8, 9, 15, 30)
pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize(
    ("offset", "hours"),
    [
        pytest.param("+08:00", 9, id="Shanghai"),
        pytest.param(None, 9, id="no zone is Shanghai"),
        pytest.param("+07:00", 10, id="a camera abroad"),
        pytest.param("nonsense", 9, id="no zone at all"),
    ],
)
def test_the_time_of_the_camera(offset: str | None, hours: int) -> None:
    found = read(picture(NINE, offset=offset))
    assert found.taken_at == datetime(2026, 10, 8, hours, 15, 30, tzinfo=clock.SHANGHAI)


def test_a_picture_without_a_time_has_none() -> None:
    assert read(picture()).taken_at is None


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_nothing_of_the_camera_is_kept(form: str) -> None:
    sent = picture(NINE, form=form)
    found = read(sent)
    assert found.digest == hashlib.sha256(sent).hexdigest()
    for kept in (found.full, found.thumb):
        assert b"SECRET" not in kept
        with Image.open(BytesIO(kept)) as image:
            assert image.format == "JPEG"
            assert not image.getexif()
            assert "comment" not in image.info


def test_it_is_made_smaller_and_stands_upright() -> None:
    found = read(picture(size=(3200, 1600), orientation=6))
    assert (found.width, found.height) == (800, 1600)
    with Image.open(BytesIO(found.thumb)) as thumb:
        assert max(thumb.size) == pictures.THUMB_SIDE


def bomb() -> bytes:
    """A PNG of a few bytes whose head announces 60,000 by 60,000 dots."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        pytest.param(b"", "没有收到照片", id="nothing"),
        pytest.param(b"<svg/>", "不是 JPEG 或 PNG", id="another kind"),
        pytest.param(b"%PDF-1.7" + b"\0" * 99, "不是 JPEG 或 PNG", id="a document"),
        pytest.param(b"\0\0\0\x18ftypheic" + b"\0" * 99, "HEIC", id="HEIC"),
        pytest.param(b"\xff\xd8\xff" + b"\0" * 99, "照片", id="a head alone"),
        pytest.param(picture(size=(640, 480))[:-900], "损坏或不完整", id="cut off"),
        pytest.param(bomb(), "万像素", id="a bomb"),
        pytest.param(b"\xff\xd8" + b"\0" * pictures.LARGEST_BYTES, "12 MB", id="too many bytes"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(sent: bytes, words: str) -> None:
    with pytest.raises(PictureError) as refusal:
        read(sent)
    assert words in refusal.value.message
