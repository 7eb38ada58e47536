"""Both vendors' webhooks on this machine: tokens, signatures, limits and errors as documented."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN, KEY, SECRET = "token-of-a-group", "key-of-a-group", "SECtest-of-a-group"
MOST = {("wecom", "text"): 2048, ("wecom", "markdown"): 4096}


@dataclass
class Group:
    """What was asked and what arrived; `says` is answered once each, before all else."""

    address: str = ""
    is_signed: bool = True
    says: list[tuple[int, bytes]] = field(default_factory=list)
    requests: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)

    def say(self, document: object, status: int = 200) -> None:
        """Let the next call be answered with this."""
        self.says.append((status, json.dumps(document).encode()))

    @property
    def texts(self) -> list[str]:
        """What the group reads."""
        kinds = {"text": "content"}
        found = []
        for one in self.messages:
            part = one[one["msgtype"]]
            found.append(part.get(kinds.get(one["msgtype"], "text")) or part["content"])
        return found

    def answer(self, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if path == "/robot/send":
            return self._dingtalk(query, body)
        if path == "/cgi-bin/webhook/send":
            return self._wecom(query, body)
        return {"errcode": 404, "errmsg": "no such path"}

    def _dingtalk(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if query.get("access_token") != TOKEN:
            return {"errcode": 300001, "errmsg": "token is not exist"}
        if self.is_signed and query.get("sign") != sign(query.get("timestamp", "")):
            return {"errcode": 310000, "errmsg": "sign not match"}
        if body["msgtype"] == "markdown" and not body["markdown"].get("title"):
            return {"errcode": 40035, "errmsg": "缺少参数 title"}
        self.messages.append(body)
        return {"errcode": 0, "errmsg": "ok"}

    def _wecom(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if query != {"key": KEY}:
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        kind = body["msgtype"]
        if len(body[kind]["content"].encode()) > MOST["wecom", kind]:
            return {"errcode": 40058, "errmsg": "content exceed max length"}
        self.messages.append(body)
        return {"errcode": 0, "errmsg": "ok"}


def sign(timestamp: str) -> str:
    """Return what DingTalk asks for, worked out by hand."""
    words = f"{timestamp}\n{SECRET}".encode()
    return base64.b64encode(hmac.digest(SECRET.encode(), words, sha256)).decode()


@contextmanager
def running() -> Iterator[Group]:
    """Serve on a free port of 127.0.0.1 inside the block."""
    known = Group()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            known.requests += 1
            status, data = (
                known.says.pop(0)
                if known.says
                else (200, json.dumps(known.answer(parts.path, query, body)).encode())
            )
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
