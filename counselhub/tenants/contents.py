"""What belongs to a firm, table by table, and what of others its rows lean on.

Read off the schema, so that a table nobody thought of cannot be forgotten: a firm's tables go
whole; of the platform's only those named here; of places, rule packs and persons what the firm's
rows name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import ForeignKeyConstraint, LargeBinary, Table

from counselhub.core.db import Base
from counselhub.core.row_security import DataClass

FIRMS = (DataClass.FIRM_PRIVATE, DataClass.FIRM_SHARED)
LEANED_ON = (
    "district",
    "street",
    "community",
    "scheme_pack",
    "scheme_pack_version",
    "premises_issue",
    "person",
)
"""Tables of others that rows of a firm name by a foreign key: only what is named goes along."""
OF_SCOPE = "kind = 'firm' AND key = CAST(:firm AS text)"
OF_FIRM = "firm_id = CAST(CAST(:firm AS text) AS uuid)"
OF_CHAIN = "chain = 'firm:' || CAST(:firm AS text)"
OF_PLATFORM: Mapping[str, str] = {
    "firm": "id = CAST(CAST(:firm AS text) AS uuid)",
    "membership": OF_FIRM,
    "admin_duty": OF_SCOPE,
    "account_rule": OF_SCOPE,
    "factor_rule": OF_SCOPE,
    "account_event": OF_SCOPE,
    "event_link": OF_CHAIN,
    "chain_day": OF_CHAIN,
    "acceptance": OF_FIRM,
    "honey_row": OF_FIRM,
    "paper_code": OF_FIRM,
    "answer_board": OF_FIRM,
    "public_card": OF_FIRM,
    "calendar_feed": OF_FIRM,
    "change_page": OF_FIRM,
    "screen_link": OF_FIRM,
    "confirmation_link": OF_FIRM,
    "feedback_link": OF_FIRM,
}
"""Rows of the platform's tables that are a firm's own, by their condition."""
OF_SERVICE = ("subscription", "bill", "bill_payment", "invoice_request")
"""What this service and the firm owe each other: for reading, it begins anew elsewhere."""
LEFT: Mapping[str, str] = {
    "api_token": "a token opens this service and no other",
    "departure": "the record of the platform of who leaves it",
    "bill_difference": "how the platform's books differ from Stripe's",
    "hook": "its secret and its log are of this service",
    "hook_delivery": "as its hook",
    "invitation": "its link leads to this service",
    "robot": "its webhook is given anew where the firm goes, so that no two services write there",
    "support_consent": "it lets the operator of this service in, for a day at most",
    "sign_up": "the record of the platform of who asked to join",
    "notice": "what members were told, with addresses of this service",
    "delivery": "what this service sent out",
    "long_work": "work that was asked of this service and of its files",
}
"""Tables of the platform that name a firm and stay, with the reason."""
CREDENTIALS = {"person": ("password_hash", "password_set_at")}
"""Columns that never leave: whoever restores sends everybody a new link."""
HELD_CONTENT = ("content", "thumb", "picture", "photo")
"""Columns that hold a file; in the archive each lies as a file of its own."""


class Part(StrEnum):
    """Where a table lies in the archive."""

    DATA = "data"
    """The firm's own, and what its rows lean on: restored."""
    PUBLISHED = "published"
    """What offices have published of the firm, and what it owes this service: never restored."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One table of the archive. condition: SQL of its rows, with :firm as text."""

    table: Table
    part: Part
    condition: str
    is_of_firm: bool
    """Whether it is read under the firm's scope, else under the platform's."""

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def path(self) -> str:
        """Where it lies in the archive."""
        return f"{self.part}/{self.name}.jsonl"

    @property
    def files(self) -> tuple[str, ...]:
        """Its columns that hold files."""
        return tuple(
            column.name
            for column in self.table.c
            if isinstance(column.type, LargeBinary) and column.name in HELD_CONTENT
        )

    @property
    def order(self) -> str:
        """SQL of the order of its rows."""
        return ", ".join(column.name for column in self.table.primary_key.columns)


@lru_cache
def classes() -> Mapping[str, DataClass]:
    """Return each table's class."""
    return {
        str(mapper.local_table.name): mapper.class_.data_class  # type: ignore[attr-defined]  # a Table
        for mapper in Base.registry.mappers
    }


@lru_cache
def pieces() -> tuple[Piece, ...]:
    """Return every table that goes, those that others name before those that name them."""
    return tuple(_pieces())


def _pieces() -> Iterator[Piece]:
    for table in Base.metadata.sorted_tables:
        kind = classes()[table.name]
        if kind in FIRMS:
            yield Piece(table, Part.DATA, OF_FIRM, is_of_firm=True)
        elif table.name in OF_PLATFORM:
            yield Piece(table, Part.DATA, OF_PLATFORM[table.name], is_of_firm=False)
        elif table.name in LEANED_ON:
            is_of_firm = kind is not DataClass.PLATFORM
            yield Piece(table, Part.DATA, _named(table), is_of_firm=is_of_firm)
        elif table.name in OF_SERVICE:
            yield Piece(table, Part.PUBLISHED, OF_FIRM, is_of_firm=False)
        elif kind is DataClass.OFFICE and "firm_id" in table.c:
            yield Piece(table, Part.PUBLISHED, OF_FIRM, is_of_firm=True)


def _named(table: Table) -> str:
    """SQL of the rows of `table` that the firm's rows name, straight or by way of others."""
    (key,) = table.primary_key.columns
    named = " UNION ".join(
        f"SELECT {column} FROM {source.name} WHERE {condition}"  # noqa: S608  # our own names
        for source, column, condition in _naming(table)
    )
    return f"{key.name} IN ({named})"


def _naming(table: Table) -> Iterator[tuple[Table, str, str]]:
    """Yield table, column and condition of the rows that name rows of `table`."""
    of_platform = classes()[table.name] is DataClass.PLATFORM
    for source in Base.metadata.sorted_tables:
        keys = source.foreign_key_constraints
        named = [key for key in keys if key.referred_table is table and source is not table]
        if named and (condition := _condition(source, of_platform=of_platform)):
            for key in named:
                yield source, _only_column(key), condition


def _condition(source: Table, *, of_platform: bool) -> str | None:
    """SQL of the rows of `source` that go, as far as the scope that reads them may see it."""
    kind = classes()[source.name]
    if of_platform:
        return OF_PLATFORM.get(source.name)
    if kind in FIRMS:
        return OF_FIRM
    return _named(source) if source.name in LEANED_ON and source.name != "person" else None


def _only_column(constraint: ForeignKeyConstraint) -> str:
    (column,) = constraint.columns
    return column.name
