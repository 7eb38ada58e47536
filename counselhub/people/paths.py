"""Where somebody goes after signing in."""

from flask import url_for


def own_path(address: str | None) -> str:
    """Return `address` when it is a path of ours, else the home page: no open redirect."""
    safe = address and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if address and safe else url_for("home")
