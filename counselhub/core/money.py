"""Whole fen: rounding, reading, writing and sharing out. Pure; no amount is ever a float.

An amount is an `int` of fen (1 yuan = 100 fen) and its name ends in `_fen`. Rates and percentages
are `Decimal` or `Fraction`; they become fen only through the rounding written here.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

LARGEST_FEN = 10**18 - 1
"""9,999,999,999,999,999.99 yuan, the last amount that 万亿 can still name."""
LARGEST_GIVEN_FEN = 10**11
"""1,000,000,000.00 yuan, the largest amount that anybody may enter: what is worked out of very many
of them still has its capitals, and its place in the database."""

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－￥", "0123456789.,-¥")
_YUAN = re.compile(
    r"(?P<sign>-?)¥? ?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?"
)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = (("亿", 10**8), ("万", 10**4), ("仟", 10**3), ("佰", 10**2), ("拾", 10))


class AmountError(ValueError):
    """A text that is no amount of yuan.

    code: `blank`, `form` (not a number, or its commas do not part thousands), `decimals` (more than
    two) or `too_large` (entered: beyond `LARGEST_GIVEN_FEN`; in capitals: beyond `LARGEST_FEN`).
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code
        self.text = text


def round_half_up(value: Decimal | Fraction) -> int:
    """Return the nearest whole number; a half goes up, in a negative value away from zero.

    So -0.5 is -1: a deduction rounds to the same fen as the payment it takes back.
    """
    return divide_half_up(*value.as_integer_ratio())


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator as `round_half_up` would. denominator: above 0."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def percent_of(amount_fen: int, percent: Decimal) -> int:
    """Return `percent` per cent of an amount, rounded half up."""
    numerator, denominator = percent.as_integer_ratio()
    return divide_half_up(amount_fen * numerator, denominator * 100)


def parse_yuan(text: str) -> int:
    """Read an amount of yuan as fen: `1666.67`, `1,666.67`, `￥1666.67`, `-¥5`.

    Full-width digits are read too; at most two decimals; commas, if any, part thousands. Neither
    above `LARGEST_GIVEN_FEN` nor below its opposite.
    Raises AmountError with a reason code.
    """
    plain = text.translate(_FULL_WIDTH).strip()
    if not plain:
        raise AmountError("blank", text)
    match = _YUAN.fullmatch(plain)
    if match is None:
        raise AmountError("form", text)
    part = match["part"] or ""
    if len(part) > 2:
        raise AmountError("decimals", text)
    whole = match["whole"].replace(",", "").lstrip("0")
    if len(whole) > len(str(LARGEST_GIVEN_FEN)):  # int() refuses thousands of digits
        raise AmountError("too_large", text)
    size_fen = int(whole or "0") * 100 + int(part.ljust(2, "0"))
    if size_fen > LARGEST_GIVEN_FEN:
        raise AmountError("too_large", text)
    return -size_fen if match["sign"] else size_fen


def format_yuan(fen: int) -> str:
    """Write fen as yuan with two decimals and commas: 166667 is `1,666.67`, -5 is `-0.05`."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def in_capitals(fen: int) -> str:
    """Write fen in the capitals of Chinese cheques and statements (M11).

    Whole yuan end in 元整, nothing follows 角 or 分; zeros between digits are written once.
    Nought is 人民币零元整, a negative amount 人民币负…. Raises AmountError (`too_large`)
    beyond 万亿.
    """
    if abs(fen) > LARGEST_FEN:
        raise AmountError("too_large", str(fen))
    yuan, rest = divmod(abs(fen), 100)
    jiao, last = divmod(rest, 10)
    words = "人民币负" if fen < 0 else "人民币"
    if yuan or not rest:
        words += (_whole_in_capitals(yuan) if yuan else "零") + "元"
    if not rest:
        return words + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + (_DIGITS[last] + "分" if last else "")


def _whole_in_capitals(number: int) -> str:
    """Write a whole number above 0, taking off its largest unit first."""
    for unit, size in _UNITS:
        if number >= size:
            high, low = divmod(number, size)
            words = _whole_in_capitals(high) + unit
            if not low:
                return words
            return words + ("零" if low < size // 10 else "") + _whole_in_capitals(low)
    return _DIGITS[number]


def apportion(total_fen: int, shares: Sequence[Decimal | Fraction | int]) -> list[int]:
    """Share a total out by weight, to the fen: the parts sum to the total exactly (M12).

    Largest remainder; of equal remainders the share written first wins. A negative total is shared
    out as its opposite would be. Raises ValueError when a share is negative or they sum to nothing.
    """
    weights = [Fraction(share) for share in shares]
    whole = sum(weights, Fraction())
    if whole == 0 or min(weights) < 0:
        raise ValueError("shares must not be negative and must sum to more than nothing")
    exact = [abs(total_fen) * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_remainder[: abs(total_fen) - sum(parts)]:
        parts[place] += 1
    return parts if total_fen >= 0 else [-part for part in parts]
