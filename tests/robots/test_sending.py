"""Messages on real sockets: what arrives, and what every kind of refusal is told as."""

import json
import socket
from typing import Any

import pytest

from counselhub.robots import sending, texts
from counselhub.robots.kinds import Fault, Style, Vendor
from counselhub.robots.texts import Message
from counselhub.robots.webhooks import Webhook
from tests.robots import server
from tests.robots.server import Group

DINGTALK = Webhook(Vendor.DINGTALK, server.TOKEN, server.SECRET)
WECOM = Webhook(Vendor.WECOM, server.KEY)
TEXT = Message("标题", "内容", 1)
MILLIS = 1_700_000_000_000


def send(
    group: Group, webhook: Webhook = DINGTALK, style: Style = Style.MARKDOWN
) -> sending.Verdict:
    bases = dict.fromkeys(Vendor, group.address)
    return sending.send(webhook, texts.body(webhook.vendor, style, TEXT), bases, MILLIS)


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("webhook", [DINGTALK, WECOM], ids=["dingtalk", "wecom"])
def test_it_arrives_and_mentions_nobody(group: Group, webhook: Webhook, style: Style) -> None:
    assert send(group, webhook, style) == sending.Verdict(None)
    assert group.texts == ["内容"]
    assert not {"at", "mentioned_list"} & set(str(group.messages))


@pytest.mark.parametrize(
    ("document", "status", "fault", "words"),
    [
        pytest.param(
            {"errcode": 310000, "errmsg": "关键词"}, 200, Fault.UNVERIFIED, "310000", id="310000"
        ),
        pytest.param({"errcode": 410100, "errmsg": "x"}, 200, Fault.TOO_FAST, "410100", id="fast"),
        pytest.param({"errcode": -1, "errmsg": "系统繁忙"}, 200, Fault.BUSY, "-1", id="busy"),
        pytest.param({"errcode": 0}, 503, Fault.BUSY, "HTTP 503", id="503 whatever the body says"),
        pytest.param({}, 429, Fault.BUSY, "HTTP 429", id="429"),
        pytest.param({"errcode": 43004, "errmsg": "x"}, 200, Fault.REFUSED, "43004 x", id="other"),
        pytest.param({}, 200, Fault.UNREACHABLE, "HTTP 200", id="200 is no success"),
        pytest.param(["x"], 200, Fault.UNREACHABLE, "HTTP 200", id="no object"),
        pytest.param({"errcode": "?"}, 200, Fault.UNREACHABLE, "HTTP 200", id="no number"),
        pytest.param({}, 302, Fault.UNREACHABLE, "HTTP 302", id="no redirect is followed"),
    ],
)
def test_only_errcode_0_is_success(
    group: Group, document: Any, status: int, fault: Fault, words: str
) -> None:
    group.say(document, status)
    verdict = send(group)
    assert verdict.fault is fault
    assert words in verdict.words
    assert group.requests == 1


def test_an_answer_without_end_is_not_read(group: Group) -> None:
    group.says.append((200, b"[" * (sending.LARGEST_ANSWER + 10)))
    assert send(group).fault is Fault.UNREACHABLE


def test_a_deep_answer_does_no_harm(group: Group) -> None:
    group.says.append((200, b"[" * 60_000))
    assert send(group).fault is Fault.UNREACHABLE


def test_a_wrong_signature_is_refused_over_there(group: Group) -> None:
    wrong = Webhook(Vendor.DINGTALK, server.TOKEN, "SECanother-one")
    assert send(group, wrong).fault is Fault.UNVERIFIED


def test_what_opens_the_group_is_never_told(group: Group) -> None:
    words = f"bad {server.TOKEN} {server.SECRET} {'长' * 500}"
    group.say({"errcode": 40035, "errmsg": words})
    told = send(group).words
    assert server.TOKEN not in told
    assert server.SECRET not in told
    assert len(told) <= sending.LONGEST_WORDS
    assert server.TOKEN not in repr(DINGTALK)


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        bases = dict.fromkeys(Vendor, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        verdict = sending.send(WECOM, json.loads("{}"), bases, MILLIS)
    assert verdict.fault is Fault.UNREACHABLE
    assert server.KEY not in verdict.words
