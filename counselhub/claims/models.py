"""Case subsidy claims (以案定补)."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.core.columns import Revised, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community
from counselhub.services.kinds import DisputeKind


class CaseClaim(FirmScoped, Revised, Base):
    """One mediated case that the firm claims a subsidy for; paid once ever by its number (M8)."""

    __tablename__ = "case_claim"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        UniqueConstraint("firm_id", "number"),
        one_of("dispute_kind", DisputeKind),
        one_of("difficulty", Difficulty),
        one_of("form", AgreementForm),
        CheckConstraint("closed_on >= accepted_on", name="order"),
        Index("ix_case_claim_month", "firm_id", "community_code", "closed_on"),
        Index("ix_case_claim_street", "street_code", "closed_on"),
        Index("ix_case_claim_number", "number"),
    )
    data_class = DataClass.FIRM_SHARED

    number: Mapped[str]
    accepted_on: Mapped[date]
    closed_on: Mapped[date]
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    adviser_id: Mapped[UUID]
    dispute_kind: Mapped[str | None]
    difficulty: Mapped[str]
    form: Mapped[str]
    fulfilled: Mapped[bool] = mapped_column(default=False)
    dossier_complete: Mapped[bool] = mapped_column(default=False)

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
