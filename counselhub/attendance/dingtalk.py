"""Ask DingTalk for punches: attendance/listRecord, with its limits, token and errors.

A call asks for at most 50 people and 7 days, not older than 180 days. Success is `errcode` 0 in the
body, whatever the status. A token that has run out is fetched anew once; a busy server is asked
again after longer and longer waits. Photos are never fetched.
"""

import json
import time as clocks
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from urllib3.exceptions import HTTPError

from counselhub.attendance import times
from counselhub.attendance.facts import Tap, Who
from counselhub.attendance.kinds import Mark
from counselhub.core.errors import RefusedError
from counselhub.core.outside import Service

MOST_PEOPLE = 50
MOST_DAYS = 7
OLDEST_DAYS = 180
WAITS = (1.0, 4.0, 16.0)
"""Seconds between one try and the next when the server is busy."""
LARGEST_ANSWER = 8 * 2**20
OLD_TOKEN = frozenset({40001, 40014, 42001})
BUSY = frozenset({-1, 90002, 90003, 90006, 90018})
"""errcodes of a server that is busy, or of too many calls in a while."""
NO_RIGHT = frozenset({60011, 50002, 52013})
RESULTS = {
    "Normal": "正常",
    "Early": "早退",
    "Late": "迟到",
    "SeriousLate": "严重迟到",
    "Absenteeism": "旷工迟到",
    "NotSigned": "未打卡",
}
DEVICES = {"ATM": "考勤机", "DING_ATM": "钉钉考勤机", "BEACON": "蓝牙", "USER": "手机打卡"}
BY_HAND = {"BOSS": "管理员", "APPROVE": "补卡审批"}


class DingTalkError(RefusedError):
    """The interface did not answer as hoped; the sentence says what to do."""


class _BusyError(Exception):
    """The server asks for patience."""


@dataclass
class DingTalk:
    """One firm's access to the interface at `base`; a token is kept as long as it is good."""

    base: str
    app_key: str
    secret: str = field(repr=False)
    waits: Sequence[float] = WAITS
    sleep: Callable[[float], None] = clocks.sleep
    _token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Make the connections: a slow server is left after 10 seconds."""
        self._service = Service(read_seconds=10, most_bytes=LARGEST_ANSWER, connections=2)

    def records(
        self, userids: Sequence[str], first: datetime, last: datetime
    ) -> list[dict[str, Any]]:
        """Return every punch of these people between two moments of Shanghai's clock.

        Raises DingTalkError for what DingTalk refuses, ValueError beyond its limits.
        """
        if not 0 < len(userids) <= MOST_PEOPLE or not 0 <= (last - first).days < MOST_DAYS:
            raise ValueError("at most 50 people and 7 days a call")
        body = {
            "userIds": list(userids),
            "checkDateFrom": f"{first:%Y-%m-%d %H:%M:%S}",
            "checkDateTo": f"{last:%Y-%m-%d %H:%M:%S}",
            "isI18n": "false",
        }
        answer = self._with_token("/attendance/listRecord", body)
        found = answer.get("recordresult") or []
        return [one for one in found if isinstance(one, dict)]

    def _with_token(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask with the token at hand; with a new one when it has run out."""
        for is_last in (False, True):
            self._token = self._token or self._new_token()
            answer = self._patiently("POST", path, {"access_token": self._token}, body)
            code = _code(answer)
            if code == 0:
                return answer
            if code not in OLD_TOKEN or is_last:
                raise DingTalkError(_sentence(code, answer))
            self._token = ""
        raise AssertionError("the second try ends above")

    def _new_token(self) -> str:
        query = {"appkey": self.app_key, "appsecret": self.secret}
        answer = self._patiently("GET", "/gettoken", query, None)
        token = answer.get("access_token")
        if _code(answer) != 0 or not isinstance(token, str) or not token:
            raise DingTalkError(
                _(
                    "钉钉不认可这组 AppKey 和 AppSecret（%(code)s %(words)s），请核对后重新保存。",
                    code=_code(answer),
                    words=_words(answer),
                )
            )
        return token

    def _patiently(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Ask again after each of `waits` while the server is busy."""
        for wait in (*self.waits, None):
            try:
                return self._once(method, path, query, body)
            except _BusyError:
                if wait is None:
                    break
                self.sleep(wait)
        raise DingTalkError(_("钉钉暂时繁忙或调用过于频繁，稍后会接着取。"))

    def _once(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        address = f"{self.base}{path}?{urlencode(query)}"
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            answer = self._service.ask(method, address, body=data, headers=headers)
        except HTTPError as error:
            raise _BusyError from error
        if answer.status == 429 or answer.status >= 500:
            raise _BusyError
        found = _document(answer.raw, answer.status)
        if _code(found) in BUSY:
            raise _BusyError
        return found


def _document(raw: bytes | None, status: int) -> dict[str, Any]:
    try:
        found = json.loads(raw) if raw is not None else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise DingTalkError(_("钉钉的回答读不懂（HTTP %(status)d），请稍后再试。", status=status))
    return found


def _code(answer: Mapping[str, Any]) -> int:
    """Return the errcode; of 88 (鉴权异常) the sub_code that says why."""
    code = _number(answer.get("errcode"))
    return _number(answer.get("sub_code")) if code == 88 and answer.get("sub_code") else code


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return -2


def _words(answer: Mapping[str, Any]) -> str:
    return str(answer.get("sub_msg") or answer.get("errmsg") or "")[:120]


def _sentence(code: int, answer: Mapping[str, Any]) -> str:
    if code in NO_RIGHT:
        return str(
            _("应用没有读取考勤的权限，请在钉钉开放平台为它开通 qyapi_get_attendance_data。")
        )
    return str(_("钉钉没有给出打卡记录：%(code)s %(words)s", code=code, words=_words(answer)))


def tap_of(record: Mapping[str, Any], who: Mapping[str, Who]) -> Tap | None:
    """Return the punch that a record tells of, None for a slot without one, or of a stranger.

    who: people by their userid. Raises times.TimeError for a time that is none.
    """
    person = who.get(str(record.get("userId", "")))
    if person is None or not record.get("userCheckTime"):
        return None
    planned = record.get("planCheckTime") or record.get("baseCheckTime")
    source = str(record.get("sourceType", ""))
    return Tap(
        person,
        times.of_epoch(record["userCheckTime"]),
        planned=times.of_epoch(planned) if planned else None,
        result=RESULTS.get(str(record.get("timeResult", "")), ""),
        place=_short(record, "baseAddress", "userAddress"),
        device=BY_HAND.get(source) or DEVICES.get(source, source)[:50],
        remark=_short(record, "outsideRemark", "invalidRecordMsg"),
        mark=_mark(record, source),
    )


def _short(record: Mapping[str, Any], *names: str) -> str:
    return next((str(record[name])[:200] for name in names if record.get(name)), "")


def _mark(record: Mapping[str, Any], source: str) -> Mark:
    """Return what a person must look at (ATT-7). isLegal is N for lateness too, which is none."""
    results = {record.get("timeResult"), record.get("locationResult")} - {None, ""}
    if source in BY_HAND:
        return Mark.BY_HAND
    if record.get("invalidRecordType") or (record.get("isLegal") == "N" and results <= {"Normal"}):
        return Mark.INVALID
    return Mark.OUTSIDE if record.get("locationResult") == "Outside" else Mark.PLAIN
