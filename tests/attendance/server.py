"""DingTalk's interface on this machine: answers as its documentation says, errors and all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.serving import Vendor, answering

EPOCH = datetime(1970, 1, 1, 8)


def millis(at: datetime) -> int:
    """Return a wall clock of Shanghai as milliseconds since 1970."""
    return int((at - EPOCH) / timedelta(milliseconds=1))


def record(userid: str, at: datetime, **more: Any) -> dict[str, Any]:
    """One record as the documentation shows it."""
    return {
        "id": millis(at),
        "userId": userid,
        "userCheckTime": millis(at),
        "planCheckTime": millis(at.replace(hour=9, minute=0)),
        "checkType": "OnDuty",
        "sourceType": "USER",
        "timeResult": "Normal",
        "locationResult": "Normal",
        "isLegal": "Y",
        "baseAddress": "甲社区党群服务中心",
        "userAddress": "某市某区某路",
        "photoUrl": "http://127.0.0.1:9/photo",
    } | more


@dataclass
class DingTalkServer(Vendor):
    """What it knows and what it was asked for."""

    records: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    tokens: int = 0
    good_token: str = ""

    def expire(self) -> None:
        """Make the token that was given out no good any more."""
        self.good_token = "another"

    def answer(self, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if path == "/gettoken":
            if query.get("appsecret") != "right":
                return {"errcode": 40089, "errmsg": "不合法的corpid或corpsecret"}
            self.tokens += 1
            self.good_token = f"t{self.tokens}"
            return {
                "errcode": 0,
                "errmsg": "ok",
                "access_token": self.good_token,
                "expires_in": 7200,
            }
        if query.get("access_token") != self.good_token:
            return {
                "errcode": 88,
                "sub_code": "42001",
                "sub_msg": "access_token已过期",
                "errmsg": "x",
            }
        return self._records(body)

    def _records(self, body: dict[str, Any]) -> dict[str, Any]:
        self.calls.append(body)
        first, last = (datetime.fromisoformat(body[f"checkDate{end}"]) for end in ("From", "To"))
        if len(body["userIds"]) > 50 or last - first > timedelta(days=7):
            return {"errcode": 40035, "errmsg": "参数错误"}
        found = [
            one
            for one in self.records
            if one["userId"] in body["userIds"]
            and millis(first) <= int(one["userCheckTime"]) <= millis(last)
        ]
        return {"errcode": 0, "errmsg": "ok", "recordresult": found}


@contextmanager
def running() -> Iterator[DingTalkServer]:
    """Serve on a free port of 127.0.0.1 inside the block."""
    with answering(DingTalkServer()) as known:
        yield known
