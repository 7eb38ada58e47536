"""A year's grades: proposed by one, confirmed by another, released once by a later statement."""

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal

import pytest
from flask import Flask

from counselhub.assessments import actions, queries
from counselhub.assessments.actions import Proposal
from counselhub.assessments.kinds import YearGrade
from counselhub.assessments.models import Assessment, AssessmentRelease
from counselhub.contracts.models import Contract
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.statements.models import Statement
from tests import factories
from tests.factories import Tenant, Town
from tests.review.factories import officer
from tests.statements.sealed import sealed
from tests.statements.work import compute

JANUARY = clock.instant(date(2027, 1, 5), time(9))
DECEMBER, NEXT = date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture
def tenant(app: Flask, town: Town) -> Tenant:
    """A firm that withholds 10 % of 1,000 yuan a month and has nothing else."""
    terms = {"annual_fen": 1_200_000, "deduction_mode": "none", "deduction_fen": None}
    return factories.tenant(app, town, **terms)


@pytest.fixture(autouse=True)
def scope(context: None, tenant: Tenant) -> Iterator[None]:
    with as_scope(tenant.scope), clock.frozen(JANUARY):
        yield


def proposed(tenant: Tenant, grade: str = "基本称职") -> list[Assessment]:
    """The office proposes one grade for every community, together with who did it."""
    town = tenant.town
    with as_scope(town.scope):
        found = queries.candidates(town.street_code, 2026)
        given = [Proposal(one, YearGrade.of(grade), Decimal(75), "一般") for one in found]
        actions.propose(2026, given, by=officer(town))
        rows = [one.assessment for one in queries.candidates(town.street_code, 2026)]
    return [row for row in rows if row is not None]


def confirmed(tenant: Tenant, grade: str = "基本称职") -> None:
    rows = proposed(tenant, grade)
    with as_scope(tenant.town.scope):
        actions.confirm(rows, by=officer(tenant.town, Role.APPROVER, "乙所长"))


def renewed(tenant: Tenant) -> None:
    """Let the contract run on into the next year."""
    contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
    contract.ends_on = date(2027, 12, 31)
    db.session.flush()


def released(statement: Statement) -> list[int]:
    db.session.expire_all()
    return [line.amount_fen for line in statement.lines if line.kind == "release"]


@pytest.mark.parametrize(
    ("grade", "fen"),
    [("优秀", 10_000), ("称职", 10_000), ("基本称职", 5_000), ("不称职", 0)],
)
def test_a_grade_releases_its_part_of_what_was_withheld(
    tenant: Tenant, grade: str, fen: int
) -> None:
    renewed(tenant)
    sealed(tenant, DECEMBER)
    confirmed(tenant, grade)
    assert released(compute(tenant, NEXT)) == [fen, fen]


def test_it_is_released_once_ever(tenant: Tenant) -> None:
    renewed(tenant)
    sealed(tenant, DECEMBER)
    confirmed(tenant)
    january = compute(tenant, NEXT)
    assert released(january) == [5_000, 5_000]
    assert released(compute(tenant, date(2027, 2, 1))) == []
    assert released(compute(tenant, NEXT)) == [5_000, 5_000]
    rows = db.session.scalars(db.select(AssessmentRelease)).all()
    assert {row.statement_id for row in rows} == {january.id}


def test_whoever_proposed_does_not_confirm(tenant: Tenant) -> None:
    sealed(tenant, DECEMBER)
    rows = proposed(tenant)
    with as_scope(tenant.town.scope):
        by = officer(tenant.town)
        rows[0].proposed_by_id = by.person_id
        with pytest.raises(ForbiddenError, match="须由另一人确认"):
            actions.confirm(rows[:1], by=by)


def test_the_firm_reads_it_once_it_is_confirmed(tenant: Tenant) -> None:
    sealed(tenant, DECEMBER)
    rows = proposed(tenant)
    with as_scope(tenant.scope):
        db.session.expire_all()
        assert db.session.scalars(queries.received("-year")).all() == []
    with as_scope(tenant.town.scope):
        actions.confirm(rows, by=officer(tenant.town, Role.APPROVER, "乙所长"))
    with as_scope(tenant.scope):
        assert len(db.session.scalars(queries.received("-year")).all()) == 2


def test_the_years_last_statement_comes_first(tenant: Tenant) -> None:
    sealed(tenant, date(2026, 11, 1))
    with pytest.raises(RefusedError, match="2026-12的结算单还没有审定"):
        confirmed(tenant)


def test_a_confirmed_one_stays(tenant: Tenant) -> None:
    sealed(tenant, DECEMBER)
    confirmed(tenant)
    assert len(proposed(tenant)) == 2
    with pytest.raises(IllegalMoveError, match="已确认，不能再改"):
        proposed(tenant, "优秀")


def test_nobody_is_assessed_before_december(tenant: Tenant) -> None:
    early = clock.instant(date(2026, 11, 30), time(9))
    with clock.frozen(early), pytest.raises(RefusedError, match="从 12 月起"):
        proposed(tenant)
