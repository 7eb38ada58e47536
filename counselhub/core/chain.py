"""The chain of digests over a tenant's acts: what a trigger writes when a transaction commits.

A chain is a tenant's (`firm:<id>`, `office:<street>`, …) and holds both its acts on rows (`event`)
and its acts on accounts (`account_event`), in the order of their commits. The digest of a link is
sha256 over the digest before it and the canonical bytes of its act; before the first stands the
digest of the chain's name. Nobody but the trigger writes here: see migration 0021.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.db import Base
from counselhub.core.row_security import DataClass

AT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
"""SQL of an instant as the same text under every setting of the session."""

EVENT_FIELDS = (
    "{0}.firm_id::text",
    "{0}.id::text",
    AT.format("{0}.at"),
    "{0}.subject",
    "{0}.subject_id::text",
    "{0}.act",
    "{0}.from_status",
    "{0}.to_status",
    "{0}.actor_id::text",
    "{0}.actor_name",
    "{0}.actor_side",
    "{0}.street_code",
    "{0}.detail::text",
    "{0}.membership_id::text",
    "{0}.address",
    "{0}.changes::text",
)
ACCOUNT_FIELDS = (
    "{0}.id::text",
    AT.format("{0}.at"),
    "{0}.kind",
    "{0}.key",
    "{0}.act",
    "{0}.outcome",
    "{0}.person_id::text",
    "{0}.membership_id::text",
    "{0}.name",
    "{0}.address",
    "{0}.detail::text",
)


def canonical(fields: Sequence[str], row: str) -> str:
    """Return SQL for the bytes of `row` that a digest is taken over.

    Each field is its length in bytes, a colon and its text; a missing one is `-`. No two different
    rows give the same bytes.
    """
    parts = (field.format(row) for field in fields)
    pieces = (f"coalesce(octet_length({part})::text || ':' || ({part}), '-')" for part in parts)
    return f"convert_to({' || '.join(pieces)}, 'UTF8')"


class EventLink(Base):
    """One act in its chain. It stays when the act itself was pruned: then `pruned_on` is set."""

    __tablename__ = "event_link"
    __table_args__ = (Index("ix_event_link_event_id", "event_id"),)
    data_class = DataClass.PLATFORM

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3, … without gaps."""
    source: Mapped[str]
    """The table of the act: `event` or `account_event`."""
    event_id: Mapped[UUID]
    digest: Mapped[bytes]
    pruned_on: Mapped[date | None]


class ChainDay(Base):
    """The last link of a chain on a day of Shanghai's calendar; today's moves with every commit."""

    __tablename__ = "chain_day"
    __table_args__ = (Index("ix_chain_day_firm_id", "firm_id", "day"),)
    data_class = DataClass.PLATFORM

    chain: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    firm_id: Mapped[UUID | None]
    """The firm of a firm's chain: the offices that it serves read its days."""
    seq: Mapped[int]
    digest: Mapped[bytes]
