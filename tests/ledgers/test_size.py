"""Ten thousand rows in under five seconds, their list read by its index."""

from datetime import date
from time import process_time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.ledgers.actions import importing
from counselhub.ledgers.models import LedgerLine
from tests import factories
from tests.counting import statements
from tests.factories import Tenant, Town
from tests.ledgers.books import book, row
from tests.plans import plans
from tests.review import factories as review

MONTH = date(2026, 10, 1)
CONTRACTS = 2_500
SECONDS = 5
FILL = """
INSERT INTO statement_line (firm_id, id, statement_id, street_code, position, contract_number,
    community_code, kind, month, quantity, amount_fen, trace, warnings, review, payment, version,
    revision)
SELECT l.firm_id, gen_random_uuid(), l.statement_id, l.street_code, 1000 + n, 'HT-' || n,
    l.street_code || lpad((1 + n % 4)::text, 3, '0'), l.kind, l.month, l.quantity, l.amount_fen,
    l.trace, '[]', 'pending', 'unpaid', 1, 1
FROM statement_line l, generate_series(1, :many) AS n
WHERE l.community_code = :community AND l.position < 1000
"""


@pytest.fixture(scope="module")
def town(app: Flask) -> Town:
    """A street of this module."""
    return factories.town(app)


@pytest.fixture(scope="module")
def filled(app: Flask, town: Town) -> Tenant:
    """A statement of 10,000 contracts, six lines each."""
    tenant = factories.tenant(app, town)
    review.statement(app, tenant, until=("certify", "submit"))
    with app.test_request_context(), as_scope(tenant.scope):
        db.session.execute(text(FILL), {"many": 4 * CONTRACTS, "community": town.communities[0]})
        db.session.commit()
    return tenant


def ledger(town: Town) -> bytes:
    rows: list[list[Any]] = []
    for n in range(1, 4 * CONTRACTS + 1):
        yuan = 1810 if n % 10 else 2000 + n
        code = town.communities[n % 4]
        rows.append(row(code, 3, 6, 1, 1, yuan, contract=f"HT-{n}"))
    return book(rows)


@pytest.mark.usefixtures("filled")
def test_ten_thousand_rows(app: Flask, town: Town) -> None:
    """Time of this process, for others share the processors; what it sends is counted."""
    data = ledger(town)
    by = Member(uuid7(), "甲经办", Role.CHECKER, town.scope, "测试司法所")
    with app.test_request_context(), as_office(town.street_code):
        began = process_time()
        with statements() as sent:
            upload = importing.keep(data, "台账.xlsx", MONTH, "", by=by)
            db.session.flush()
            trial = importing.apply(upload, by=by)
            db.session.commit()
        took = process_time() - began
        assert trial.plan is not None
        assert trial.plan.counts["matched"] == 9 * CONTRACTS * 4 // 10
        assert len(sent) < 25, "\n".join(one[:80] for one in sent)
        assert took < SECONDS, f"{took:.1f} s"
        assert db.session.scalar(db.select(db.func.count()).select_from(LedgerLine)) > 10_000


@pytest.mark.usefixtures("filled")
def test_a_months_list_uses_its_index(app: Flask, town: Town) -> None:
    """Beside 30,000 lines of other months and streets."""
    with app.test_request_context(), as_office(town.street_code):
        db.session.execute(
            text(
                "INSERT INTO ledger_line (firm_id, id, street_code, month, community_code,"
                " contract_number, outcome, status, differs, ledger, ledger_fen, gap_fen,"
                " suggestions, words, answer_words, revision)"
                " SELECT gen_random_uuid(), gen_random_uuid(), :street,"
                " date '2020-01-01' + (n % 60) * interval '1 month', :community, n::text,"
                " 'only_ledger', 'open', '[]', '{}', n, n, '[]', '', '', 1"
                " FROM generate_series(1, 30000) AS n"
            ),
            {"street": town.street_code, "community": town.communities[0]},
        )
        db.session.commit()
    client = factories.signed_in(app, town.scope, Role.CHECKER)
    with plans() as found:
        page = client.get("/ledgers/differences?month=2020-03&outcome=only_ledger&sort=ledger")
    assert page.status_code == 200
    asked = [plan for plan in found if "FROM ledger_line" in plan]
    assert asked
    assert all("ix_ledger_line_month" in plan for plan in asked if "LIMIT" in plan), asked[0]
