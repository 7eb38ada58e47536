"""Nothing that an office may read is forgotten: it goes out, or is left out for a reason."""

import re

import pytest
from sqlalchemy import create_engine, text

from counselhub.archives import contents
from counselhub.archives.telling import ending_of
from counselhub.archives.words import column_word, shown, table_word
from counselhub.core.db import Base
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.row_security import APP_ROLE

pytestmark = pytest.mark.usefixtures("app")
NOT_OFFICES = (
    "firm_owns", "firm_reads", "firm_acknowledges", "firm_answers", "firm_confirms", "firm_adds",
    "support_reads", "platform_writes",
    "bureau_reads", "bureau_insert", "bureau_update", "bureau_delete",
)  # fmt: skip
"""Policies that open a table to others only; any other may open it to offices."""

LISTED = re.compile(r"CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)")
ACTS = (("statement_seal", "submit"), ("premises_step", "open_issue"))
CODE = re.compile(r"'(\w+)'::text").findall


def readable(urls: DatabaseUrls) -> set[str]:
    """Return the tables of which a policy may let an office read rows."""
    query = text(
        "SELECT tablename FROM pg_policies WHERE schemaname = 'public'"
        " AND permissive = 'PERMISSIVE' AND cmd IN ('SELECT', 'ALL')"
        " AND policyname <> ALL (:others)"
        " AND (:role = ANY (roles) OR 'public' = ANY (roles))"
    )
    engine = create_engine(urls.owner)
    with engine.connect() as owner:
        found = owner.scalars(query, {"others": list(NOT_OFFICES), "role": APP_ROLE}).all()
    engine.dispose()
    return set(found)


def test_every_table_goes_out_or_has_its_reason(urls: DatabaseUrls) -> None:
    named = set(contents.TABLES) | set(contents.LEFT_OUT)
    assert readable(urls) - named == set(), "say in archives/contents.py what becomes of them"
    assert named - readable(urls) == set(), "no office reads these"
    assert not set(contents.TABLES) & set(contents.LEFT_OUT)
    assert all(contents.LEFT_OUT.values())


def test_every_table_and_column_has_its_word() -> None:
    tables = contents.tables()
    assert [one.name for one in tables if not table_word(one.name)] == []
    assert [table_word(name) for name in contents.LEFT_OUT if table_word(name) is None] == []
    columns = {column.name for table in tables for column in contents.columns_of(table)}
    assert sorted(name for name in columns if not column_word(name)) == []


@pytest.mark.usefixtures("context")
def test_every_code_that_the_database_allows_has_its_word(urls: DatabaseUrls) -> None:
    query = text(
        "SELECT c.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k"
        " JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'c' AND c.relname = ANY (:out)"
    )
    engine = create_engine(urls.owner)
    with engine.connect() as owner:
        checks = owner.execute(query, {"out": list(contents.TABLES)}).all()
    engine.dispose()
    listed = [(table, LISTED.fullmatch(check)) for table, check in checks]
    codes = [(table, found[1], code) for table, found in listed if found for code in CODE(found[2])]
    assert len(codes) > 150
    assert [one for one in codes if one[2].isascii() and shown(*one, {}) == one[2]] == []


@pytest.mark.usefixtures("context")
def test_every_column_of_acts_has_their_words() -> None:
    on = {table.name for table in contents.tables() if "act" in table.c}
    assert {shown(table, "act", act, {}) for table, act in ACTS} == {"提交司法所", "登记场所问题"}
    assert on == {table for table, _act in ACTS}


def test_words_name_one_table_each() -> None:
    stems = [(folder, table_word(name)) for name, folder in contents.TABLES.items()]
    assert len(set(stems)) == len(stems)


NOT_FILES = ("event_link", "chain_day", "statement_freeze", "departure")
"""Tables whose bytes are no file of a street: digests, what was frozen, the platform's papers."""


def test_every_file_of_a_row_goes_out() -> None:
    """Each column of bytes is a file in 附件, or a digest; small copies stay behind."""
    out = {(kept.table, kept.content) for kept in contents.FILES}
    for name in (*contents.TABLES, *contents.LEFT_OUT):
        table = Base.metadata.tables.get(name)
        if table is None or name in NOT_FILES:
            continue
        for column in table.columns:
            if column.type.python_type is bytes and column.name not in (
                "digest",
                "thumb",
                "frozen",
            ):
                assert (name, column.name) in out


def test_what_the_system_and_accounts_keep_stays() -> None:
    columns = {one.name for table in contents.tables() for one in contents.columns_of(table)}
    assert not columns & {"search", "password_hash", "person_id", "approved_by_id", "key", "thumb"}
    seal = Base.metadata.tables["statement_seal"]
    assert "code" not in {one.name for one in contents.columns_of(seal)}


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        pytest.param(b"\xff\xd8\xff", ".jpg", id="JPEG"),
        pytest.param(b"\x89PNG\r\n", ".png", id="PNG"),
        pytest.param(b"%PDF-1.7", ".pdf", id="PDF"),
        pytest.param(b"PK\x03\x04 word/document.xml", ".docx", id="Word"),
        pytest.param(b"PK\x03\x04 xl/workbook.xml", ".xlsx", id="Excel"),
        pytest.param(b"PK\x03\x04", ".zip", id="packed"),
        pytest.param(b'{"month":', ".json", id="what a program sent"),
        pytest.param(b"", ".bin", id="empty"),
    ],
)
def test_ending(data: bytes, ending: str) -> None:
    assert ending_of(data) == ending
