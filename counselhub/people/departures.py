"""A firm that leaves the service: what is kept of it, and the date that its members carry."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    and_,
    exists,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.people.models import Firm
from counselhub.people.states import DepartureStatus


class Departure(Revised, Base):
    """离开: asked for, waited for, then withdrawn or carried out. The platform keeps it.

    Who asked, when, and from which day on data may be deleted never change: a trigger keeps them.
    """

    __tablename__ = "departure"
    __table_args__ = (
        one_of("status", DepartureStatus),
        CheckConstraint(
            "deletes_on >= (asked_at AT TIME ZONE 'Asia/Shanghai')::date + 30", name="waits"
        ),
        CheckConstraint(
            "(status IN ('withdrawn', 'deleted')) = (ended_at IS NOT NULL)", name="ended"
        ),
        CheckConstraint(
            "(status = 'deleted') = (certificate IS NOT NULL)"
            " AND (certificate IS NULL) = (digest IS NULL)",
            name="certified",
        ),
        Index(
            "uq_departure_live",
            "firm_id",
            unique=True,
            postgresql_where=text("status <> 'withdrawn'"),
        ),
        Index("ix_departure_status", "status", "deletes_on"),
    )
    data_class = DataClass.PLATFORM
    is_office_only: ClassVar[bool] = True
    """Its acts join the firm's record of accounts, which outlives the firm's rows."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    status: Mapped[str] = mapped_column(default=DepartureStatus.ASKED)
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    deletes_on: Mapped[date]
    """The first day on which data may be deleted; until then it can be withdrawn."""
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str | None]
    code_digest: Mapped[str] = mapped_column(unique=True)
    """Of the code that stands on the certificate and opens the page that proves it."""
    code_sealed: Mapped[str | None]
    """The code, until it stands on the certificate or nothing comes of it."""
    check_at: Mapped[str]
    """The address of the page that proves certificates, as the asker reached this service."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How many rows went so far, by table; files as `files`, people as `people`."""
    digest: Mapped[str | None]
    """SHA-256 of the list on the certificate, hexadecimal."""
    certificate: Mapped[bytes | None] = mapped_column(deferred=True)

    firm: Mapped[Firm] = relationship(viewonly=True)

    @property
    def recorded_in(self) -> Scope:
        """Whose record its acts join."""
        return Scope(ScopeKind.FIRM, str(self.firm_id))


_d = Departure.__table__.c


def leaves_on(firm_id: Any) -> ColumnElement[date | None]:
    """Return the day from which a firm may be deleted, None unless it waits for that.

    firm_id: of an outer query.
    """
    return (
        select(_d.deletes_on)
        .where(_d.firm_id == firm_id, _d.status == DepartureStatus.ASKED.value)
        .scalar_subquery()
    )


def works() -> ColumnElement[bool]:
    """Return the condition of firms that somebody still works in: not closed, not deleted."""
    gone = (DepartureStatus.DELETING.value, DepartureStatus.DELETED.value)
    is_gone = exists().where(_d.firm_id == Firm.id, _d.status.in_(gone))
    return and_(Firm.closed_at.is_(None), ~is_gone)
