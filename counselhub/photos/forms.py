"""The file of a request."""

from flask import request

from counselhub.photos import pictures

ROOM_FOR_A_FORM = 64 * 2**10
"""Bytes of a request beside its picture."""


def sent() -> bytes:
    """Return the photo of the request, b"" for none.

    Raises PictureError for one that is far too large, before it is read.
    """
    if (request.content_length or 0) > pictures.LARGEST_BYTES + ROOM_FOR_A_FORM:
        raise pictures.PictureError(pictures.too_large())
    given = request.files.get("photo")
    return given.read(pictures.LARGEST_BYTES + 1) if given else b""
