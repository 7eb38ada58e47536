"""What was there before the chain is linked and sealed by the migration."""

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from counselhub import create_app
from counselhub.audit import proof
from counselhub.core import migrations
from counselhub.core.db import db
from counselhub.core.scratch import scratch_database

FIRM, STATEMENT, LINE = (f"'00000000-0000-7000-8000-00000000000{n}'" for n in (1, 2, 3))
TABLES = (
    *("firm", "event", "account_event", "statement", "statement_line"),
    *("district", "street", "community"),
)
OLD = (
    "INSERT INTO district (code, name, city_name, province_name) VALUES ('990000', 'c', 'c', 'p')",
    "INSERT INTO street (code, district_code, name) VALUES ('990000001', '990000', 's')",
    f"INSERT INTO firm (id, code, name, created_at) VALUES ({FIRM}, 'A', '甲', now())",
    "INSERT INTO event (firm_id, id, at, subject, subject_id, act, actor_name, actor_side, detail)"
    f" SELECT {FIRM}, gen_random_uuid(), now() - i * interval '1 h', 'statement', {STATEMENT},"
    " 'compute', '甲', 'firm', '{\"a\": 1.50, \"乙\": \"x\"}' FROM generate_series(1, 40) i",
    "INSERT INTO account_event (id, at, kind, key, act, outcome, name, address, detail)"
    f" VALUES (gen_random_uuid(), now(), 'firm', {FIRM}, 'sign_in', 'done', '甲', '', '{{}}')",
    "INSERT INTO statement (firm_id, id, number, street_code, month, status, version, total_fen,"
    f" funding, payee, computed_at, submitted_at, revision) VALUES ({FIRM}, {STATEMENT}, 'N1',"
    " '990000001', '2026-10-01', 'submitted', 1, 5, '[]', '{}', now(), now(), 1)",
    "INSERT INTO statement_line (firm_id, id, statement_id, street_code, position,"
    " contract_number, kind, month, quantity, amount_fen, trace, warnings, review, payment,"
    f" version, revision) VALUES ({FIRM}, {LINE}, {STATEMENT}, '990000001', 0, 'C1', 'base',"
    " '2026-10-01', '1', 5, '[]', '[]', 'pending', 'unpaid', 1, 1)",
)


@pytest.mark.parametrize(
    "change", ["", f"UPDATE statement_line SET amount_fen = 6 WHERE id = {LINE}"]
)
def test_old_acts_and_statements_are_proven(change: str) -> None:
    with scratch_database("old") as urls:
        command.upgrade(migrations.config(urls.owner), "0020_account_events")
        engine = create_engine(urls.owner)

        def past_row_security(*statements: str) -> None:
            with engine.begin() as connection:
                for force, work in (("NO FORCE", statements), ("FORCE", ())):
                    for table in TABLES:
                        connection.execute(text(f"ALTER TABLE {table} {force} ROW LEVEL SECURITY"))
                    for statement in work:
                        connection.exec_driver_sql(statement)

        past_row_security(*OLD)
        migrations.upgrade(urls.owner)
        past_row_security(*filter(None, [change]))
        engine.dispose()
        with create_app(urls).app_context():
            report = proof.prove(proof.chains())
            db.session.remove()
            db.engine.dispose()
    assert (report.chains, report.acts, report.statements, report.heads) == (1, 41, 1, 1)
    assert [broken.number for broken in report.breaks] == (["N1"] if change else [])
