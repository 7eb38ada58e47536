"""Signatures, waits and addresses: pure."""

from datetime import timedelta
from ipaddress import ip_address

import pytest

from counselhub.hooks import rules
from counselhub.hooks.rules import AddressError


def test_a_signature_is_of_time_and_body() -> None:
    """The marks are openssl's: `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac …`."""
    told = rules.signature(b'{"a":1}', 1700000000, ["whsec_one", "whsec_two"])
    assert told == (
        "t=1700000000"
        ",v1=3c2a43f6f69d57ddfe8e506b006b338393c7a8c400e77c5f191ba17e15763c74"
        ",v1=a80e630a9bbb756763ae24b15708f6ef71b45a4c060b6ec64409d78544ed0f70"
    )


def test_ten_tries_take_most_of_a_day() -> None:
    waits = [rules.wait_after(tries) for tries in range(1, 11)]
    assert waits[-1] is None
    total = sum((one for one in waits if one), timedelta())
    assert timedelta(hours=22) < total <= timedelta(hours=24)
    assert waits[:-1] == sorted(one for one in waits if one)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 5), (2, 10), (3, 20), (7, 300), (1_000_000, 300)]
)
def test_a_rest_grows_and_is_bounded(failures: int, seconds: int) -> None:
    assert rules.rest_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        pytest.param("example.cn/events", "shape", id="no scheme"),
        pytest.param("ftp://example.cn/", "shape", id="another scheme"),
        pytest.param("https:///events", "shape", id="no host"),
        pytest.param("https://example.cn:99999/", "shape", id="no such port"),
        pytest.param("https://example.cn/a b", "shape", id="a blank"),
        pytest.param("https://example.cn/a\r\nX: y", "shape", id="a line's end"),
        pytest.param("https://example.cn/\\evil", "shape", id="a backslash"),
        pytest.param("https://example.cn/#part", "shape", id="a fragment"),
        pytest.param("https://例子.cn/", "shape", id="letters that are no letters of addresses"),
        pytest.param("https://[::1/", "shape", id="half an address"),
        pytest.param("https://u:p@example.cn/", "login", id="a password"),
        pytest.param("http://example.cn/", "https", id="in the clear"),
        pytest.param("https://localhost/", "inside", id="this machine"),
        pytest.param("https://hooks/", "inside", id="a neighbour"),
        pytest.param("https://db.internal/", "inside", id="an inner name"),
        pytest.param("https://127.0.0.1/", "inside", id="loopback"),
        pytest.param("https://127.1/", "inside", id="loopback written short"),
        pytest.param("https://2130706433/", "inside", id="loopback as a number"),
        pytest.param("https://[::1]/", "inside", id="loopback of six"),
        pytest.param("https://[::ffff:10.0.0.1]/", "inside", id="four within six"),
        pytest.param("https://169.254.169.254/latest", "inside", id="the cloud's own"),
    ],
)
def test_where_nothing_is_sent(address: str, code: str) -> None:
    with pytest.raises(AddressError) as refused:
        rules.target(address, inside=False)
    assert refused.value.code == code


def test_an_address_in_parts() -> None:
    found = rules.target("https://Hooks.Example.CN:8443/a/b?c=d", inside=False)
    assert (found.host, found.port, found.path) == ("hooks.example.cn", 8443, "/a/b?c=d")
    assert found.shown_host == "hooks.example.cn:8443"
    assert rules.target("https://example.cn", inside=False).path == "/"
    assert rules.target("http://127.0.0.1:8000/x", inside=True).shown_host == "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("203.0.112.9", True),
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # an address to refuse, nothing listens there
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::", False),
        ("::ffff:192.168.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:a00:1::", False),
        ("2001:0:a00:1::", False),
    ],
)
def test_what_is_of_the_open_network(address: str, is_public: bool) -> None:
    assert rules.is_public(ip_address(address)) is is_public
