"""The embedded PostgreSQL server: a clone runs where no database is installed."""

from counselhub.core.postgres.accounts import ServerError
from counselhub.core.postgres.roles import DatabaseUrls
from counselhub.core.postgres.server import (
    admin_url,
    ensure_server,
    remove_server,
    running_server,
    stop_server,
)

__all__ = [
    "DatabaseUrls",
    "ServerError",
    "admin_url",
    "ensure_server",
    "remove_server",
    "running_server",
    "stop_server",
]
