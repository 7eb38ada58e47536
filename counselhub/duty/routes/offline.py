"""What makes the duty page open without a signal: its worker, the page it keeps, the manifest."""

import hashlib
import json
from pathlib import Path

from flask import Response, current_app, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import public
from counselhub.core.assets import Assets
from counselhub.duty.routes.blueprint import bp

FILES = (
    "vendor/tabler.min.css",
    "app.css",
    "vendor/htmx.min.js",
    "app.js",
    "duty-evidence.js",
    "duty.js",
    "photos.js",
    "favicon.svg",
    "icons.svg",
)
ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
MASKABLE = ("icon-maskable.png", "512x512", "maskable")


@bp.get("/duty/worker.js")
@public
def worker() -> ResponseReturnValue:
    """Give the service worker, which knows the files of this release; a new one replaces it."""
    assets: Assets = current_app.extensions["assets"]
    text = Path(assets.folder, "duty-worker.js").read_text()
    page, shell = url_for(".today"), url_for(".offline")
    files = [assets.address(name) for name in FILES]
    named = {"PAGE": page, "SHELL": shell, "FILES": files}
    version = hashlib.sha256(json.dumps([named, text]).encode()).hexdigest()[:12]
    head = "".join(
        f"const {name} = {json.dumps(value)};\n"
        for name, value in ({"VERSION": version} | named).items()
    )
    answer = Response(head + text, mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = page
    return answer


@bp.get("/duty/offline")
@public
def offline() -> ResponseReturnValue:
    """Show the page that the phone keeps; it knows nobody."""
    return htmx.show("duty/offline.html")


@bp.get("/duty/app.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Name the application for a phone that installs it."""
    assets: Assets = current_app.extensions["assets"]
    answer = jsonify(
        id=url_for(".today"),
        name=_("CounselHub 值班"),
        short_name=_("值班"),
        lang="zh-CN",
        start_url=url_for(".today"),
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color="#163d73",
        icons=[
            {"src": assets.address(name), "sizes": size, "type": "image/png", "purpose": purpose}
            for name, size, purpose in (*ICONS, MASKABLE)
        ],
    )
    answer.mimetype = "application/manifest+json"
    return answer
