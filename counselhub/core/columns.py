"""Column shapes that several tables share."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from counselhub.core.labels import Labelled


class Revised:
    """A row that two people may have open at once: a stale write is refused, never lost."""

    revision: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # SQLAlchemy's declared_attr
        return {"version_id_col": cls.__dict__.get("revision", cls.revision)}


def one_of(column: str, labels: type[Labelled]) -> CheckConstraint:
    """Return the CHECK that keeps a text column within the codes of `labels`."""
    codes = ", ".join(f"'{member.value}'" for member in labels)
    return CheckConstraint(f"{column} IN ({codes})", name=column)


def to_firm(table: str, column: str, **options: Any) -> ForeignKeyConstraint:
    """Return a foreign key between two tables of one firm: it carries the firm."""
    return ForeignKeyConstraint(["firm_id", column], [f"{table}.firm_id", f"{table}.id"], **options)


def of_firm() -> ForeignKeyConstraint:
    """Return the foreign key to the tenant: for tables that no other firm's table leads to."""
    return ForeignKeyConstraint(["firm_id"], ["firm.id"])
