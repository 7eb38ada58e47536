"""Column shapes that several tables share."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    literal,
    or_,
    true,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from counselhub.core.labels import Labelled


class Revised:
    """A row that two people may have open at once: a stale write is refused, never lost."""

    revision: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # SQLAlchemy's declared_attr
        return {"version_id_col": cls.__dict__.get("revision", cls.revision)}


def one_of(column: str, labels: type[Labelled]) -> CheckConstraint:
    """Return the CHECK that keeps a text column within the codes of `labels`, and remember them."""
    codes = ", ".join(f"'{member.value}'" for member in labels)
    known = {"column": column, "labels": labels}
    return CheckConstraint(f"{column} IN ({codes})", name=column, info=known)


@cache
def labels_of(base: type[Any]) -> Mapping[tuple[str, str], type[Labelled]]:
    """Return the labels of each column that `one_of` keeps, by table and column."""
    return {
        (table.name, check.info["column"]): check.info["labels"]
        for table in base.metadata.tables.values()
        for check in table.constraints
        if "labels" in check.info
    }


def to_firm(table: str, column: str, **options: Any) -> ForeignKeyConstraint:
    """Return a foreign key between two tables of one firm: it carries the firm."""
    return ForeignKeyConstraint(["firm_id", column], [f"{table}.firm_id", f"{table}.id"], **options)


def of_firm() -> ForeignKeyConstraint:
    """Return the foreign key to the tenant: for tables that no other firm's table leads to."""
    return ForeignKeyConstraint(["firm_id"], ["firm.id"])


def among(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Return the condition that `column` is one of `ids`.

    However many there are, it is one statement to plan, and one text to send.
    """
    sent = literal("{" + ",".join(map(str, ids)) + "}", Text)
    found: ColumnElement[bool] = column == any_(cast(sent, ARRAY(Uuid)))
    return found


def containing(words: str, *columns: Any) -> ColumnElement[bool]:
    """Return the condition that each of `words` stands in one of `columns`, in whatever case."""
    return and_(
        true(),
        *(
            or_(*(column.icontains(word, autoescape=True) for column in columns))
            for word in words.split()
        ),
    )
