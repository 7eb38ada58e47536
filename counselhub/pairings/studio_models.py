"""Named studios in communities (党建+律师调解工作室)."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.places.models import Community


class PartyStudio(FirmScoped, Revised, Base):
    """工作室: where both sides receive people together; members are named as the plate does."""

    __tablename__ = "party_studio"
    __table_args__ = (
        of_firm(),
        Index("ix_party_studio_community_code", "firm_id", "community_code"),
        Index("ix_party_studio_street_code", "street_code"),
    )
    data_class = DataClass.FIRM_SHARED

    community_code: Mapped[str] = mapped_column(ForeignKey("community.code"))
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    name: Mapped[str]
    address: Mapped[str]
    members: Mapped[str]
    opening: Mapped[str]
    """Opening hours, as the plate says them."""
    is_public: Mapped[bool]
    """Whether the public card of the community shows it."""

    community: Mapped[Community] = relationship(viewonly=True)
