"""A scheme as the firm holds it: its code, and its terms in dated versions."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.schemes.kinds import DeductionMode, LowestGrade, SettlementCycle


class Scheme(FirmScoped, Base):
    """补贴方案: named by contracts."""

    __tablename__ = "scheme"
    __table_args__ = (of_firm(), UniqueConstraint("firm_id", "code"))
    data_class = DataClass.FIRM_SHARED

    code: Mapped[str]
    name: Mapped[str]
    pack_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("scheme_pack.id", name="fk_scheme_pack_id"), index=True
    )
    """The rule pack (补贴办法) that the firm adopted for it: its versions come from there."""

    versions: Mapped[list["SchemeVersion"]] = relationship(
        back_populates="scheme",
        order_by="SchemeVersion.effective_from.nulls_first()",
        cascade="all, delete-orphan",
    )


class SchemeVersion(FirmScoped, Revised, Base):
    """The terms from one day on; `effective_from` blank means from the beginning.

    Amounts are whole fen, percentages 0 to 100; blank means that the scheme does not know the rule.
    """

    __tablename__ = "scheme_version"
    __table_args__ = (
        to_firm("scheme", "scheme_id", ondelete="CASCADE"),
        UniqueConstraint(
            "firm_id", "scheme_id", "effective_from", postgresql_nulls_not_distinct=True
        ),
        one_of("cycle", SettlementCycle),
        one_of("deduction_mode", DeductionMode),
        one_of("lowest_grade", LowestGrade),
        CheckConstraint(
            "coalesce(city_percent, 0) + coalesce(district_percent, 0)"
            " + coalesce(street_percent, 0)"
            " = CASE WHEN city_percent IS NULL AND district_percent IS NULL"
            " AND street_percent IS NULL THEN 0 ELSE 100 END",
            name="shares",
        ),
    )
    data_class = DataClass.FIRM_SHARED

    scheme_id: Mapped[UUID]
    effective_from: Mapped[date | None]
    annual_fen: Mapped[int]
    cycle: Mapped[str]
    required_hours: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    required_visits: Mapped[int | None]
    shortest_visit_minutes: Mapped[int | None]
    lowest_grade: Mapped[str | None]
    deduction_mode: Mapped[str]
    deduction_fen: Mapped[int | None]
    lecture_fen: Mapped[int | None]
    lecture_quarter_cap: Mapped[int | None]
    online_day_fen: Mapped[int | None]
    case_simple_fen: Mapped[int | None]
    case_ordinary_fen: Mapped[int | None]
    case_major_fen: Mapped[int | None]
    case_extraordinary_fen: Mapped[int | None]
    oral_percent: Mapped[Decimal | None]
    case_year_cap_fen: Mapped[int | None]
    withhold_percent: Mapped[Decimal | None]
    city_percent: Mapped[Decimal | None]
    district_percent: Mapped[Decimal | None]
    street_percent: Mapped[Decimal | None]
    pack_terms: Mapped[dict[str, Any] | None]
    """What only a rule pack can say (`statements.pack_codes`); blank for a firm's own version."""
    pack_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("scheme_pack_version.id"))
    """The version of the pack that this is a copy of: a trigger keeps it as it is."""

    scheme: Mapped[Scheme] = relationship(back_populates="versions")
