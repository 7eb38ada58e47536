"""CounselHub: one community, one legal adviser (一社区一法律顾问), from the firm's side."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from counselhub.core.postgres import DatabaseUrls


def create_app(urls: "DatabaseUrls") -> "Flask":
    """Return the application, connected as the application's role of `urls`."""
    from counselhub.wiring import wire

    return wire(urls)
