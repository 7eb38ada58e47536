"""Counts the statements that a page sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

QUIET = ("select set_config", "SAVEPOINT", "RELEASE SAVEPOINT")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements sent inside the block; scopes and savepoints are not counted."""
    sent: list[str] = []

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(QUIET):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", before)
