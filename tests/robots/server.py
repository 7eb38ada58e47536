"""Both vendors' webhooks on this machine: tokens, signatures, limits and errors as documented."""

import base64
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.serving import Vendor, answering

TOKEN, KEY, SECRET = "token-of-a-group", "key-of-a-group", "SECtest-of-a-group"
MOST = {("wecom", "text"): 2048, ("wecom", "markdown"): 4096}


@dataclass
class Group(Vendor):
    """What arrived."""

    is_signed: bool = True
    messages: list[dict[str, Any]] = field(default_factory=list)

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
    with answering(Group()) as known:
        yield known
