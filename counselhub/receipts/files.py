"""Bank files that were tried and wait for their import: kept by their digest for a month."""

from uuid import UUID

from counselhub.core import uploads
from counselhub.core.errors import NotFoundError

ENDING = ".bank"


def keep(firm_id: UUID, data: bytes) -> str:
    """Keep a judged upload and return its digest."""
    return uploads.keep(firm_id, data, ENDING)


def read(firm_id: UUID, digest: str) -> bytes:
    """Return the very file that was tried. Raises NotFoundError, ConflictError (altered)."""
    if not uploads.path_of(firm_id, digest, ENDING).exists():
        raise NotFoundError()
    return uploads.read(firm_id, digest, ENDING)
