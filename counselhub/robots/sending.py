"""Send one message to a group: success is `errcode` 0 in the body, whatever the status says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from urllib3.exceptions import HTTPError

from counselhub.core.outside import Service
from counselhub.robots import rules, webhooks
from counselhub.robots.kinds import Fault
from counselhub.robots.webhooks import Bases, Webhook

LARGEST_ANSWER = 64 * 1024
LONGEST_WORDS = 120
_vendors = Service(read_seconds=10, most_bytes=LARGEST_ANSWER)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it ended. fault: None when it arrived. words: code and words of the vendor's answer."""

    fault: Fault | None
    words: str = ""


def send(webhook: Webhook, document: Mapping[str, Any], bases: Bases, millis: int) -> Verdict:
    """Send `document` and say how it ended; no redirect is followed. millis: now, since 1970."""
    try:
        answer = _vendors.ask(
            "POST",
            webhooks.address(webhook, bases, millis),
            body=json.dumps(document, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
    except HTTPError as error:
        return Verdict(Fault.UNREACHABLE, type(error).__name__)
    if answer.status == 429 or answer.status >= 500:
        return Verdict(Fault.BUSY, f"HTTP {answer.status}")
    return _verdict(webhook, answer.status, answer.raw)


def _verdict(webhook: Webhook, status: int, raw: bytes | None) -> Verdict:
    code, words = _read(raw)
    if code is None:
        return Verdict(Fault.UNREACHABLE, f"HTTP {status}")
    fault = rules.fault_of(webhook.vendor, code)
    return Verdict(fault, "" if fault is None else _told(webhook, f"{code} {words}"))


def _read(raw: bytes | None) -> tuple[int | None, str]:
    """Return errcode and words of an answer; no code when it is none that can be read."""
    try:
        found = json.loads(raw) if raw is not None else None
        if not isinstance(found, dict):
            return None, ""
        return int(str(found["errcode"])), str(found.get("errmsg") or "")
    except (KeyError, ValueError, RecursionError):
        return None, ""


def _told(webhook: Webhook, words: str) -> str:
    """Return what may be shown of an answer: short, in one line, without what opens the group."""
    for secret in filter(None, (webhook.token, webhook.secret)):
        words = words.replace(secret, "…")
    return " ".join(words.split())[:LONGEST_WORDS]
