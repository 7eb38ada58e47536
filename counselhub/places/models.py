"""The national division codes: 6, 9 and 12 digits."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core import pinyin
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass


class District(Base):
    """区县, with the city and the province that hold it."""

    __tablename__ = "district"
    __table_args__ = (CheckConstraint("code ~ '^[0-9]{6}$'", name="code"),)
    data_class = DataClass.REFERENCE

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    city_name: Mapped[str]
    province_name: Mapped[str]


def _searched(context: Any) -> str:
    given = context.get_current_parameters()
    return pinyin.searchable(given["name"], given["code"])


class Street(Base):
    """街道（镇）, the place of one justice office; its code begins with its district's."""

    __tablename__ = "street"
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{9}$' AND left(code, 6) = district_code", name="code"),
    )
    data_class = DataClass.REFERENCE

    code: Mapped[str] = mapped_column(primary_key=True)
    district_code: Mapped[str] = mapped_column(ForeignKey("district.code"), index=True)
    name: Mapped[str]
    search: Mapped[str] = mapped_column(default=_searched)
    """Code, name, pinyin and initials in one lower-case text."""

    district: Mapped[District] = relationship()


class Community(Base):
    """社区 or 村; found by name, by pinyin initials and by code."""

    __tablename__ = "community"
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{12}$' AND left(code, 9) = street_code", name="code"),
        Index(
            "ix_community_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )
    data_class = DataClass.REFERENCE

    code: Mapped[str] = mapped_column(primary_key=True)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"), index=True)
    name: Mapped[str]
    pinyin: Mapped[str]
    """The order of lists: no collation knows Chinese here."""
    search: Mapped[str]
    """Code, name, pinyin and initials in one lower-case text, under one trigram index."""

    street: Mapped[Street] = relationship()

    @property
    def short_name(self) -> str:
        """The name without its official ending: 南龙社区."""
        return short_name(self.name)


def short_name(name: str) -> str:
    """Return a community's name without its official ending: 南龙社区."""
    for ending in ("居民委员会", "居委会", "村民委员会", "村委会"):
        if name.endswith(ending) and name != ending:
            stem = name.removesuffix(ending)
            return stem if stem.endswith(("社区", "村")) else f"{stem}社区"
    return name
