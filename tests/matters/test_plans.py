"""A check and a search among many: the plans are answered from their indexes."""

import pytest
from sqlalchemy import Connection, create_engine, text

from counselhub.core.postgres import DatabaseUrls
from tests.factories import Tenant
from tests.matters.conftest import (
    MakeMatter,
)

pytestmark = pytest.mark.usefixtures("noon")


FILL = """
    with parties as (
        insert into matter_party (firm_id, id, matter_id, role, kind, near)
        select :firm, gen_random_uuid(), :matter, 'opponent',
            case n % 5 when 0 then 'organisation' else 'person' end,
            case n % 5 when 0 then chr(19968 + n % 5000) || chr(20968 + n % 777) || '实业' end
        from generate_series(1, 30000) n returning firm_id, id
    )
    insert into party_key (firm_id, party_id, kind, digest)
    select firm_id, id, 'name', md5(id::text) from parties
"""


def test_the_plan_of_a_check_over_many_parties(
    urls: DatabaseUrls, tenant: Tenant, make_matter: MakeMatter
) -> None:
    """30,000 parties in one firm: digests and likeness are answered from their indexes."""
    matter_id = make_matter()
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        connection.execute(text("select set_config('app.scope_kind', 'firm', true)"))
        scope = {"key": str(tenant.firm_id)}
        connection.execute(text("select set_config('app.scope_key', :key, true)"), scope)
        connection.execute(text(FILL), {"firm": tenant.firm_id, "matter": matter_id})
        connection.execute(text("select gin_clean_pending_list('ix_matter_party_near')"))
        connection.execute(text("analyze party_key, matter_party"))
        plans = [explained(connection, BY_DIGEST)]
        plans.append(explained(connection, BY_LIKENESS))
        connection.rollback()
    engine.dispose()
    assert "ix_party_key_digest" in plans[0]
    assert "ix_matter_party_near" in plans[1]


BY_DIGEST = (
    "select party_id from party_key"
    " where firm_id = scope_firm() and digest = any (array['a', 'b', 'c'])"
)
BY_LIKENESS = "select id from matter_party where near % '某某建设'"


def explained(connection: Connection, query: str) -> str:
    return "\n".join(connection.scalars(text(f"explain {query}")))


TITLES = """
    insert into matter (firm_id, id, number, title, kind, adviser_id, status, opened_on, revision)
    select :firm, gen_random_uuid(), 'SX2020-' || n, chr(19968 + n % 5000) || '某某纠纷' || n,
        'other', :adviser, 'open', '2020-01-01', 1
    from generate_series(1, 30000) n
"""


def test_the_plan_of_a_search_over_many_titles(urls: DatabaseUrls, tenant: Tenant) -> None:
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        connection.execute(text("select set_config('app.scope_kind', 'firm', true)"))
        scope = {"key": str(tenant.firm_id)}
        connection.execute(text("select set_config('app.scope_key', :key, true)"), scope)
        given = {"firm": tenant.firm_id, "adviser": tenant.adviser_id}
        connection.execute(text(TITLES), given)
        connection.execute(text("select gin_clean_pending_list('ix_matter_title')"))
        connection.execute(text("analyze matter"))
        plan = explained(connection, "select id from matter where title ilike '%楼上漏水%'")
        found = connection.scalars(text("select matters_matching('%楼上漏水%', '')")).all()
        connection.rollback()
    engine.dispose()
    assert "ix_matter_title" in plan, plan
    assert found == []
