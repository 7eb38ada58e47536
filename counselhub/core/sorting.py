"""The order of a list: by one of the keys that its page offers, one way or the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from sqlalchemy import Select

Sorts = Mapping[str, Sequence[Any]]
"""The columns to order by for each key; the first key is a day, and the list's own order."""


def asked_sort(sorts: Sorts) -> str:
    """Return the key that the address asks for (`?sort=day&direction=desc`), `-key` downwards.

    The first key when it asks for none or for nonsense; that one comes newest first unless the
    address says otherwise.
    """
    first = next(iter(sorts))
    key = request.args.get("sort", first)
    if key not in sorts:
        key = first
    direction = request.args.get("direction", "desc" if key == first else "asc")
    return f"-{key}" if direction == "desc" else key


def ordered(query: Select[Any], sorts: Sorts, sort: str) -> Select[Any]:
    """Return `query` in an order as `asked_sort` gives it."""
    columns = sorts[sort.removeprefix("-")]
    return query.order_by(*(c.desc() if sort.startswith("-") else c for c in columns))
