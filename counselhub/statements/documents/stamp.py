"""What each page of a sealed paper bears, so that whoever holds it can have it checked."""

import re
import secrets
from dataclasses import dataclass
from io import BytesIO

import segno

MARK = "counselhub-paper:"
"""Before the code, among the keywords of a PDF."""
CODE_BYTES = 16
CODE = f"[0-9a-f]{{{CODE_BYTES * 2}}}"
"""The pattern of a code as it is kept: hexadecimal, in small letters."""
SHORT_DIGITS = 16
GROUP = 4


@dataclass(frozen=True, slots=True)
class Stamp:
    """The code of a seal and its digest, both hexadecimal; address: of the public page."""

    code: str
    digest: str
    address: str

    @property
    def short_digest(self) -> str:
        """The beginning of the digest: enough to compare by eye."""
        return self.digest[:SHORT_DIGITS]

    @property
    def picture(self) -> str:
        """The QR code of the address, as SVG."""
        drawn = BytesIO()
        segno.make(self.address, error="m").save(drawn, kind="svg", border=1)
        return drawn.getvalue().decode()


def new_code() -> str:
    """Return a code for a paper, which nobody guesses."""
    return secrets.token_hex(CODE_BYTES)


def code_in_address(token: str) -> str:
    """Return the code that an address names, as it is kept.

    "" for what is no code: it is looked up like any other, so that nothing tells the two apart.
    """
    code = token.lower()
    return code if re.fullmatch(CODE, code) else ""


def grouped(digits: str) -> str:
    """Write digits as people read them aloud: four by four, in capitals."""
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP)).upper()
