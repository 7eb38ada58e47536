"""A signature behind the end of a PDF that we made: any other byte in it, and it does not hold.

Readers of PDF ignore what follows the end. The key stands with the paper's code and is shown to
nobody, so a file that holds was made here and is as it was made.
"""

import hmac
import re
from hashlib import sha256

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.people.sign_ins import digest
from counselhub.statements.documents.stamp import CODE, MARK, Stamp
from counselhub.statements.sealed_models import PaperCode

TRAILER = re.compile(rb"\n%counselhub-signature ([0-9a-f]{64})\n\Z")
MARKED = re.compile(f"{MARK}({CODE})".encode())


def issued(content: bytes, stamp: Stamp | None) -> bytes:
    """Return a PDF as it leaves: signed when it bears a stamp."""
    if stamp is None:
        return content
    with as_platform():
        query = select(PaperCode.key).where(PaperCode.digest == digest(stamp.code))
        key = db.session.scalars(query).one()
    return content + f"\n%counselhub-signature {_signature(key, content)}\n".encode()


def code_in(content: bytes) -> str:
    """Return the code that a PDF bears, "" for none."""
    found = MARKED.search(content)
    return found[1].decode() if found else ""


def is_as_issued(content: bytes, key: bytes) -> bool:
    """Whether a PDF is, byte for byte, what was signed with `key`."""
    found = TRAILER.search(content)
    if found is None:
        return False
    return hmac.compare_digest(_signature(key, content[: found.start()]), found[1].decode())


def _signature(key: bytes, content: bytes) -> str:
    return hmac.new(key, content, sha256).hexdigest()
