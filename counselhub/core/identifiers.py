"""Numbers that name a person or an organisation in China, judged by their own check digits. Pure.

统一社会信用代码: GB 32100-2015. 居民身份证: GB 11643-1999, whose check digit is ISO 7064 MOD 11-2.
"""

import re
import unicodedata
from datetime import date

CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""What a unified code is written with: no I, O, S, V, Z."""
CODE_SHAPE = re.compile(rf"[{CODE_SIGNS}]{{2}}[0-9]{{6}}[{CODE_SIGNS}]{{10}}")
ID_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
OLD_SHAPE = re.compile(r"[0-9]{15}")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71))
    for code in range(first, last + 1)
) | {"81", "82", "83"}
"""The first two digits: provinces, and residence permits of Hong Kong, Macao and Taiwan."""
FIRST_BIRTH = date(1900, 1, 1)


class IdentifierError(ValueError):
    """It cannot be such a number; `code` says why: shape, region, date or check."""

    def __init__(self, code: str) -> None:
        """Keep the code: the sentence is the form's."""
        super().__init__(code)
        self.code = code


def plain(typed: str) -> str:
    """Return what was typed in upper case and half width, without blanks and dashes."""
    signs = unicodedata.normalize("NFKC", typed).upper()
    return "".join(
        sign
        for sign in signs
        if not sign.isspace() and sign not in "-‐−—" and unicodedata.category(sign) != "Cf"
    )


def credit_code(typed: str) -> str:
    """Return a 统一社会信用代码 in its one way of writing.

    Raises IdentifierError: shape or check.
    """
    code = plain(typed)
    if not CODE_SHAPE.fullmatch(code):
        raise IdentifierError("shape")
    if code[17] != credit_check(code[:17]):
        raise IdentifierError("check")
    return code


def credit_check(head: str) -> str:
    """Return the check sign of a unified code's first 17 signs."""
    total = sum(CODE_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(head))
    return CODE_SIGNS[-total % 31]


def identity_number(typed: str, today: date) -> str:
    """Return a 居民身份证 number of 18 signs; one of 15 digits is written anew.

    Raises IdentifierError: shape, region, date (of birth: real, from 1900 up to `today`) or check.
    """
    number = plain(typed)
    if OLD_SHAPE.fullmatch(number):
        number = f"{number[:6]}19{number[6:]}"
        number += identity_check(number)
    if not ID_SHAPE.fullmatch(number):
        raise IdentifierError("shape")
    if number[:2] not in PROVINCES:
        raise IdentifierError("region")
    _refuse_date(number[6:14], today)
    if number[17] != identity_check(number[:17]):
        raise IdentifierError("check")
    return number


def _refuse_date(digits: str, today: date) -> None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise IdentifierError("date") from error
    if not FIRST_BIRTH <= born <= today:
        raise IdentifierError("date")


def identity_check(head: str) -> str:
    """Return the check sign of an identity number's first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(head, ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11]


def masked(number: str) -> str:
    """Return a number with its middle hidden: 4403**********0018."""
    return f"{number[:4]}**********{number[-4:]}" if len(number) > 8 else ""
