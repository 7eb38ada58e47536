"""A month of receipts is read by its index, whatever words are looked for in it."""

from flask import Flask
from sqlalchemy import create_engine, text

from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from tests import factories
from tests.factories import Tenant
from tests.plans import plans
from tests.receipts import make

FILL = text(
    "insert into bank_receipt (firm_id, id, format_id, digest, day, amount_fen, allocated_fen,"
    " payer, account, reference, serial, status, imported_at, imported_by_name, revision)"
    " select r.firm_id, gen_random_uuid(), r.format_id, 'filled ' || n,"
    " date '2024-01-01' + n % 1000, 1 + n, 0, '某付款人' || n, '', '补贴' || n, '', 'open',"
    " now(), '某财务', 1 from bank_receipt r, generate_series(1, 20000) n where r.firm_id = :firm"
)


ASKED = ("", "&q=财政所", "&state=unmatched&sort=payer")


def test_a_month_is_read_by_its_index(app: Flask, tenant: Tenant, urls: DatabaseUrls) -> None:
    make.receipt(app, tenant, 100)
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(text("alter table bank_receipt no force row level security"))
        connection.execute(FILL, {"firm": tenant.firm_id})
        connection.execute(text("alter table bank_receipt force row level security"))
        connection.execute(text("analyze bank_receipt"))
    engine.dispose()
    client = factories.signed_in(app, tenant.scope, Role.FINANCE)
    for asked in ASKED:
        with plans() as found:
            assert client.get(f"/receipts?month=2026-01{asked}").status_code == 200
        read = [plan for plan in found if "FROM bank_receipt" in plan]
        assert len(read) >= 3
        assert all("ix_bank_receipt" in plan for plan in read), read
        assert not any("Seq Scan on bank_receipt" in plan for plan in read)
