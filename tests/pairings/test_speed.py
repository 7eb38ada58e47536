"""One agreement's year comes from an index, however many others there are."""

from uuid import UUID

from flask import Flask
from sqlalchemy import create_engine, text

from counselhub.core.postgres import DatabaseUrls
from tests.factories import Tenant
from tests.pairings.conftest import made

FILL = text(
    "insert into pairing_activity (firm_id, id, pairing_id, street_code, day, theme, place,"
    " firm_count, community_count, residents_count, minutes, summary, revision)"
    " select firm_id, gen_random_uuid(), :other, street_code, date '2026-02-01' + n % 200,"
    " 't', 'p', 1, 1, 1, 60, 's', 1 from pairing, generate_series(1, 30000) n where id = :mine"
)
ASKED = text(
    "explain select * from pairing_activity where firm_id = :firm and pairing_id = :mine"
    " and day between date '2026-01-01' and date '2026-12-31'"
)


def test_a_year_of_thousands_is_read_from_an_index(
    app: Flask, urls: DatabaseUrls, tenant: Tenant, pairing_id: UUID
) -> None:
    """Thirty thousand activities of other agreements do not slow one down."""
    other = made(app, tenant, community_code=tenant.town.communities[1])
    engine = create_engine(urls.owner)
    with engine.connect() as owner:  # the application's role has no right to analyze
        for table in ("pairing", "pairing_activity"):
            owner.execute(text(f"alter table {table} no force row level security"))
        assert owner.execute(FILL, {"other": other, "mine": pairing_id}).rowcount == 30_000
        owner.execute(text("analyze pairing_activity"))
        asked = {"firm": tenant.firm_id, "mine": pairing_id}
        plan = "\n".join(owner.scalars(ASKED, asked))
        owner.rollback()
    engine.dispose()
    assert "ix_pairing_activity_pairing_id" in plan, plan
