"""Whose honey a marker is, and what a firm has of it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import PLATFORM, apart, as_platform
from counselhub.honey.models import HoneyRow


def owners(markers: Collection[str]) -> dict[str, UUID]:
    """Return the firm of each marker that is one of ours; in a transaction of its own."""
    query = select(HoneyRow.marker, HoneyRow.firm_id).where(HoneyRow.marker.in_(markers))
    with apart(db.engine, PLATFORM) as connection:
        return {row.marker: row.firm_id for row in connection.execute(query)}


def planted(firm_id: UUID) -> set[str]:
    """Return the tables in which a firm has its honey row."""
    with as_platform():
        query = select(HoneyRow.table_name).where(HoneyRow.firm_id == firm_id)
        return set(db.session.scalars(query))
