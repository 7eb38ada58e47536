"""The headers every answer carries. Strict: pages hold no inline script and no inline style.

They are set around the whole application, so that static files, downloads and refusals before Flask
carry them too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

from flask import Flask, Response, request

from counselhub.core.wsgi import put_around

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
PERMISSIONS = ", ".join(
    (
        "camera=(self)",
        "geolocation=(self)",
        "microphone=()",
        "payment=()",
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
        "usb=()",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR = 31_536_000


class WithHeaders:
    """Adds the headers to every answer; one that the answer has already is left alone."""

    def __init__(self, application: WSGIApplication) -> None:
        """Wrap what answers."""
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""

        def with_headers(
            status: str, given: list[tuple[str, str]], error: Any = None
        ) -> Any:  # what a server gives to write with
            headers = Headers(given)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if environ["wsgi.url_scheme"] == "https":
                headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
            return start(status, given, error) if error else start(status, given)

        return self.application(environ, with_headers)


def init_app(app: Flask) -> None:
    """Add the headers to what the application answers so far; call it after the static files."""
    put_around(app, WithHeaders)
    app.after_request(keep_nowhere)


def keep_nowhere(response: Response) -> Response:
    """Let no cache keep what was made for one reader, files included."""
    if request.endpoint != "static" and not response.cache_control.no_store:
        response.headers["Cache-Control"] = "no-store"
    return response
