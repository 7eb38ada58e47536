"""What the machine has found, each as it was."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.tenancy import as_scope
from counselhub.review import actions as review
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.queries import lines_with_queries
from counselhub.statements.sealing import Broken, compared
from counselhub.statements.states import RefusalReason
from tests.factories import Tenant
from tests.review.factories import officer
from tests.statements import work
from tests.statements.sealed import submitted


@pytest.fixture
def reviewed(context: None, tenant: Tenant) -> Iterator[Statement]:
    """A statement in review, its base refused."""
    with clock.frozen(work.NOVEMBER_3), as_scope(tenant.scope):
        statement, by = submitted(tenant), officer(tenant.town)
        with as_scope(tenant.town.scope):
            review.open_review(statement, by=by)
            base = lines_with_queries(statement.id)[0]
            review.refuse(base, RefusalReason.LATE, "逾期", by=by)
        yield statement


def broken(tenant: Tenant) -> list[Broken]:
    return [one for one in compared(db.session.connection(), tenant.firm_id) if one]


def test_a_refusal_in_review_breaks_no_seal(tenant: Tenant, reviewed: Statement) -> None:
    assert broken(tenant) == []
    first = lines_with_queries(reviewed.id)[0]
    with as_scope(tenant.town.scope):
        review.withdraw_refusal(first, by=officer(tenant.town))
    assert broken(tenant) == []


def test_another_change_in_review_still_does(tenant: Tenant, reviewed: Statement) -> None:
    db.session.execute(
        update(StatementLine)
        .where(StatementLine.statement_id == reviewed.id, StatementLine.position == 1)
        .values(quantity="9")
    )
    assert [one.position for one in broken(tenant)] == [2]


def test_a_carried_rest_is_not_refused(tenant: Tenant, reviewed: Statement) -> None:
    line = lines_with_queries(reviewed.id)[2]
    line.contract_id = None
    line.amount_fen = 500
    with as_scope(tenant.town.scope), pytest.raises(RefusedError, match="以前月份的余额"):
        review.refuse(line, RefusalReason.LATE, "逾期", by=officer(tenant.town))
