"""Rows become facts with a number of statements that does not grow."""

from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.schemes.models import Scheme, SchemeVersion
from counselhub.statements.gather import gather
from counselhub.statements.lines import LineKind
from counselhub.statements.months import Month
from counselhub.statements.rules.statement import compute
from tests import counting, factories
from tests.factories import Tenant
from tests.statements import work


def statements_sent(tenant: Tenant) -> int:
    with as_scope(tenant.scope), counting.statements() as sent:
        assert gather(Month(2026, 10))
    return len(sent)


@pytest.mark.usefixtures("context")
def test_gather_sends_as_many_statements_for_forty_contracts(app: Flask, tenant: Tenant) -> None:
    few = statements_sent(tenant)
    with as_scope(tenant.scope):
        for place in range(40):
            code = f"{tenant.town.street_code}{place + 100}"
            factories.community(tenant.town, code)
            _serving(tenant, tenant.scheme_id, f"{tenant.code}-{2030 + place}", "engagement", code)
        work.example(tenant)
    assert statements_sent(tenant) == few == 2


@pytest.mark.usefixtures("context")
def test_a_case_that_another_contract_pays_elsewhere_eats_nothing_of_the_cap(
    app: Flask, tenant: Tenant
) -> None:
    """M8: P1 serves both towns, A1 only the other; A1 comes first by number and pays there."""
    there = factories.town(app)
    here = tenant.town
    with as_scope(tenant.scope):
        capped = _scheme("S2", case_simple_fen=20_000, case_year_cap_fen=30_000)
        paying = _scheme("S3", case_simple_fen=10_000)
        places = (here.communities[2], there.communities[0])
        _serving(tenant, capped, f"{tenant.code}-P1", "procurement", *places)
        _serving(tenant, paying, f"{tenant.code}-A1", "engagement", there.communities[0])
        elsewhere = {"community_code": places[1], "street_code": there.street_code}
        work.claim(tenant, date(2026, 10, 2), form="written", **elsewhere)
        work.claim(tenant, date(2026, 10, 3), form="written", community_code=places[0])
        with counting.statements() as sent:
            gathered = gather(Month(2026, 10))
    assert len(sent) == 2
    paid = {
        (line.contract[-2:], line.community, line.amount_fen)
        for each in gathered
        for line in compute(each.facts).lines
        if line.kind is LineKind.CASE
    }
    assert paid == {("P1", places[0], 20_000), ("A1", places[1], 10_000)}


def _scheme(code: str, **terms: int) -> UUID:
    scheme = Scheme(code=code, name=code)
    db.session.add(scheme)
    db.session.flush()
    version = {"annual_fen": 0, "cycle": "month", "deduction_mode": "none", "street_percent": 100}
    db.session.add(SchemeVersion(scheme_id=scheme.id, **(version | terms)))
    db.session.flush()
    return scheme.id


def _serving(tenant: Tenant, scheme_id: UUID, number: str, kind: str, *places: str) -> None:
    """Add a contract of 2026 over some communities."""
    contract = Contract(
        number=number,
        kind=kind,
        status="active",
        scheme_id=scheme_id,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    db.session.add(contract)
    db.session.flush()
    for code in places:
        db.session.add(
            ContractCommunity(
                contract_id=contract.id,
                community_code=code,
                street_code=code[:9],
                kind=kind,
                starts_on=contract.starts_on,
                last_on=contract.ends_on,
            )
        )
    db.session.flush()
