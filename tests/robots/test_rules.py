"""Signatures, addresses, limits and texts: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.config import WECOM_API
from counselhub.robots import rules, texts, webhooks
from counselhub.robots.kinds import ADVICE, STOPPING, Fault, RobotState, Style, Vendor
from counselhub.robots.texts import Line
from counselhub.robots.webhooks import Webhook, WebhookError

BASES = {Vendor.DINGTALK: "https://oapi.dingtalk.com", Vendor.WECOM: WECOM_API}
DING = "https://oapi.dingtalk.com/robot/send?access_token="
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_the_signature_is_that_of_the_documentation() -> None:
    signed = webhooks.address(Webhook(Vendor.DINGTALK, "T", "SECtest"), BASES, 1_700_000_000_000)
    assert signed == (
        f"{DING}T&timestamp=1700000000000&sign=aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D"
    )


def test_without_a_secret_nothing_is_signed() -> None:
    assert webhooks.address(Webhook(Vendor.DINGTALK, "T"), BASES, 1) == f"{DING}T"
    assert webhooks.address(Webhook(Vendor.WECOM, "K"), BASES, 1) == f"{WECOM}K"


@pytest.mark.parametrize(
    ("vendor", "typed"),
    [
        pytest.param(Vendor.DINGTALK, f"{DING}abcdef0123456789", id="DingTalk"),
        pytest.param(Vendor.WECOM, f" {WECOM}abcdef0123456789\n", id="WeCom, with blanks"),
    ],
)
def test_of_an_address_the_token_is_kept(vendor: Vendor, typed: str) -> None:
    assert webhooks.token_of(vendor, typed, BASES) == "abcdef0123456789"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("abcdef0123456789", id="no address"),
        pytest.param(DING.replace("https", "http") + "abcdef0123456789", id="no https"),
        pytest.param("https://127.0.0.1/robot/send?access_token=abcdef0123456789", id="inside"),
        pytest.param(
            "https://oapi.dingtalk.com.a.example/robot/send?access_token=abcdef01", id="sub"
        ),
        pytest.param(
            "https://oapi.dingtalk.com@a.example/robot/send?access_token=abcdef01", id="@"
        ),
        pytest.param("https://oapi.dingtalk.com:8443/robot/send?access_token=abcdef01", id="port"),
        pytest.param("https://oapi.dingtalk.com/../robot/send?access_token=abcdef01", id="path"),
        pytest.param(f"{DING}abc&access_token=abcdef0123456789", id="twice"),
        pytest.param(f"{DING}abcd efgh", id="blank inside"),
        pytest.param(f"{DING}abcdefgh%0d%0aHost:x", id="line break"),
        pytest.param(f"{DING}{'a' * 129}", id="too long a token"),
        pytest.param(f"{DING}{'a' * 500}", id="too long an address"),
        pytest.param("https://[::1/robot/send?access_token=abcdef01", id="no address at all"),
    ],
)
def test_no_other_address_is_ever_asked(typed: str) -> None:
    with pytest.raises(WebhookError) as refusal:
        webhooks.token_of(Vendor.DINGTALK, typed, BASES)
    assert refusal.value.of is None


def test_the_other_vendors_address_is_known() -> None:
    with pytest.raises(WebhookError) as refusal:
        webhooks.token_of(Vendor.DINGTALK, f"{WECOM}abcdef0123456789", BASES)
    assert refusal.value.of is Vendor.WECOM


@given(st.text(max_size=200))
def test_whatever_is_typed_only_a_plain_token_comes_of_it(typed: str) -> None:
    for address in (typed, DING + typed):
        try:
            token = webhooks.token_of(Vendor.DINGTALK, address, BASES)
        except WebhookError:
            continue
        assert webhooks.TOKEN.fullmatch(token)


@pytest.mark.parametrize(
    ("seconds", "blocked", "wait"),
    [
        pytest.param([], None, 0, id="never asked"),
        pytest.param(range(19), None, 0, id="19 in a minute"),
        pytest.param(range(20), None, 60 - 19, id="20: the first of them has to be a minute old"),
        pytest.param(range(40, 60), None, 60 - 59, id="one second is left"),
        pytest.param(range(41, 61), None, 0, id="just a minute"),
        pytest.param([], 300, 300, id="blocked"),
        pytest.param(range(20), 300, 300, id="blocked counts for more"),
        pytest.param([], -1, 0, id="blocked no more"),
    ],
)
def test_twenty_a_minute(seconds: range, blocked: int | None, wait: int) -> None:
    asked = sorted(NOW - timedelta(seconds=second) for second in seconds)
    until = None if blocked is None else NOW + timedelta(seconds=blocked)
    assert rules.next_turn(asked, until, NOW) == NOW + timedelta(seconds=wait)


@given(st.lists(st.integers(0, 600), min_size=1, max_size=120).map(sorted))
def test_no_minute_has_more_than_twenty(moments: list[int]) -> None:
    asked: list[datetime] = []
    for moment in moments:
        now = max([NOW + timedelta(seconds=moment), *asked])
        if rules.next_turn(asked, None, now) <= now:
            asked = [*asked, now]
    for first in asked:
        assert sum(first <= one < first + rules.MINUTE for one in asked) <= rules.MOST_A_MINUTE


@pytest.mark.parametrize(
    ("vendor", "code", "fault"),
    [
        pytest.param(Vendor.DINGTALK, 0, None, id="arrived"),
        pytest.param(Vendor.DINGTALK, 310000, Fault.UNVERIFIED, id="signature, keyword, IP"),
        pytest.param(Vendor.DINGTALK, 410100, Fault.TOO_FAST, id="too fast"),
        pytest.param(Vendor.DINGTALK, 400102, Fault.GONE, id="switched off over there"),
        pytest.param(Vendor.DINGTALK, 430104, Fault.REFUSED, id="content"),
        pytest.param(Vendor.DINGTALK, -1, Fault.BUSY, id="busy"),
        pytest.param(Vendor.WECOM, 93000, Fault.GONE, id="removed from the group"),
        pytest.param(Vendor.WECOM, 45009, Fault.TOO_FAST, id="too fast there"),
        pytest.param(Vendor.WECOM, 40058, Fault.REFUSED, id="too long"),
    ],
)
def test_an_errcode_has_its_meaning(vendor: Vendor, code: int, fault: Fault | None) -> None:
    assert rules.fault_of(vendor, code) is fault


def test_every_fault_says_what_to_do() -> None:
    assert set(ADVICE) == set(Fault)
    for fault in Fault:
        stopped = rules.state_of(False, fault) is RobotState.STOPPED
        assert stopped == (fault in STOPPING)
    assert rules.state_of(True, Fault.GONE) is RobotState.OFF


def test_what_comes_within_a_minute_goes_together() -> None:
    at = [NOW + timedelta(seconds=second) for second in (0, 1, 59.9)]
    assert {rules.gathered_at(one) for one in at} == {NOW + rules.MINUTE}


LAYOUTS = [(vendor, style) for vendor in Vendor for style in Style]
LINK = "https://counselhub.example.cn/"
ANY = st.builds(Line, st.sampled_from(["合同将到期", "覆盖缺口", "*" * 90]), st.text(max_size=300))


@given(st.lists(ANY, min_size=1, max_size=40), st.sampled_from(LAYOUTS), st.integers(1, 290))
def test_a_message_keeps_to_its_bytes_and_counts_all(
    lines: list[Line], layout: tuple[Vendor, Style], letters: int
) -> None:
    link = "https://a/" + "b" * letters
    made = texts.compose(lines, texts.layout(*layout), link=link, number="0123abcd")
    assert texts.size(made.body) <= texts.MOST_BYTES[layout]
    assert made.told + made.beyond == len(lines)
    assert made.told >= 1
    assert ("…还有" in made.body) >= (made.beyond > 0)
    assert made.body.startswith(f"{texts.NAME}：{len(lines)} 条提醒")
    assert link in made.body


@given(st.text(), st.integers(3, 100))
def test_nothing_is_cut_inside_a_character(text: str, most: int) -> None:
    cut = texts.clip(text, most)
    assert texts.size(cut) <= most
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@given(st.text())
def test_nobody_is_called_and_nothing_is_marked(text: str) -> None:
    assert not set(texts.plain(text)) & set("*_`~[]<>#\\@|\n\r\t")


def test_twenty_usual_notices_fit_whole() -> None:
    line = Line("合同将到期", "某某街道某某某社区的合同 2026-12-31 到期，还有 30 天")
    for layout in LAYOUTS:
        lines = [line] * texts.MOST_LINES
        made = texts.compose(lines, texts.layout(*layout), link=LINK, number="0123abcd")
        assert made.beyond == 0, layout


def test_a_message_reads_well() -> None:
    lines = [
        Line("合同将到期", "甲社区的合同 2026-12-31 到期，还有 30 天"),
        Line("覆盖缺口", "乙社区从 2026-12-01 起没有主责律师"),
        Line("合同将到期", "丙社区的合同 2026-11-30 到期，还有 7 天"),
    ]
    how = texts.layout(Vendor.WECOM, Style.MARKDOWN)
    assert texts.compose(lines, how, link=LINK, number="0123abcd").body.splitlines() == [
        "CounselHub：3 条提醒",
        "**合同将到期**",
        "- 甲社区的合同 2026-12-31 到期，还有 30 天",
        "- 丙社区的合同 2026-11-30 到期，还有 7 天",
        "**覆盖缺口**",
        "- 乙社区从 2026-12-01 起没有主责律师",
        "[登录查看](https://counselhub.example.cn/)（编号 0123abcd）",
    ]


def test_a_link_that_fills_the_message_is_refused() -> None:
    how = texts.layout(Vendor.WECOM, Style.TEXT)
    with pytest.raises(ValueError, match="too long"):
        texts.compose([], how, link="a" * 301, number="0123abcd")
