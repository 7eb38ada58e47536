"""Who was named to which administrator's duty, and until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.people.models import Membership, Person

LIVE = text("ended_at IS NULL")


class AdminDuty(Base):
    """One membership's duty in its tenant (kind and key as of a scope); never overwritten.

    One holder for each duty, one duty for each person. A duty whose membership has ended counts
    for nothing.
    """

    __tablename__ = "admin_duty"
    __table_args__ = (
        CheckConstraint("duty IN ('system', 'security', 'audit')", name="duty"),
        CheckConstraint("kind IN ('firm', 'office')", name="kind"),
        Index(
            "ix_admin_duty_one_holder", "kind", "key", "duty", unique=True, postgresql_where=LIVE
        ),
        Index(
            "ix_admin_duty_one_duty",
            "kind",
            "key",
            "person_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        Index("ix_admin_duty_membership_id", "membership_id"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    key: Mapped[str]
    duty: Mapped[str]
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    membership: Mapped[Membership] = relationship()
    person: Mapped[Person] = relationship()
