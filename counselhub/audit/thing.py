"""What makes a kind of row a thing of the record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
