"""Read every answer before it leaves: another firm's honey in it is withheld and raises the alarm.

This sees what the session cannot, raw SQL and exports, because it looks at what would be shown.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

from flask import Flask, Response, current_app

from counselhub.core import errors, foreign, markers
from counselhub.core.tenancy import Scope, ScopeKind, current_scope
from counselhub.honey import queries

ZIPPED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OVERLAP = 64
"""More bytes than a marker has: one that two pieces of a stream share is still found."""


def init_app(app: Flask) -> None:
    """Look at answers. Call it last: what is registered last sees the answer first, unpacked."""
    app.after_request(withhold)


def withhold(response: Response) -> Response:
    """Return `response`, or 404 in its place when it holds honey of another scope."""
    if response.mimetype == ZIPPED:
        response.direct_passthrough = False
        found = _in_workbook(response.get_data())
    elif response.is_streamed:
        if not response.direct_passthrough:
            _watch(response)
        return response
    else:
        found = markers.found_in(response.get_data())
    if not found or not _alarm(found, current_scope()):
        return response
    return current_app.make_response(errors.answer(404, str(errors.WORDS[404])))


def _alarm(found: set[str], scope: Scope | None) -> bool:
    """Raise the alarm for each marker of another firm; say whether there was one."""
    strange = [
        (marker, firm_id)
        for marker, firm_id in queries.owners(found).items()
        if scope != Scope(ScopeKind.FIRM, str(firm_id))
    ]
    for marker, firm_id in strange:
        foreign.raise_alarm(firm_id, scope, marker)
    return bool(strange)


def _in_workbook(data: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {m for name in book.namelist() for m in markers.found_in(book.read(name))}


def _watch(response: Response) -> None:
    """Put ourselves between a stream and its reader; close what makes it when the reader leaves."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy's
    if close := getattr(response.response, "close", None):
        response.call_on_close(close)
    response.response = _watched(response.iter_encoded(), current_scope(), app)


def _watched(pieces: Iterable[bytes], scope: Scope | None, app: Flask) -> Iterator[bytes]:
    """Pass a stream on, and cut it off before the piece that completes a marker."""
    tail = b""
    for piece in pieces:
        if found := markers.found_in(tail + piece):
            with app.app_context():
                if _alarm(found, scope):
                    return
        tail = (tail + piece)[-OVERLAP:]
        yield piece
