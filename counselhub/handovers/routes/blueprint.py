"""The blueprint of handing over, and what its pages share."""

from flask import Blueprint

from counselhub.core.errors import NotFoundError
from counselhub.core.permissions import Permission
from counselhub.places import queries as places
from counselhub.places.models import Community

bp = Blueprint("handovers", __name__)
P = Permission


def community_of(code: str) -> Community:
    """Return a community with its street. Raises NotFoundError."""
    community = places.by_code(code)
    if community is None:
        raise NotFoundError()
    return community
