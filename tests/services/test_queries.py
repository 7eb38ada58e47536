"""Searching notes: rare words by the index, frequent and short ones by the days."""

from datetime import date

import pytest
from sqlalchemy import func, select, text

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from tests.factories import Tenant
from tests.services.conftest import MakeRecord

MANY = """
    WITH made AS (
        INSERT INTO service_record (firm_id, id, number, day, community_code, street_code,
            adviser_id, kind, count, created_at, revision)
        SELECT :firm, gen_random_uuid(), 'M-' || n, DATE '2026-09-01', :community, :street,
            :adviser, 'consultation', 1, now(), 1
        FROM generate_series(1, 1001) n
        RETURNING firm_id, id
    )
    INSERT INTO service_note (firm_id, service_id, content)
    SELECT firm_id, id, '邻里漏水纠纷' FROM made
"""


@pytest.mark.parametrize(
    ("words", "october"),
    [
        pytest.param("邻里漏水纠纷", 1, id="frequent words"),
        pytest.param("漏水", 1, id="no trigram"),
        pytest.param("双方和解", 1, id="rare words"),
        pytest.param("从未出现", 0, id="nowhere"),
    ],
)
def test_notes_of_a_month_are_found(
    context: None,
    tenant: Tenant,
    outsider: Tenant,
    make_record: MakeRecord,
    words: str,
    october: int,
) -> None:
    wanted = make_record(content="邻里漏水纠纷，双方和解", day=date(2026, 10, 8))
    names = {
        "firm": tenant.firm_id,
        "community": tenant.town.communities[0],
        "street": tenant.town.street_code,
        "adviser": tenant.adviser_id,
    }
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    matching = select(func.service_notes_matching(f"%{words}%", first, last).column_valued("found"))
    with as_scope(tenant.scope):
        db.session.execute(text(MANY), names)
        assert list(db.session.scalars(matching)) == [wanted] * october
    with as_scope(outsider.scope):
        assert list(db.session.scalars(matching)) == []
    db.session.rollback()
