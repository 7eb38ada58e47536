"""Shapes that all resources share: what is asked, what is answered, how instants are written."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic.json_schema import WithJsonSchema

from counselhub.core import clock
from counselhub.core.paging import YEARS, month_of

Item = TypeVar("Item", bound=BaseModel)
MOST = 200
USUAL = 50

Instant = Annotated[
    datetime,
    PlainSerializer(lambda value: clock.local(value).isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant, told in the time of Shanghai: `2026-11-22T09:00:00+08:00`."""
Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A month, `2026-11`."""
Day = Annotated[date, Field(ge=date(YEARS[0], 1, 1), le=date(YEARS[-1], 12, 31))]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
"""The code of a community."""
StreetCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]
"""The code of a street."""
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time on the clock of Shanghai, `09:30`."""
Words = Annotated[str, StringConstraints(max_length=100)]


class Shown(BaseModel):
    """What a program is shown of one thing, read from its row."""

    model_config = ConfigDict(from_attributes=True)


class Asked(BaseModel):
    """What a program sends; a name that nobody knows is a fault, not passed over."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Listed(Asked):
    """How far to read a list."""

    limit: int = Field(USUAL, ge=1, le=MOST)
    cursor: str | None = Field(None, max_length=500)

    def filters(self) -> dict[str, Any]:
        """Return what was asked for beside where to read on."""
        return self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)


class PageOf(BaseModel, Generic[Item]):
    """A part of a list; `next` is the cursor of what follows, null at its end."""

    items: list[Item]
    next: str | None


class Fault(BaseModel):
    """What is wrong with one field; `pointer` tells where it stands."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = None


LEFT_OUT: Any = Field(default_factory=lambda: None)
"""A field of a change that may be left out, and that may not be emptied."""


def first_of(month: str | None) -> date | None:
    """Return the first day of a month as asked for."""
    return month_of(month) if month else None
