"""Assigning: never overwritten, one lead a day, closed months stay."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from counselhub.advisers import actions as advisers
from counselhub.advisers.models import Adviser
from counselhub.assignments import actions, matrix, queries
from counselhub.assignments.actions import LeadTakenError
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.closing import actions as closing
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import FrozenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_firm
from counselhub.places.models import Community
from tests.factories import Tenant

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def by(context: None, tenant: Tenant) -> Iterator[Member]:
    """The manager, inside the firm's scope."""
    with as_firm(tenant.firm_id):
        yield tenant.member()


@pytest.fixture
def lead(by: Member, tenant: Tenant) -> Assignment:
    """张三丰 as lead of the first community since January."""
    return queries.leads_between(tenant.town.communities[0], OCTOBER, None)[0]


def person(tenant: Tenant) -> Adviser:
    return db.session.get_one(Adviser, (tenant.firm_id, tenant.backup_id))


def place(tenant: Tenant, number: int) -> Community:
    return db.session.get_one(Community, tenant.town.communities[number])


def close(tenant: Tenant, month: date, number: int = 0) -> None:
    closing.close(
        tenant.firm_id,
        tenant.town.street_code,
        month,
        [tenant.town.communities[number]],
        statement_id=uuid4(),
        number="JS-9",
    )


def test_a_community_without_a_lead_gets_one(by: Member, tenant: Tenant) -> None:
    row = actions.assign(place(tenant, 2), person(tenant), AssignmentRole.LEAD, OCTOBER, by=by)
    assert queries.leads_on([row.community_code], OCTOBER)[row.community_code] is row
    assert [event.act for event in history.of(row)] == ["assign"]


def test_a_second_lead_is_refused_by_name_and_days(
    by: Member, tenant: Tenant, lead: Assignment
) -> None:
    with pytest.raises(LeadTakenError, match=r"张三丰（2026-01-01 起）") as refusal:
        actions.assign(place(tenant, 0), person(tenant), AssignmentRole.LEAD, OCTOBER, by=by)
    assert refusal.value.replaceable
    assert refusal.value.row is lead


def test_a_lead_that_begins_later_is_not_replaced_by_its_end(by: Member, tenant: Tenant) -> None:
    early = date(2025, 12, 1)
    with pytest.raises(LeadTakenError) as refusal:
        actions.assign(place(tenant, 0), person(tenant), AssignmentRole.LEAD, early, by=by)
    assert not refusal.value.replaceable


def test_replacing_ends_one_and_begins_another(
    by: Member, tenant: Tenant, lead: Assignment
) -> None:
    new = actions.replace(lead, person(tenant), OCTOBER, reason="分工调整", by=by)
    assert (lead.ends_on, lead.end_reason) == (date(2026, 9, 30), "分工调整")
    assert (new.starts_on, new.ends_on, new.role) == (OCTOBER, None, "lead")
    assert new.adviser_id == tenant.backup_id


def test_a_refused_replacement_changes_nothing(
    by: Member, tenant: Tenant, lead: Assignment
) -> None:
    person(tenant).left_on = date(2026, 6, 1)
    with pytest.raises(RefusedError, match="离职"):
        actions.replace(lead, person(tenant), OCTOBER, reason="分工调整", by=by)
    db.session.refresh(lead)
    assert lead.ends_on is None


def test_the_same_lawyer_is_not_assigned_twice(by: Member, tenant: Tenant) -> None:
    with pytest.raises(RefusedError, match=r"李四光已是甲社区的备岗（2026-01-01 起）"):
        actions.assign(place(tenant, 0), person(tenant), AssignmentRole.BACKUP, OCTOBER, by=by)


@pytest.mark.parametrize(
    ("last_on", "words"),
    [
        pytest.param(date(2025, 12, 31), "不能早于开始日期", id="before it began"),
        pytest.param(date(2026, 11, 1), "到 2026-10-31 已经结束", id="after it ended"),
    ],
)
def test_an_end_outside_is_refused(by: Member, lead: Assignment, last_on: date, words: str) -> None:
    actions.end(lead, date(2026, 10, 31), "调整", by=by)
    with pytest.raises(RefusedError, match=words):
        actions.end(lead, last_on, "调整", by=by)


def test_a_closed_month_keeps_its_lead(by: Member, tenant: Tenant, lead: Assignment) -> None:
    close(tenant, OCTOBER)
    with pytest.raises(FrozenError, match="JS-9"):
        actions.end(lead, date(2026, 10, 15), "调整", by=by)
    actions.end(lead, date(2026, 10, 31), "调整", by=by)
    assert lead.ends_on == date(2026, 10, 31)


def test_a_closed_month_takes_no_new_assignment(by: Member, tenant: Tenant) -> None:
    close(tenant, OCTOBER, 2)
    lead, end = AssignmentRole.LEAD, date(2026, 10, 31)
    with pytest.raises(FrozenError, match="JS-9"):
        actions.assign(place(tenant, 2), person(tenant), lead, OCTOBER, end, by=by)
    actions.assign(place(tenant, 2), person(tenant), lead, date(2026, 11, 1), by=by)


def test_only_what_has_not_begun_is_withdrawn(by: Member, tenant: Tenant, lead: Assignment) -> None:
    with pytest.raises(RefusedError, match="已经开始"):
        actions.withdraw(lead, by=by)
    later = date(2099, 1, 1)
    row = actions.assign(place(tenant, 2), person(tenant), AssignmentRole.LEAD, later, by=by)
    actions.withdraw(row, by=by)
    assert queries.leads_between(tenant.town.communities[2], later, None) == []


def test_who_leaves_ends_every_assignment(by: Member, tenant: Tenant, lead: Assignment) -> None:
    day = date(2026, 10, 31)
    later = actions.assign(
        place(tenant, 2), lead.adviser, AssignmentRole.LEAD, date(2026, 12, 1), by=by
    )
    assert advisers.leave(lead.adviser, day, by=by) == 3
    rows = db.session.scalars(
        select(Assignment).where(Assignment.adviser_id == tenant.adviser_id)
    ).all()
    assert later not in rows
    assert {row.ends_on for row in rows} == {day}


def test_the_matrix_needs_two_statements_and_names_the_gap(
    by: Member, tenant: Tenant, lead: Assignment
) -> None:
    actions.end(lead, date(2026, 10, 19), "调整", by=by)
    months = matrix.months_around(OCTOBER)
    assert (months[0], months[-1], len(months)) == (date(2026, 7, 1), date(2027, 6, 1), 12)
    window = matrix.window_of(months)
    places = list(db.session.scalars(queries.under_contract(window, None, None)))
    first, second = matrix.rows(places, months)
    assert [cell.coverage.gap_days for cell in first.cells][3:6] == [12, 30, 31]
    assert first.cells[3].coverage.gaps[0].first == date(2026, 10, 20)
    assert [cell.coverage.contract_days for cell in second.cells][5:7] == [31, 0]
