"""A district's comparison is read from indexes, however much other districts have done."""

import pytest
from flask import Flask, g
from sqlalchemy import create_engine, text

from counselhub.comparison import queries
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from counselhub.statements.months import Month, months_between
from tests import factories
from tests.comparison.conftest import District
from tests.plans import plans
from tests.review.factories import officer

ROWS = 20_000
FILL = {
    "duty_session": "(firm_id, id, adviser_id, community_code, street_code, day, signed_in_at,"
    " signed_out_at, status, source, is_corrected, revision) SELECT :firm, gen_random_uuid(),"
    " :adviser, :place, :street, date '1960-01-01' + n, date '1960-01-01' + n + time '09:00',"
    " date '1960-01-01' + n + time '11:00', 'closed', 'phone', false, 1",
    "service_record": "(firm_id, id, number, day, community_code, street_code, adviser_id, kind,"
    " count, created_at, revision) SELECT :firm, gen_random_uuid(), 'FW-' || n,"
    " date '2019-01-01' + n % 2000, :place, :street, :adviser, 'lecture', 1, now(), 1",
    "case_claim": "(firm_id, id, number, accepted_on, closed_on, community_code, street_code,"
    " adviser_id, difficulty, form, fulfilled, dossier_complete, revision) SELECT :firm,"
    " gen_random_uuid(), :firm || 'C' || n, date '2018-01-01', date '2019-01-01' + n % 2500,"
    " :place, :street, :adviser, 'simple', 'oral', true, true, 1",
    "statement": "(firm_id, id, number, street_code, month, status, version, total_fen, funding,"
    " payee, computed_at, submitted_at, revision) SELECT :firm, gen_random_uuid(), 'JS-' || n,"
    " :street, date '1001-01-01' + n * interval '1 month', 'submitted', 1, 1, '[]', '{}', now(),"
    " now(), 1",
    "statement_line": "(firm_id, id, statement_id, street_code, position, contract_number, kind,"
    " month, quantity, amount_fen, trace, warnings, review, payment, version, revision) SELECT"
    " :firm, gen_random_uuid(), s.id, :street, 1, '', 'base', s.month, '1', 1, '[]', '[]',"
    " 'pending', 'unpaid', 1, 1 FROM statement s WHERE s.firm_id = :firm",
}


@pytest.fixture(scope="module")
def filled(app: Flask, district: District, urls: DatabaseUrls) -> District:
    """The district, beside one with tens of thousands of rows."""
    other = factories.tenant(app, factories.town(app))
    given = {
        "firm": other.firm_id,
        "place": other.town.communities[0],
        "street": other.town.street_code,
        "adviser": other.adviser_id,
    }
    engine = create_engine(urls.owner)
    with engine.begin() as owner:
        for table, rows in FILL.items():
            owner.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
            series = "" if " FROM " in rows else f" FROM generate_series(1, {ROWS}) n"
            owner.execute(text(f"INSERT INTO {table} {rows}{series}"), given)
            owner.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.execute(text(f"VACUUM ANALYZE {', '.join(FILL)}"))
    engine.dispose()
    return district


def test_a_comparison_reads_from_indexes(app: Flask, filled: District) -> None:
    with app.test_request_context(), as_scope(filled.first.town.scope), plans() as found:
        g.member = officer(filled.first.town)
        year = months_between(Month(2026, 1), Month(2026, 12))
        lines = queries.compared({filled.street: "某街道"}, year)
    assert len(lines) == 2
    assert len(found) == 4
    scanned = [f"Seq Scan on {table} " in plan for table in FILL for plan in found]
    assert not any(scanned), "\n".join(found)
