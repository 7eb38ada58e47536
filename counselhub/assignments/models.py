"""Who serves which community, from when to when; never overwritten."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole, EndCause
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community

DAYS = text("daterange(starts_on, ends_on, '[]')")


class Assignment(FirmScoped, Revised, Base):
    """指派: an adviser for a community, both days included; `ends_on` blank is open."""

    __tablename__ = "assignment"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        one_of("role", AssignmentRole),
        one_of("end_cause", EndCause),
        CheckConstraint("ends_on >= starts_on", name="term"),
        UniqueConstraint("firm_id", "community_code", "adviser_id", "role", "starts_on"),
        ExcludeConstraint(
            ("firm_id", "="),
            ("community_code", "="),
            (DAYS, "&&"),
            where=text("role = 'lead'"),
            name="ex_assignment_one_lead",
        ),
        Index("ix_assignment_adviser_id", "firm_id", "adviser_id"),
        Index("ix_assignment_street_code", "street_code", "firm_id"),
    )
    data_class = DataClass.FIRM_SHARED

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    adviser_id: Mapped[UUID]
    role: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    end_cause: Mapped[str | None]
    """A code of `EndCause`, where another lawyer followed."""

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
