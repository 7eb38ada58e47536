"""A firm's own report templates; the built-in ones are data of the program."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.columns import Revised, of_firm
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.programme import data
from counselhub.programme.rules import Template


class ReportTemplate(FirmScoped, Revised, Base):
    """报表模板: what `programme.data` writes of its columns, in their order."""

    __tablename__ = "report_template"
    __table_args__ = (
        of_firm(),
        UniqueConstraint("firm_id", "name"),
        CheckConstraint("jsonb_typeof(columns) = 'array'", name="columns"),
    )
    data_class = DataClass.FIRM_PRIVATE

    name: Mapped[str]
    title: Mapped[str]
    """What stands above the table on paper."""
    columns: Mapped[list[Any]]
    has_total: Mapped[bool]
    copied_from: Mapped[str] = mapped_column(default="")
    """The name of the template it began as."""
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str]

    @property
    def template(self) -> Template:
        """The template as the rules know it."""
        return Template(self.name, self.title, data.read(self.columns), self.has_total)
