"""A real receiver on this machine: keeps what arrives and answers as it is told."""

import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.serving import serving


@dataclass
class Receiver:
    """What arrived, in order; `status`, `headers`, `body`, `pause` are how it answers."""

    base: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pause: float = 0
    drips: bool = False
    """Whether a byte comes each half second and the headers never end."""
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"{self.base}/events?of=us"

    @property
    def told(self) -> list[dict[str, Any]]:
        """What arrived, read as JSON."""
        return [json.loads(body) for _headers, body in self.arrived]

    @property
    def ids(self) -> list[str]:
        """The delivery of each arrival."""
        return [headers["CounselHub-Delivery"] for headers, _body in self.arrived]


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Check as `docs/webhooks.md` tells receivers to, not with our own function."""
    parts = [part.split("=", 1) for part in headers["CounselHub-Signature"].split(",")]
    at = next(value for name, value in parts if name == "t")
    mark = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    good = any(hmac.compare_digest(mark, value) for name, value in parts if name == "v1")
    return good and abs(time.time() - int(at)) < 300


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Listen on a free port, over TLS if given."""
    kept = Receiver()
    guard = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with guard:
                kept.at_once += 1
                kept.most_at_once = max(kept.most_at_once, kept.at_once)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(kept.pause)
            with guard:
                kept.at_once -= 1
                kept.arrived.append((dict(self.headers), body))
            if kept.drips:
                self._drip()
                return
            self.send_response(kept.status)
            for name, value in {"Content-Length": str(len(kept.body)), **kept.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(kept.body)

        def _drip(self) -> None:
            try:
                while True:
                    self.wfile.write(b"H")
                    self.wfile.flush()
                    time.sleep(0.2)
            except OSError:
                self.close_connection = True

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    with serving(Handler, tls) as kept.base:
        yield kept
