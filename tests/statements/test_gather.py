"""Rows become facts with a number of statements that does not grow."""

from datetime import date

import pytest
from flask import Flask

from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.statements.gather import gather
from counselhub.statements.months import Month
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
            year = 2030 + place
            contract = Contract(
                number=f"{tenant.code}-{year}",
                kind="engagement",
                status="active",
                scheme_id=tenant.scheme_id,
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
            )
            db.session.add(contract)
            db.session.flush()
            code = f"{tenant.town.street_code}{place + 100}"
            factories.community(tenant.town, code)
            db.session.add(
                ContractCommunity(
                    contract_id=contract.id,
                    community_code=code,
                    street_code=tenant.town.street_code,
                    kind="engagement",
                    starts_on=contract.starts_on,
                    last_on=contract.ends_on,
                )
            )
        db.session.flush()
        work.example(tenant)
    assert statements_sent(tenant) == few == 2
