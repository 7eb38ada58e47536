"""Which products a member does not see, whosever they are: those of a matter behind a wall."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Uuid, all_, cast, func, or_, select


def beyond_walls(service_id: Any) -> ColumnElement[bool]:
    """Return the condition that the service of a product belongs to no matter behind a wall.

    Worded so that the planner knows how many rows it leaves: nearly all.
    """
    hidden = cast(select(func.walled_services()).scalar_subquery(), ARRAY(Uuid))
    return or_(service_id.is_(None), service_id != all_(hidden))
