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
from counselhub.core.postgres.settings import data_folder, open_database, outside_urls

__all__ = [
    "DatabaseUrls",
    "ServerError",
    "admin_url",
    "data_folder",
    "ensure_server",
    "open_database",
    "outside_urls",
    "remove_server",
    "running_server",
    "stop_server",
]
