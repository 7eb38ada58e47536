"""Teams with what they know and where they work; what communities need; the firm's own rules."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community
from counselhub.referrals.kinds import Speciality, TeamRole, Urgency

ONE_NAME = "uq_team_name"
ONCE_IN_A_TEAM = "uq_team_member_once"


class Team(FirmScoped, Revised, Base):
    """团队: lawyers with a speciality for a cluster (片区) of communities; `ends_on` is its last
    day.
    """

    __tablename__ = "team"
    __table_args__ = (
        of_firm(),
        CheckConstraint("ends_on >= starts_on", name="term"),
        Index(ONE_NAME, "firm_id", "name", unique=True, postgresql_where=text("ends_on IS NULL")),
    )
    data_class = DataClass.FIRM_PRIVATE

    name: Mapped[str]
    specialities: Mapped[list[str]] = mapped_column(default=list)
    """Codes of `Speciality`."""
    cluster: Mapped[list[str]] = mapped_column(default=list)
    """Codes of communities (12 digits) and of whole streets (9 digits)."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    members: Mapped[list["TeamMember"]] = relationship(
        viewonly=True, lazy="raise", order_by="TeamMember.joined_on, TeamMember.id"
    )


class TeamMember(FirmScoped, Base):
    """A lawyer in a team; who has left stays on record."""

    __tablename__ = "team_member"
    __table_args__ = (
        to_firm("team", "team_id"),
        to_firm("adviser", "adviser_id"),
        one_of("role", TeamRole),
        CheckConstraint("left_on >= joined_on", name="term"),
        Index(
            ONCE_IN_A_TEAM,
            "firm_id",
            "team_id",
            "adviser_id",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        Index(
            "uq_team_member_leader",
            "firm_id",
            "team_id",
            unique=True,
            postgresql_where=text("left_on IS NULL AND role = 'leader'"),
        ),
        Index("ix_team_member_adviser", "firm_id", "adviser_id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    team_id: Mapped[UUID]
    adviser_id: Mapped[UUID]
    role: Mapped[str]
    joined_on: Mapped[date]
    left_on: Mapped[date | None]

    adviser: Mapped[Adviser] = relationship(viewonly=True)


class CommunityNeed(FirmScoped, Base):
    """需求清单: one kind of help that a community asks for most."""

    __tablename__ = "community_need"
    __table_args__ = (
        of_firm(),
        one_of("speciality", Speciality),
        UniqueConstraint("firm_id", "community_code", "speciality"),
    )
    data_class = DataClass.FIRM_PRIVATE

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    speciality: Mapped[str]

    community: Mapped[Community] = relationship(viewonly=True)


class ReferralRule(FirmScoped, Revised, Base):
    """转介规则: limits in hours by urgency, who is told when they pass; one for a firm."""

    __tablename__ = "referral_rule"
    __table_args__ = (
        to_firm("adviser", "liaison_id"),
        UniqueConstraint("firm_id"),
        CheckConstraint(
            "least(answer_normal, answer_pressing, answer_urgent,"
            " handle_normal, handle_pressing, handle_urgent) >= 1"
            " AND greatest(answer_normal, answer_pressing, answer_urgent,"
            " handle_normal, handle_pressing, handle_urgent) <= 720",
            name="hours",
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    answer_normal: Mapped[int] = mapped_column(default=16)
    answer_pressing: Mapped[int] = mapped_column(default=8)
    answer_urgent: Mapped[int] = mapped_column(default=2)
    handle_normal: Mapped[int] = mapped_column(default=80)
    handle_pressing: Mapped[int] = mapped_column(default=40)
    handle_urgent: Mapped[int] = mapped_column(default=48)
    liaison_id: Mapped[UUID | None]
    """应急联络人."""
    places_itself: Mapped[bool] = mapped_column(default=False)
    """Whether a new referral is triaged and offered by rule, without the manager."""

    liaison: Mapped[Adviser | None] = relationship(viewonly=True)

    def answer_hours(self, urgency: Urgency) -> int:
        """Within how many hours each step before and after the handling is due."""
        hours: int = getattr(self, f"answer_{urgency.value}")
        return hours

    def handle_hours(self, urgency: Urgency) -> int:
        """Within how many hours of accepting an opinion is due."""
        hours: int = getattr(self, f"handle_{urgency.value}")
        return hours
