"""What each page of a sealed paper bears, so that whoever holds it can have it checked."""

from dataclasses import dataclass
from io import BytesIO

import segno

MARK = "counselhub-paper:"
"""Before the code, among the keywords of a PDF."""
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


def grouped(digits: str) -> str:
    """Write digits as people read them aloud: four by four, in capitals."""
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP)).upper()
