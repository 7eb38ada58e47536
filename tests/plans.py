"""Explains the statements that a page sends, as it sends them: in its scope, with its person."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def plans() -> Iterator[list[str]]:
    """Collect the plan of every query that is sent inside the block."""
    found: list[str] = []

    def before(_conn: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            with cursor.connection.cursor() as beside:
                beside.execute(f"EXPLAIN {statement}", parameters)
                plan = "\n".join(row[0] for row in beside)
            found.append(f"{statement}\n{plan}")

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", before)
