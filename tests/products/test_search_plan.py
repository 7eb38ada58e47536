"""Lists and searches of products are answered from indexes, in tables of 20,000 rows."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import Connection, create_engine, text

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from counselhub.products import (
    checkup_queries,
    document_queries,
    lecture_queries,
    text_queries,
)
from tests import factories
from tests.factories import Tenant

ROWS = 20_000
OWN = "firm_id, id, community_code"
MADE = f"""
    WITH n AS (SELECT n, gen_random_uuid() AS id FROM generate_series(1, {ROWS}) n),
    texts AS (
        INSERT INTO text_review ({OWN}, revision, kind, title, adviser_id, status, begun_on,
            last_number)
        SELECT :firm, id, :place, 1, 'contract_review',
            CASE WHEN n = 777 THEN '大盆菜场地租赁合同' ELSE '物业服务合同' || n END,
            :adviser, 'open', DATE '2026-01-01' + n % 300, 1 FROM n
    ), companies AS (
        INSERT INTO company ({OWN}, name)
        SELECT :firm, id, :place,
            CASE WHEN n = 777 THEN '某某食品厂' ELSE '公司' || n || repeat('贸易', 20) END
        FROM n
    ), lectures AS (
        INSERT INTO lecture ({OWN}, revision, kind, theme, place, adviser_id, day, status, leaflets)
        SELECT :firm, id, :place, 1, 'lecture',
            CASE WHEN n = 777 THEN '防范养老诈骗' ELSE '主题' || n || repeat('普法', 20) END,
            '会议室', :adviser, DATE '2026-01-01' + n % 300, 'planned', '[]' FROM n
    ), documents AS (
        INSERT INTO drafted_document ({OWN}, title, template_name, adviser_id, digest, made_at,
            by_name)
        SELECT :firm, id, :place, '文书' || n, '模板', :adviser, '', now() - n * interval '1 hour',
            '' FROM n
    )
    SELECT 1
"""
CHECKUPS = """
    INSERT INTO checkup (firm_id, id, revision, company_id, adviser_id, status, day, list_name,
        sections)
    SELECT firm_id, gen_random_uuid(), 1, id, :adviser, 'open',
        DATE '2026-01-01' + (row_number() OVER ())::int % 300, '清单', '[]'
    FROM company WHERE firm_id = :firm
"""
LISTS = {
    "ix_text_review_list": lambda: text_queries.text_list("open", "", "-begun"),
    "ix_checkup_list": lambda: checkup_queries.checkup_list("open", "", "-day"),
    "ix_lecture_list": lambda: lecture_queries.lecture_list("planned", "", "-day"),
    "ix_drafted_document_list": lambda: document_queries.document_list("-made"),
}
WORDS = {
    "ix_text_review_title": "SELECT id FROM text_review WHERE title ILIKE '%场地租赁%'",
    "ix_company_name": "SELECT id FROM company WHERE name ILIKE '%食品厂%'",
    "ix_lecture_theme": "SELECT id FROM lecture WHERE theme ILIKE '%养老诈骗%'",
}
SEARCHES = {
    "texts_matching": ("场地租赁", "场地"),
    "companies_matching": ("食品厂", "食品"),
    "lectures_matching": ("养老诈骗", "养老"),
}


@pytest.fixture(scope="module")
def firm(app: Flask) -> Tenant:
    """A firm of its own."""
    return factories.tenant(app, factories.town(app))


@pytest.fixture(scope="module")
def filled(urls: DatabaseUrls, firm: Tenant) -> Iterator[Connection]:
    """The firm's rows in a transaction of the tables' owner that is undone in the end."""
    engine = create_engine(urls.owner)
    given = {"firm": firm.firm_id, "place": firm.town.communities[0], "adviser": firm.adviser_id}
    with engine.connect() as connection:
        scope = (
            "select set_config('app.scope_kind', 'firm', true),"
            " set_config('app.scope_key', :key, true)"
        )
        connection.execute(text(scope), {"key": str(firm.firm_id)})
        connection.execute(text(MADE), given)
        connection.execute(text(CHECKUPS), given)
        connection.execute(text("analyze"))
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.mark.parametrize("index", LISTS)
def test_a_page_of_a_list_is_read_from_its_index(
    app: Flask, filled: Connection, firm: Tenant, index: str
) -> None:
    with app.test_request_context(), as_scope(firm.scope):
        g.member = firm.member(Role.MANAGER)
        query: Any = LISTS[index]().limit(50)
        words = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    table = index.removeprefix("ix_").removesuffix("_list")
    # The session adds the firm when it sends a statement; here it is added by hand.
    mine = f"WHERE {table}.firm_id = '{firm.firm_id}' AND "
    head, _where, rest = words.rpartition("\nWHERE ")
    plan = _plan(filled, f"{head}\n{mine}{rest}".replace("%%", "%"))
    assert index in plan
    assert f"Seq Scan on {table} " not in plan  # of the table itself, not of checkup_item


def _plan(filled: Connection, query: str) -> str:
    return "\n".join(filled.exec_driver_sql(f"EXPLAIN {query}").scalars())


@pytest.mark.parametrize("index", WORDS)
def test_words_are_found_by_an_index(filled: Connection, index: str) -> None:
    plan = _plan(filled, WORDS[index].replace("%", "%%"))
    assert index in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("function", SEARCHES)
def test_words_of_any_length_are_found(filled: Connection, function: str) -> None:
    for word in SEARCHES[function]:
        found = filled.scalars(text(f"SELECT {function}(:pattern)"), {"pattern": f"%{word}%"}).all()
        assert len(found) == 1
