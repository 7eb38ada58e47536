"""Rows of the platform's class that are one firm's or one office's own: found by its scope."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Mapped

from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.tenancy import Scope, ScopeKind, as_platform


class Placed:
    """A row of one place: kind and key are those of the place's scope."""

    kind: Mapped[str]
    key: Mapped[str]

    @property
    def scope(self) -> Scope:
        """The scope of the place that it is of."""
        return Scope(ScopeKind(self.kind), self.key)

    @classmethod
    def of(cls, scope: Scope) -> ColumnElement[bool]:
        """Return the condition of a place's own rows; to be asked under the platform's scope."""
        return and_(cls.kind == scope.kind.value, cls.key == scope.key)


Row = TypeVar("Row", bound=Placed)


def own(model: type[Row], row_id: UUID, scope: Scope, *, locked: bool = False) -> Row:
    """Return a row of a place's own. Raises NotFoundError for another place's and for none.

    locked: until the transaction ends, for an act. Which permission it takes, the route asks.
    """
    table: Any = model
    query = select(table).where(table.id == row_id, model.of(scope))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    with as_platform():
        found: Row | None = db.session.scalar(query)
    if found is None:
        raise NotFoundError()
    return found
