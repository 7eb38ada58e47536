"""Addresses that came from outside: only a path of ours is ever gone to."""

import re
from urllib.parse import urlsplit

_ODD = re.compile(r"[\x00-\x20\\\x7f-\x9f\u2028\u2029]")
"""What browsers drop or read as a slash; a path that we made has none of them."""


def own_path(address: str | None, otherwise: str) -> str:
    """Return `address` when it is a path of ours, else `otherwise`: no open redirect."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return otherwise
    return otherwise if _ODD.search(address) else address


def path_of(address: str, otherwise: str) -> str:
    """Return path and query of an address on this page's host, wherever it pretends to be."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    path = "/" + parts.path.lstrip("/\\")
    return own_path(f"{path}?{parts.query}" if parts.query else path, otherwise)
