"""Codes, and where passkeys work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyotp import TOTP

from counselhub.factors.rules import (
    ALPHABET,
    Party,
    Unavailable,
    digest_of,
    is_one_time,
    matching_step,
    minutes_off,
    new_recovery_codes,
    party_of,
    tidied,
)

# RFC 6238 appendix B: the ASCII secret 12345678901234567890, SHA-1; our codes are its last six.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
    ],
)
def test_the_codes_of_the_standard(seconds: int, code: str) -> None:
    assert matching_step(SECRET, code, seconds) == seconds // 30


@pytest.mark.parametrize(
    ("offset", "counts"),
    [
        pytest.param(-60, False, id="FAC-1 two steps early"),
        pytest.param(-30, True, id="FAC-1 the one before"),
        pytest.param(0, True, id="FAC-1 its own half minute"),
        pytest.param(30, True, id="FAC-1 the one after"),
        pytest.param(60, False, id="FAC-1 two steps late"),
    ],
)
def test_the_window(offset: int, counts: bool) -> None:
    now = 1_800_000_000
    code = TOTP(SECRET).at(now + offset)
    step = matching_step(SECRET, code, now)
    assert (step == (now + offset) // 30) if counts else step is None


@pytest.mark.parametrize(
    ("off", "minutes"), [(300, 5), (-300, 5), (90, 2), (600, 10), (660, None), (-3600, None)]
)
def test_a_clock_that_is_off_is_told_so(off: int, minutes: int | None) -> None:
    now = 1_800_000_000
    assert minutes_off(SECRET, TOTP(SECRET).at(now + off), now) == minutes


@given(st.text(max_size=30))
def test_no_text_breaks_the_check(typed: str) -> None:
    code = tidied(typed)
    step = matching_step(SECRET, code, 1_800_000_000)
    right = {TOTP(SECRET).at(1_800_000_000 + off) for off in (-30, 0, 30)}
    assert (step is not None) == (code in right)


@pytest.mark.parametrize(
    ("typed", "tidy", "one_time"),
    [
        pytest.param("287 082", "287082", True, id="a blank"),
        pytest.param("２８７０８２", "287082", True, id="full width"),
        pytest.param(" ABCD-efgh ", "abcdefgh", False, id="capitals and hyphens"),
        pytest.param("28708", "28708", False, id="too short"),
        pytest.param("٢٨٧٠٨٢", "٢٨٧٠٨٢", False, id="other figures"),
        pytest.param("", "", False, id="nothing"),
    ],
)
def test_typing(typed: str, tidy: str, one_time: bool) -> None:
    assert tidied(typed) == tidy
    assert is_one_time(tidied(typed)) is one_time


def test_recovery_codes_are_ten_of_their_own() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == len({digest_of(code) for code in codes}) == 10
    assert {len(tidied(code)) for code in codes} == {16}
    assert set("".join(map(tidied, codes))) <= set(ALPHABET)
    assert digest_of(codes[0]) == digest_of(codes[0].upper().replace("-", " "))
    assert not any(is_one_time(tidied(code)) for code in codes)


@pytest.mark.parametrize(
    ("scheme", "host", "party"),
    [
        pytest.param(
            "https", "a.example", Party("a.example", "https://a.example"), id="a host name"
        ),
        pytest.param(
            "https",
            "a.example:8443",
            Party("a.example", "https://a.example:8443"),
            id="with its port",
        ),
        pytest.param(
            "http", "localhost:26000", Party("localhost", "http://localhost:26000"), id="localhost"
        ),
        pytest.param("http", "a.example", Unavailable.NOT_SECURE, id="not encrypted"),
        pytest.param("http", "127.0.0.1:8000", Unavailable.IP_ADDRESS, id="an address"),
        pytest.param("https", "10.0.0.8", Unavailable.IP_ADDRESS, id="an address, encrypted"),
        pytest.param("https", "[::1]:8000", Unavailable.IP_ADDRESS, id="a long address"),
        pytest.param("https", "[::1]", Unavailable.IP_ADDRESS, id="a long address without port"),
    ],
)
def test_where_passkeys_work(scheme: str, host: str, party: Party | Unavailable) -> None:
    assert party_of(scheme, host) == party
