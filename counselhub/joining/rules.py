"""What a law firm's numbers look like. Pure."""

import re

from stdnum.cn import uscc

OF_LAW_FIRMS = "31"
"""How their credit code begins: 3 the justice administration, 1 a practice (GB 32100-2015)."""
OLDER_LICENCE = re.compile(r"2[0-9]{16}")
"""Licences from before the one code: seventeen digits."""
PHONE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}")


def credit_code(typed: str) -> str | None:
    """Return a law firm's unified social credit code as it is written, None for no such code.

    Blanks, hyphens and small letters are forgiven; the check character is not.
    """
    code = str(uscc.compact(typed))
    return code if code.startswith(OF_LAW_FIRMS) and uscc.is_valid(code) else None


def licence_number(typed: str) -> str | None:
    """Return the number of a firm's practising licence, None for no such number.

    Today it is the credit code itself; older ones have seventeen digits and begin with 2.
    """
    number = re.sub(r"[\s-]", "", typed).upper()
    return number if OLDER_LICENCE.fullmatch(number) else credit_code(number)


def is_phone(typed: str) -> bool:
    """Whether this is a mobile number of the mainland, or one with its area code."""
    return PHONE.fullmatch(typed.replace(" ", "")) is not None
