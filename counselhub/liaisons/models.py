"""Liaisons of streets and communities, and advisers on mediation committees: shared by the firm."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.advisers.models import Adviser
from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.liaisons.kinds import CommitteeRole
from counselhub.people.models import Firm
from counselhub.places.models import Community, Street

IN_STREET = "left(community_code, 9) = street_code"
POST_TWICE = "ex_committee_post_twice"


class Liaison(FirmScoped, Revised, Base):
    """镇级、村级联络员: whom a lawyer calls; of a whole street when it names no community."""

    __tablename__ = "liaison"
    __table_args__ = (
        of_firm(),
        CheckConstraint(IN_STREET, name="street_code"),
        CheckConstraint("ends_on >= starts_on", name="term"),
        CheckConstraint("checked_on >= starts_on", name="checked_on"),
        Index("ix_liaison_community_code", "firm_id", "community_code"),
        Index("ix_liaison_street_code", "street_code", "community_code"),
        Index("ix_liaison_checked_on", "firm_id", "checked_on"),
    )
    data_class = DataClass.FIRM_SHARED

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    community_code: Mapped[str | None] = mapped_column(ForeignKey("community.code"))
    name: Mapped[str]
    post: Mapped[str]
    phone: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    checked_on: Mapped[date]
    """When somebody last made sure that it is still right."""

    community: Mapped[Community | None] = relationship(viewonly=True)
    street: Mapped[Street] = relationship(viewonly=True)
    firm: Mapped[Firm | None] = relationship(
        viewonly=True, primaryjoin="foreign(Liaison.firm_id) == Firm.id"
    )


class CommitteePost(FirmScoped, Revised, Base):
    """人民调解委员会任职: an adviser on a community's committee; `ends_on` blank is open."""

    __tablename__ = "committee_post"
    __table_args__ = (
        to_firm("adviser", "adviser_id"),
        CheckConstraint(IN_STREET, name="street_code"),
        CheckConstraint("ends_on >= starts_on", name="term"),
        one_of("role", CommitteeRole),
        ExcludeConstraint(
            ("firm_id", "="),
            ("community_code", "="),
            ("adviser_id", "="),
            (text("daterange(starts_on, ends_on, '[]')"), "&&"),
            name=POST_TWICE,
        ),
        Index("ix_committee_post_street_code", "street_code", "community_code"),
        Index("ix_committee_post_adviser_id", "firm_id", "adviser_id"),
    )
    data_class = DataClass.FIRM_SHARED

    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    adviser_id: Mapped[UUID]
    role: Mapped[str]
    document: Mapped[str | None]
    """聘书或任职文件的文号."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    adviser: Mapped[Adviser] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True)
