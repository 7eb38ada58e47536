"""Chinese words of two letters and more are answered from indexes, in a table of 50,000 records."""

from collections.abc import Iterator
from datetime import date
from time import perf_counter

import pytest
from flask import Flask, g
from sqlalchemy import Connection, create_engine, text

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from counselhub.services import queries
from tests import factories
from tests.factories import Tenant

RECORDS = 50_000
WORDS = (
    "邻里漏水|婚姻继承|交通事故|物业收费|宅基地界|工伤赔偿|租赁押金|借款纠纷|噪音扰民|停车位争议"
)
MADE = f"""
    WITH made AS (
        INSERT INTO service_record (firm_id, id, number, day, community_code, street_code,
            adviser_id, kind, count, created_at, revision)
        SELECT :firm, gen_random_uuid(), 'P-' || n, DATE '2026-01-01' + n % 300, :community,
            :street, :adviser, 'consultation', 1, now(), 1
        FROM generate_series(1, {RECORDS}) n
        RETURNING firm_id, id, number
    )
    INSERT INTO service_note (firm_id, service_id, content)
    SELECT firm_id, id, (string_to_array('{WORDS}', '|'))[1 + right(number, 1)::int]
        || '咨询' || number || CASE WHEN number = 'P-777' THEN '欠薪未结' ELSE '' END FROM made
"""
BARE = "EXPLAIN SELECT service_id FROM service_note WHERE firm_id = scope_firm() AND {}"


@pytest.fixture(scope="module")
def firm(app: Flask) -> Tenant:
    """A firm of its own."""
    return factories.tenant(app, factories.town(app))


@pytest.fixture(scope="module")
def filled(app: Flask, urls: DatabaseUrls, firm: Tenant) -> Iterator[Connection]:
    """The firm's records in a transaction of the tables' owner that is undone in the end."""
    engine = create_engine(urls.owner)
    given = {
        "firm": firm.firm_id, "community": firm.town.communities[0],
        "street": firm.town.street_code, "adviser": firm.adviser_id,
    }  # fmt: skip
    with engine.connect() as connection:
        scope = {"key": str(firm.firm_id)}
        connection.execute(
            text(
                "select set_config('app.scope_kind', 'firm', true),"
                " set_config('app.scope_key', :key, true)"
            ),
            scope,
        )
        connection.execute(text("alter table service_record disable trigger user"))
        connection.execute(text(MADE), given)
        connection.execute(text("analyze service_record, service_note"))
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        pytest.param(
            "bigrams(content) @> ARRAY['欠薪']", "ix_service_note_bigrams", id="two letters"
        ),
        pytest.param("content ILIKE '%欠薪未结%'", "ix_service_note_content", id="four letters"),
    ],
)
def test_words_are_found_by_an_index(filled: Connection, condition: str, index: str) -> None:
    plan = "\n".join(filled.scalars(text(BARE.format(condition))))
    assert index in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("word", ["欠薪", "欠薪未结"])
def test_a_rare_word_of_a_year_is_found_at_once(filled: Connection, word: str) -> None:
    query = text(f"select service_notes_matching('%{word}%', '2026-01-01', '2026-12-31')")
    begun = perf_counter()
    found = filled.scalars(query).all()
    assert len(found) == 1
    assert perf_counter() - begun < 1


def test_a_page_of_the_list_is_read_from_its_index(
    app: Flask, filled: Connection, firm: Tenant
) -> None:
    asked = {"kind": "consultation"}
    with app.test_request_context(), as_scope(firm.scope):
        g.member = firm.member(Role.MANAGER)
        query = queries.record_list(date(2026, 1, 1), date(2026, 12, 31), asked, "-day").limit(50)
        compiled = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    # The session adds the firm when it sends a statement; here it is added by hand.
    mine = f"WHERE service_record.firm_id = '{firm.firm_id}' AND "
    words = str(compiled).replace("WHERE ", mine, 1).replace("%%", "%")
    plan = "\n".join(filled.exec_driver_sql(f"EXPLAIN {words}").scalars())
    assert "ix_service_record" in plan
    assert "Seq Scan on service_record" not in plan
