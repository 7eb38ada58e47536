"""Rounds of two-way choice: the wishes of both sides, and what is proposed of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.choosing.kinds import RoundStatus, Side
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community, Street

MOST_WISHES = 5


class ChoiceRound(FirmScoped, Revised, Base):
    """双向选择: who leads from `starts_on` on; of one street, or of all that the firm serves."""

    __tablename__ = "choice_round"
    __table_args__ = (
        of_firm(),
        one_of("status", RoundStatus),
        CheckConstraint("most BETWEEN 1 AND 20", name="most"),
        CheckConstraint("closes_on < starts_on", name="days"),
        Index("ix_choice_round_list", "firm_id", "starts_on", "id"),
    )
    data_class = DataClass.FIRM_PRIVATE

    name: Mapped[str]
    street_code: Mapped[str | None] = mapped_column(ForeignKey("street.code"))
    closes_on: Mapped[date]
    """The last day on which lawyers state their wishes."""
    starts_on: Mapped[date]
    most: Mapped[int]
    """How many communities one lawyer leads at most."""
    status: Mapped[str] = mapped_column(default=RoundStatus.OPEN)
    made_at: Mapped[datetime]
    """When it was opened, matched or edited last."""

    street: Mapped[Street | None] = relationship(viewonly=True)


class ChoiceWish(FirmScoped, Base):
    """意愿: a community that a lawyer wishes, or a lawyer whom a community wishes; rank 1 first."""

    __tablename__ = "choice_wish"
    __table_args__ = (
        to_firm("choice_round", "round_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        one_of("side", Side),
        CheckConstraint(f"rank BETWEEN 1 AND {MOST_WISHES}", name="rank"),
        UniqueConstraint("firm_id", "round_id", "side", "adviser_id", "community_code"),
        Index(
            "uq_choice_wish_lawyer",
            "firm_id",
            "round_id",
            "adviser_id",
            "rank",
            unique=True,
            postgresql_where=text("side = 'lawyer'"),
        ),
        Index(
            "uq_choice_wish_community",
            "firm_id",
            "round_id",
            "community_code",
            "rank",
            unique=True,
            postgresql_where=text("side = 'community'"),
        ),
    )
    data_class = DataClass.FIRM_PRIVATE

    round_id: Mapped[UUID]
    side: Mapped[str]
    adviser_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    rank: Mapped[int]


class ChoiceProposal(FirmScoped, Base):
    """方案: who is proposed for a community, nobody where none is left, and what speaks for it."""

    __tablename__ = "choice_proposal"
    __table_args__ = (
        to_firm("choice_round", "round_id", ondelete="CASCADE"),
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "round_id", "community_code"),
    )
    data_class = DataClass.FIRM_PRIVATE

    round_id: Mapped[UUID]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID | None]
    reasons: Mapped[list[str]] = mapped_column(default=list)
    """Codes of `kinds.Plus`, the weightiest first."""

    adviser: Mapped[Adviser | None] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
