"""When a contract asks to be renewed, once for each of three days."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.contracts import notices, queries, rules
from counselhub.contracts.models import Contract, ContractNotice
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_firm
from tests.factories import Tenant

TODAY = date(2026, 10, 8)


@pytest.mark.parametrize(
    ("left", "notice"),
    [(91, None), (90, 90), (61, 90), (60, 60), (30, 30), (0, 30), (-1, None)],
)
def test_when_renewal_is_asked_for(left: int, notice: int | None) -> None:
    assert rules.notice_of(TODAY + timedelta(days=left), TODAY) == notice


def test_each_notice_is_given_once(app: Flask, tenant: Tenant) -> None:
    last = date(2026, 12, 31)
    with app.test_request_context(), as_firm(tenant.firm_id):
        by = tenant.member()
        given = [
            notices.give(last - timedelta(days=left), by=by)
            for left in (91, 90, 89, 60, 59, 30, 1, 0)
        ]
        assert given == [0, 1, 0, 1, 0, 1, 0, 0]
        days = db.session.scalars(db.select(ContractNotice.days)).all()
        assert sorted(days) == [30, 60, 90]


def test_what_is_renewed_asks_for_nothing(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), as_firm(tenant.firm_id):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        values = {"number": "HT-2027", "kind": contract.kind, "scheme_id": contract.scheme_id}
        days = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
        db.session.add(Contract(renews_id=contract.id, **values, **days))
        db.session.flush()
        assert notices.give(date(2026, 12, 1), by=tenant.member()) == 0
        assert queries.ending(date(2026, 12, 1)) == {}


@pytest.mark.parametrize(
    ("left", "words"),
    [
        pytest.param(200, "", id="far"),
        pytest.param(45, "1 份合同 90 天内到期，还没有续签", id="near"),
        pytest.param(5, "1 份合同 90 天内到期，其中 1 份在 30 天内", id="very near"),
    ],
)
def test_the_first_page_tells_of_it(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, left: int, words: str
) -> None:
    with app.app_context(), as_firm(tenant.firm_id):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        contract.ends_on = clock.today() + timedelta(days=left)
        db.session.commit()
    page = as_manager.get("/month").text
    assert words in page
    assert ("expiring=90" in page) is bool(words)
