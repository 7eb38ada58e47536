"""Where somebody goes after signing in."""

from flask import url_for

from counselhub.core import addresses


def own_path(address: str | None) -> str:
    """Return `address` when it is a path of ours, else the home page: no open redirect."""
    return addresses.own_path(address, url_for("home"))
