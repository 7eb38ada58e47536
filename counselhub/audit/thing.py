"""What makes a kind of row a thing of the record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counselhub.core import clock
from counselhub.core.permissions import Permission


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of row: any of `permissions` reads its record; `endpoint` is its page, if any."""

    model: type[Any]
    permissions: tuple[Permission, ...]
    title: str | Callable[[Any], str]
    """The column that names one, or what makes a name that may be shown."""
    endpoint: str = ""
    argument: str = ""

    def called(self, row: Any) -> str:
        """Return what a reader knows it by; an instant by the clock of Shanghai."""
        title = getattr(row, self.title) if isinstance(self.title, str) else self.title(row)
        if isinstance(title, datetime):
            return f"{clock.local(title):%Y-%m-%d %H:%M}"
        return str(title or "")
