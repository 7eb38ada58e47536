"""Statements taken all the way by the firm and its office, as tests of later months need them."""

from datetime import date

from counselhub.core import clock
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.review import actions as review
from counselhub.statements import actions
from counselhub.statements.models import Statement
from counselhub.statements.queries import lines_with_queries
from tests.factories import Tenant
from tests.review.factories import officer
from tests.statements.work import OCTOBER, compute


def submitted(tenant: Tenant, month: date = OCTOBER) -> Statement:
    """Compute, certify and submit a month; under the firm's scope."""
    statement = compute(tenant, month)
    actions.certify(statement, tenant.member())
    actions.submit(statement, tenant.member())
    return statement


def sealed(tenant: Tenant, month: date = OCTOBER) -> Statement:
    """Let the office accept, approve and sign it too: it waits for payment."""
    statement = submitted(tenant, month)
    town = tenant.town
    with as_scope(town.scope):
        checker = officer(town)
        review.open_review(statement, by=checker)
        lines = [line.id for line in lines_with_queries(statement.id)]
        if lines:
            review.accept_selected(statement, lines, by=checker)
        review.approve(statement, by=checker)
        review.sign(statement, by=officer(town, Role.APPROVER, "乙所长"))
    return statement


def paid(tenant: Tenant, month: date = OCTOBER) -> Statement:
    """Pay it on the day of its signature."""
    statement = sealed(tenant, month)
    with as_scope(tenant.town.scope):
        review.pay(
            statement,
            paid_on=clock.today(),
            amount_fen=statement.payable_fen,
            reference="P-1",
            by=officer(tenant.town),
        )
    return statement
