"""Stylesheet, script and icons: addresses that carry a digest, so browsers keep them for good.

Outside debug WhiteNoise serves `/static/app.<digest>.css` with a .br or .gz copy made at the
first start. A new release has new addresses, so nobody ever sees an old stylesheet.
In debug Flask serves the plain files and a changed file shows at once.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from wsgiref.headers import Headers

import brotli
from flask import Flask
from flask_compress import Compress
from whitenoise import WhiteNoise

from counselhub.core.wsgi import put_around

COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".txt", ".webmanifest", ".ico"}
COPIES = {".br", ".gz"}
SHORT_SECONDS = 3600

log = logging.getLogger(__name__)


class Assets:
    """The files below the static folder, by name, with their digests."""

    def __init__(self, folder: Path, prefix: str, *, live: bool) -> None:
        """live: the files may change while we run; look again at every call."""
        self.folder = folder
        self.prefix = prefix
        self.live = live
        self.digests = {} if live else {name: digest(folder / name) for name in names(folder)}
        self.addresses = {
            name: f"{prefix}/{with_digest(name, stamp)}" for name, stamp in self.digests.items()
        }

    def address(self, name: str) -> str:
        """Return the address of `name`, for ever good. Raises FileNotFoundError for a wrong one."""
        if self.live:
            return f"{self.prefix}/{name}?v={digest(self.folder / name)}"
        if name not in self.addresses:
            raise FileNotFoundError(name)
        return self.addresses[name]


def init_app(app: Flask) -> None:
    """Give templates `asset(name)`, serve static files and compress pages."""
    if app.static_folder is None:
        raise ValueError("the app has no static folder")
    folder, prefix = Path(app.static_folder), app.static_url_path or "/static"
    assets = Assets(folder, prefix, live=app.debug)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.address
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 4)
    Compress(app)
    if not app.debug:
        precompress(folder)
        put_around(app, lambda inner: serve(assets, inner))


def serve(assets: Assets, application: object) -> WhiteNoise:
    """Wrap a WSGI application so that static files are answered before it."""
    stamped = {
        f"{assets.prefix}/{with_digest(name, stamp)}": assets.folder / name
        for name, stamp in assets.digests.items()
    }
    server = WhiteNoise(
        application,
        max_age=SHORT_SECONDS,
        allow_all_origins=False,
        add_headers_function=_no_sniffing,
        immutable_file_test=lambda path, url: url in stamped,
    )
    server.add_files(str(assets.folder), assets.prefix)
    for url, path in stamped.items():
        server.add_file_to_dictionary(url, str(path))
    icon = assets.folder / "favicon.ico"
    if icon.exists():
        server.add_file_to_dictionary("/favicon.ico", str(icon))
    return server


def names(folder: Path) -> Iterator[str]:
    """Every file below `folder` as `vendor/htmx.min.js`, without the compressed copies."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in COPIES and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def with_digest(name: str, stamp: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{stamp}{path.suffix}"))


def precompress(folder: Path) -> None:
    """Write a .br and .gz beside each file that lacks a fresh one; a read-only folder is fine."""
    for name in names(folder):
        path = folder / name
        if path.suffix not in COMPRESSIBLE:
            continue
        try:
            _copy(path, ".br")
            _copy(path, ".gz")
        except OSError as problem:
            log.warning("static file %s stays uncompressed: %s", name, problem)


def _copy(path: Path, suffix: str) -> None:
    """A copy counts as fresh when it carries its original's time of change."""
    copy, changed_at = Path(f"{path}{suffix}"), path.stat().st_mtime_ns
    if copy.exists() and copy.stat().st_mtime_ns == changed_at:
        return
    copy.unlink(missing_ok=True)
    text = path.read_bytes()
    packed = brotli.compress(text) if suffix == ".br" else gzip.compress(text, 9, mtime=0)
    if len(packed) >= len(text):
        return
    draft = Path(f"{copy}.{os.getpid()}")
    draft.write_bytes(packed)
    os.utime(draft, ns=(changed_at, changed_at))
    draft.replace(copy)


def _no_sniffing(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
