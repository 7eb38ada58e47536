"""The search for communities is answered from the trigram index, past row security."""

import pytest
from sqlalchemy import create_engine, text

from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_firm
from counselhub.places import queries
from tests.factories import Tenant

WHERE = "search LIKE '%丁社区%' AND search LIKE ALL (ARRAY['%丁社区%'])"
BODY = f"SELECT code FROM community WHERE {WHERE}"


def test_the_owners_query_can_use_the_index(urls: DatabaseUrls) -> None:
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        connection.execute(text("set local enable_seqscan = off"))
        connection.execute(text("set local app.scope_kind = 'firm'"))
        plan = "\n".join(connection.scalars(text(f"explain {BODY}")))
    engine.dispose()
    assert "ix_community_search" in plan


@pytest.mark.usefixtures("context")
def test_words_find_whatever_their_order_and_signs_are_plain(tenant: Tenant) -> None:
    code = tenant.town.communities[3]
    with as_firm(tenant.firm_id):
        assert [found.code for found in queries.find(f"丁社 {code}")] == [code]
        assert queries.find(f"{code} %") == []
        assert queries.find("100_") == []


@pytest.mark.usefixtures("context", "tenant")
def test_without_a_scope_nothing_is_found() -> None:
    found = db.session.scalars(text("select * from communities_matching(array['%社区%'])"))
    assert found.all() == []
