"""Every table that names a firm goes along, or says why it stays."""

from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.tenants import contents
from counselhub.tenants.contents import Part


def test_no_table_of_a_firm_is_forgotten() -> None:
    going = {piece.name for piece in contents.pieces()}
    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        if "firm_id" in table.c or {"kind", "key"} <= set(table.c.keys())
    }
    assert naming - going == set(contents.LEFT)
    assert all(contents.LEFT.values())


def test_what_is_restored_leans_on_nothing_that_stays() -> None:
    """Each foreign key of a row that is restored finds its row restored before it."""
    before: set[str] = set()
    for piece in contents.pieces():
        if piece.part is Part.DATA:
            named = {key.referred_table.name for key in piece.table.foreign_key_constraints}
            assert named - {piece.name} <= before, piece.name
            before.add(piece.name)


def test_offices_keep_what_is_theirs() -> None:
    for piece in contents.pieces():
        if contents.classes()[piece.name] is DataClass.OFFICE:
            assert (piece.part is Part.PUBLISHED) == (piece.name not in contents.LEANED_ON)


def test_every_column_of_bytes_is_a_file_or_a_digest() -> None:
    """A file that nobody named would lie in the rows as hexadecimal."""
    small = {"digest", "frozen", "key"}
    for piece in contents.pieces():
        bytes_of = {column.name for column in piece.table.c if column.type.python_type is bytes}
        assert bytes_of - set(piece.files) <= small, piece.name
