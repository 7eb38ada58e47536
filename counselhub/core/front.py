"""The way in: whom the proxies name, under which host we are asked, what a cookie may travel on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, current_app, request
from flask.sessions import SecureCookieSessionInterface
from flask_babel import gettext as _
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wrappers import Response

from counselhub.core import security_headers
from counselhub.core.config import LOOPBACK, Settings
from counselhub.core.errors import RefusedError
from counselhub.core.wsgi import put_around

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WRONG_HOST = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>CounselHub</title></head><body>
<p>本服务不使用这个网址。请核对网址，或请管理员在 COUNSELHUB_HOSTS 中写上它。</p>
<p lang="en">This service does not answer to this address. Check it, or ask the administrator
to add it to COUNSELHUB_HOSTS.</p>
</body></html>
"""
"""Before anybody's language is known."""
USUAL_PORTS = ("80", "443")
FORM_BYTES = 500_000
"""All that was typed into one form; files come in parts, which the size of an upload bounds."""
FORM_PARTS = 1_000


def init_app(app: Flask, settings: Settings) -> None:
    """Stand before everything that the application answers; call it last.

    The forwarded headers of as many proxies are believed as the settings name, none by default.
    """
    app.config.update(MAX_FORM_MEMORY_SIZE=FORM_BYTES, MAX_FORM_PARTS=FORM_PARTS)
    app.before_request(narrow)
    app.session_interface = SafeCookies()
    put_around(app, lambda inner: OwnHosts(inner, settings.hosts))
    security_headers.init_app(app)
    if many := settings.proxies:
        put_around(app, lambda inner: ProxyFix(inner, x_for=many, x_proto=many, x_host=many))


def narrow() -> None:
    """Take less from what is no upload: werkzeug bounds only forms that come in parts.

    A view that takes more than a form holds says so as `most_bytes`.
    """
    if request.mimetype != "multipart/form-data":
        view = current_app.view_functions.get(request.endpoint or "")
        most = getattr(view, "most_bytes", FORM_BYTES)
        request.max_content_length = min(most, current_app.config["MAX_CONTENT_LENGTH"] or most)


def refuse_unstorable() -> None:
    """Refuse a null character wherever one was put; no database keeps it. Raises RefusedError."""
    given = [request.path, *request.form, *request.args]
    for pairs in (request.form, request.args):
        given += [value for values in pairs.listvalues() for value in values]
    if any("\0" in text for text in given):
        raise RefusedError(_("内容里有无法保存的空字符，没有保存。请删去后重试。"))


class SafeCookies(SecureCookieSessionInterface):
    """Flask's signed cookie; one that was set over https never travels without it."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Follow the setting, and the request where that is safer."""
        return bool(super().get_cookie_secure(app)) or request.is_secure


class OwnHosts:
    """Refuses a host that is not ours: a link made for it would lead to somebody else."""

    def __init__(self, application: WSGIApplication, hosts: tuple[str, ...]) -> None:
        """hosts: names, with a port where it is not the usual one."""
        self.application = application
        self.hosts = hosts

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, or 400."""
        name: str = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
        if is_own(name.lower(), self.hosts):
            return self.application(environ, start)
        refusal = Response(WRONG_HOST, 400, {"Cache-Control": "no-store"}, mimetype="text/html")
        return refusal(environ, start)


def is_own(host: str, hosts: tuple[str, ...]) -> bool:
    """Say whether `host` (name, with or without port, in small letters) is one of `hosts`.

    A port counts when it is written there, or is the usual one; on the own machine any does.
    """
    if not host_is_trusted(host):  # of letters that a host may have
        return False
    name, port = (host, "") if host.endswith("]") else _parted(host)
    fits = not port or port in USUAL_PORTS or name in LOOPBACK
    below = (one for one in hosts if one.startswith("."))
    return host in hosts or (
        fits and (name in hosts or any(f".{name}".endswith(one) for one in below))
    )


def _parted(host: str) -> tuple[str, str]:
    name, colon, port = host.rpartition(":")
    return (name, port) if colon else (host, "")
