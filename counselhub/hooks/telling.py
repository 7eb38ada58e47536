"""What a receiver is told: thin, so that whoever reads it over a shoulder learns no case."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, PlainSerializer
from pydantic.json_schema import WithJsonSchema

from counselhub.core import clock, programs
from counselhub.hooks.kinds import PATHS, HookKind
from counselhub.hooks.models import HookDelivery

Moment = Annotated[
    datetime,
    PlainSerializer(lambda value: clock.local(value).isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Told(BaseModel):
    """Something happened. `address`: where a token reads the thing as it now is.

    `id` is the event's: the same for every hook that is told of it. `sequence` counts what one
    hook was sent, without gaps, in the order in which it was first sent.
    """

    id: UUID
    kind: HookKind
    time: Moment
    sequence: int
    firm_id: UUID | None
    thing_id: UUID | None
    address: str | None


def body_of(delivery: HookDelivery) -> bytes:
    """Return the body of a delivery, the same each time it is sent."""
    return told(delivery).model_dump_json().encode()


def told(delivery: HookDelivery) -> Told:
    """Return what a delivery tells; before it is first sent its number is 0."""
    return Told(
        id=delivery.event_id,
        kind=HookKind.of(delivery.kind),
        time=delivery.at,
        sequence=delivery.sequence or 0,
        firm_id=delivery.firm_id,
        thing_id=delivery.subject_id,
        address=_address(delivery),
    )


def _address(delivery: HookDelivery) -> str | None:
    if delivery.subject is None:
        return None
    return f"{programs.PREFIX}{PATHS[delivery.subject]}{delivery.subject_id}"
