"""Pages of services: the quick entry, one record and what is beside it, lists, pasting, checks."""

from counselhub.services.routes import (
    entry,
    files,
    follow_ups,
    inspection,
    listing,
    pasting,
    templates,
)
from counselhub.services.routes.blueprint import bp

__all__ = [
    "bp",
    "entry",
    "files",
    "follow_ups",
    "inspection",
    "listing",
    "pasting",
    "templates",
]
