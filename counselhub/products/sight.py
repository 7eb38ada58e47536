"""Which products a member does not see, whosever they are: those of a matter behind a wall."""

from typing import Any

from sqlalchemy import ColumnElement, func, select


def beyond_walls(service_id: Any) -> ColumnElement[bool]:
    """Return the condition that the service of a product belongs to no matter behind a wall."""
    hidden = select(func.walled_services()).scalar_subquery()
    seen: ColumnElement[bool] = func.array_position(hidden, service_id).is_(None)
    return seen
