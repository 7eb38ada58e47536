"""Whole fen: rounding, reading, writing, sharing out. cn2an is only an oracle."""

from decimal import Decimal
from fractions import Fraction

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.money import (
    LARGEST_FEN,
    LARGEST_GIVEN_FEN,
    AmountError,
    apportion,
    divide_half_up,
    format_yuan,
    in_capitals,
    parse_yuan,
    percent_of,
    round_half_up,
)
from tests.statements.read import fen_of_capitals

AMOUNTS = st.integers(-LARGEST_FEN, LARGEST_FEN)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        pytest.param(Decimal("0.5"), 1, id="a half goes up"),
        pytest.param(Decimal("2.5"), 3, id="also where a banker would go down"),
        pytest.param(Decimal("0.4999"), 0, id="less than a half"),
        pytest.param(Decimal("-0.5"), -1, id="a negative half goes away from zero"),
        pytest.param(Decimal("-2.4"), -2, id="negative, less than a half"),
        pytest.param(Fraction(5000001, 2), 2500001, id="a fraction"),
        pytest.param(Decimal("1E+3"), 1000, id="an exponent"),
    ],
)
def test_round_half_up(value: Decimal | Fraction, whole: int) -> None:
    assert round_half_up(value) == whole


@given(st.integers(), st.integers(1, 10**9))
def test_division_rounds_as_fractions_do(numerator: int, denominator: int) -> None:
    rounded = divide_half_up(numerator, denominator)
    assert rounded == round_half_up(Fraction(numerator, denominator))
    assert abs(rounded - Fraction(numerator, denominator)) <= Fraction(1, 2)
    assert divide_half_up(-numerator, denominator) == -rounded


def test_percent_of() -> None:
    assert percent_of(166_667, Decimal(10)) == 16_667
    assert percent_of(1, Decimal("50")) == 1
    assert percent_of(200, Decimal("12.25")) == 25


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        pytest.param("1666.67", 166_667, id="plain"),
        pytest.param("1,666.67", 166_667, id="commas"),
        pytest.param("￥1666.67", 166_667, id="full-width sign"),
        pytest.param("¥ 1,234,567", 123_456_700, id="sign, space, whole yuan"),
        pytest.param("１，６６６．６７", 166_667, id="full-width digits"),
        pytest.param(" 0.5 ", 50, id="one decimal, spaces"),
        pytest.param("-12.05", -1205, id="negative"),
        pytest.param("-¥3", -300, id="negative with sign"),
        pytest.param("000123", 12_300, id="leading zeros"),
        pytest.param("1,000,000,000.00", LARGEST_GIVEN_FEN, id="the largest"),
        pytest.param("-1000000000", -LARGEST_GIVEN_FEN, id="its opposite"),
    ],
)
def test_parse_yuan(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("", "blank", id="nothing"),
        pytest.param(" \u3000", "blank", id="spaces"),
        pytest.param("1.005", "decimals", id="three decimals"),
        pytest.param("1,66.67", "form", id="a comma out of place"),
        pytest.param("1e3", "form", id="an exponent"),
        pytest.param("①", "form", id="a circled digit"),
        pytest.param("٣", "form", id="digits of another script"),
        pytest.param("5.", "form", id="a point with nothing after it"),
        pytest.param("1 000", "form", id="a space inside"),
        pytest.param("NaN", "form", id="not a number"),
        pytest.param("1000000000.01", "too_large", id="beyond ten 亿"),
        pytest.param("-1000000000.01", "too_large", id="below its opposite"),
        pytest.param("9" * 5000, "too_large", id="thousands of digits"),
    ],
)
def test_parse_yuan_refuses(text: str, code: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_yuan(text)
    assert refused.value.code == code


@given(st.integers(-LARGEST_GIVEN_FEN, LARGEST_GIVEN_FEN))
def test_what_is_written_is_read_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        pytest.param(166_667, "人民币壹仟陆佰陆拾陆元陆角柒分", id="M11 the rule's own"),
        pytest.param(180_000, "人民币壹仟捌佰元整", id="M11 whole yuan"),
        pytest.param(1_000_550, "人民币壹万零伍元伍角", id="a zero inside, no 整 after 角"),
        pytest.param(7, "人民币柒分", id="fen only"),
        pytest.param(10, "人民币壹角", id="jiao only"),
        pytest.param(0, "人民币零元整", id="nought"),
        pytest.param(-550, "人民币负伍元伍角", id="negative"),
        pytest.param(100_101, "人民币壹仟零壹元零壹分", id="a zero for jiao"),
        pytest.param(10_700_053, "人民币壹拾万柒仟元伍角叁分", id="no zero before 角"),
        pytest.param(12_000_000_000, "人民币壹亿贰仟万元整", id="no zero at the end of 万"),
        pytest.param(10_000_100_000, "人民币壹亿零壹仟元整", id="an empty 万"),
        pytest.param(1_000, "人民币壹拾元整", id="ten is 壹拾"),
        pytest.param(100_000_000_000_001, "人民币壹万亿元零壹分", id="万亿"),
        pytest.param(1_000_100_000_000_00, "人民币壹万零壹亿元整", id="a zero inside 亿"),
    ],
)
def test_in_capitals(fen: int, words: str) -> None:
    assert in_capitals(fen) == words


def test_capitals_end_at_wan_yi() -> None:
    with pytest.raises(AmountError, match="too_large"):
        in_capitals(LARGEST_FEN + 1)


@given(
    st.one_of(
        st.integers(1, 10**7),
        st.integers(1, 10**15),
        st.builds(lambda n, p: n * 10**p, st.integers(1, 99), st.integers(0, 12)),
    )
)
def test_capitals_agree_with_cn2an(fen: int) -> None:
    oracle: str = cn2an.an2cn(Decimal(fen) / 100, "rmb")
    assert in_capitals(fen) == "人民币" + oracle
    assert in_capitals(-fen) == "人民币负" + oracle
    assert fen_of_capitals(in_capitals(fen)) == fen


@pytest.mark.parametrize(
    ("total_fen", "shares", "parts"),
    [
        pytest.param(100, [1, 1, 1], [34, 33, 33], id="M12 a tie goes to the first written"),
        pytest.param(-100, [1, 1, 1], [-34, -33, -33], id="M12 a negative total by its sign"),
        pytest.param(
            101, [Decimal("33.3"), Decimal("66.7")], [34, 67], id="M12 the largest remainder"
        ),
        pytest.param(5, [0, 50, 50], [0, 3, 2], id="M12 nothing for a share of nothing"),
        pytest.param(0, [40, 60], [0, 0], id="M12 nothing to share"),
    ],
)
def test_apportion(
    total_fen: int, shares: list[Decimal | Fraction | int], parts: list[int]
) -> None:
    assert apportion(total_fen, shares) == parts


@given(AMOUNTS, st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=6).filter(any))
def test_parts_sum_to_the_whole(total_fen: int, shares: list[Decimal]) -> None:
    parts = apportion(total_fen, shares)
    assert sum(parts) == total_fen
    whole = sum(shares)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - Fraction(total_fen) * Fraction(share) / Fraction(whole)) < 1


@pytest.mark.parametrize("shares", [[], [0, 0], [150, -50]])
def test_apportion_refuses(shares: list[Decimal | Fraction | int]) -> None:
    with pytest.raises(ValueError, match="shares"):
        apportion(100, shares)
