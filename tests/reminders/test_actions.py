"""The morning's job on real rows: each kind once, nothing twice, nothing once it is settled."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from counselhub.assignments.models import Assignment
from counselhub.contracts.models import Contract
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, as_platform, as_scope
from counselhub.cutoffs import actions as cutoffs
from counselhub.cutoffs.rules import Terms
from counselhub.notices.kinds import Kind
from counselhub.notices.models import Notice
from counselhub.notices.texts import ABOUT
from counselhub.pairings.models import Pairing
from counselhub.people.models import Firm
from counselhub.referrals import actions as asking
from counselhub.referrals.actions import Plea
from counselhub.referrals.kinds import Speciality, Urgency
from counselhub.referrals.models import Referral
from counselhub.reminders import actions
from counselhub.rota import actions as rotas
from counselhub.rota import making
from counselhub.statements.models import Statement
from tests import factories
from tests.factories import Tenant, Town
from tests.pairings import conftest as pairings
from tests.referrals import conftest as referrals
from tests.review import factories as review
from tests.review.factories import officer
from tests.rota import conftest as rota_rows


@pytest.fixture
def people(app: Flask, tenant: Tenant) -> Tenant:
    """The firm with a manager, a party secretary and its first lawyer."""
    factories.account(app, tenant.scope, Role.MANAGER)
    factories.account(app, tenant.scope, Role.PARTY_SECRETARY)
    factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    return tenant


@pytest.fixture(autouse=True)
def within(app: Flask) -> Iterator[None]:
    """A context, as the job has."""
    with app.app_context():
        yield


def morning(tenant: Tenant, day: date) -> None:
    """Run the job twice for one firm: at half past eight, and again."""
    for minute in (30, 45):
        with clock.frozen(clock.instant(day, time(8, minute))), as_scope(tenant.scope):
            actions.remind(tenant.firm_id)
            db.session.commit()


def told(scope: Scope, kind: Kind) -> list[dict[str, Any]]:
    """What a place was told of a kind, each notice once, by key."""
    query = select(Notice.key, Notice.facts).where(
        Notice.place_kind == scope.kind.value, Notice.place_key == scope.key, Notice.kind == kind
    )
    with as_platform():
        rows = {row.key: row.facts for row in db.session.execute(query)}
        db.session.commit()
    return [rows[key] for key in sorted(rows, key=lambda key: str(rows[key]))]


def receivers(scope: Scope, kind: Kind) -> int:
    """How many notices of a kind there are in a place."""
    query = select(Notice.id).where(Notice.place_key == scope.key, Notice.kind == kind)
    with as_platform():
        return len(db.session.scalars(query).all())


def change(tenant: Tenant, statement: Any) -> None:
    with as_scope(tenant.scope):
        db.session.execute(statement, execution_options={"synchronize_session": False})
        db.session.commit()


def test_a_contract_is_told_at_each_step(people: Tenant) -> None:
    end = date(2026, 12, 31)
    for left, count in ((61, 0), (60, 1), (59, 1), (30, 2), (7, 3), (0, 3)):
        morning(people, end - timedelta(days=left))
        assert len(told(people.scope, Kind.CONTRACT_ENDING)) == count, left
    assert {"day": "2026-12-31", "days": 30, "community": "甲社区居委会", "count": 2} in told(
        people.scope, Kind.CONTRACT_ENDING
    )
    assert receivers(people.scope, Kind.CONTRACT_ENDING) == 3


def test_a_contract_without_a_community_is_not_told_and_stops_nothing(people: Tenant) -> None:
    end = date(2026, 12, 31)
    with as_scope(people.scope):
        values = {"kind": "procurement", "status": "active", "scheme_id": people.scheme_id}
        days = {"starts_on": date(2026, 1, 1), "ends_on": end}
        db.session.add(Contract(number=f"{people.code}-bare", **values, **days))
        db.session.commit()
    morning(people, end - timedelta(days=30))
    assert len(told(people.scope, Kind.CONTRACT_ENDING)) == 1


def test_a_contract_that_is_continued_is_left_alone(people: Tenant) -> None:
    with as_scope(people.scope):
        values = {"kind": "procurement", "status": "signed", "scheme_id": people.scheme_id}
        days = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
        renewal = Contract(
            number=f"{people.code}-2", renews_id=people.contract_id, **values, **days
        )
        db.session.add(renewal)
        db.session.commit()
    morning(people, date(2026, 12, 24))
    assert told(people.scope, Kind.CONTRACT_ENDING) == []


def test_a_community_without_a_lead_is_told_twice_before_and_not_again(people: Tenant) -> None:
    lead = update(Assignment).where(
        Assignment.role == "lead", Assignment.community_code == people.town.communities[0]
    )
    change(people, lead.values(ends_on=date(2026, 10, 31)))
    for day, count in (
        (date(2026, 10, 3), 0),  # 29 days before
        (date(2026, 10, 4), 1),
        (date(2026, 10, 24), 1),
        (date(2026, 10, 25), 2),
        (date(2026, 11, 1), 2),
        (date(2026, 11, 20), 2),
    ):
        morning(people, day)
        found = told(people.scope, Kind.COVERAGE_GAP)
        assert found == [{"community": "甲社区居委会", "day": "2026-11-01"}] * count, day


def test_a_gap_that_is_filled_is_not_told(people: Tenant) -> None:
    lead = update(Assignment).where(
        Assignment.role == "lead", Assignment.community_code == people.town.communities[0]
    )
    change(people, lead.values(ends_on=date(2026, 10, 31)))
    change(people, lead.values(ends_on=None))
    morning(people, date(2026, 10, 28))
    assert told(people.scope, Kind.COVERAGE_GAP) == []


def test_hours_that_nobody_answers_are_told_a_week_ahead(people: Tenant) -> None:
    by = people.member(Role.CLERK)
    with clock.frozen(rota_rows.NOON), as_scope(people.scope):
        rota = rotas.add(rota_rows.entry(people), by=by)
        until = date(2026, 12, 5)
        making.make(rota, until, making.preview(rota, until).digest, by=by)
        db.session.commit()
    morning(people, date(2026, 11, 29))
    assert told(people.scope, Kind.ROTA_GAP) == []
    morning(people, date(2026, 11, 30))
    (found,) = told(people.scope, Kind.ROTA_GAP)
    assert found["day"] == "2026-12-06"
    assert found["street"].startswith("测试")
    for day in (8, 9, 13):  # a week in which it runs: told once
        morning(people, date(2026, 12, day))
    assert len(told(people.scope, Kind.ROTA_GAP)) == 2


@pytest.mark.parametrize(
    ("day", "days"),
    [
        pytest.param(23, None, id="eight days are left"),
        pytest.param(24, 7, id="seven"),
        pytest.param(30, 1, id="the last"),
    ],
)
def test_short_hours_are_told_to_the_lawyer_and_the_manager(
    people: Tenant, day: int, days: int | None
) -> None:
    morning(people, date(2026, 11, day))
    expected = {"adviser": "张三丰", "month": "2026-11-01", "minutes": 960, "days": days}
    assert told(people.scope, Kind.HOURS_SHORT) == ([expected] if days else [])
    assert receivers(people.scope, Kind.HOURS_SHORT) == (2 if days else 0)


def test_last_months_statement_is_told_before_its_day_and_after(app: Flask, people: Tenant) -> None:
    with as_scope(people.town.scope):
        cutoffs.set_rule(Terms(cutoff_day=10), revision=None, by=officer(people.town))
        db.session.commit()
    for day, count in ((6, 0), (7, 1), (10, 1), (11, 2), (20, 2)):
        morning(people, date(2026, 11, day))
        assert len(told(people.scope, Kind.STATEMENT_DUE)) == count, day
    assert told(people.scope, Kind.STATEMENT_DUE)[0]["day"] == "2026-11-10"


def test_a_statement_that_was_handed_in_is_not(app: Flask, people: Tenant) -> None:
    with as_scope(people.town.scope):
        cutoffs.set_rule(Terms(cutoff_day=10), revision=None, by=officer(people.town))
        db.session.commit()
    review.statement(app, people)
    morning(people, date(2026, 11, 9))
    assert told(people.scope, Kind.STATEMENT_DUE) == []


def _turn(made: review.Made, side: str | None, since: date | None, version: int = 1) -> None:
    values = {"turn_side": side, "turn_since": since, "version": version}
    values["turn_due_on"] = since
    change(made.tenant, update(Statement).where(Statement.id == made.id).values(values))


def test_questions_that_wait_are_told_to_the_firm(app: Flask, people: Tenant) -> None:
    made = review.statement(app, people)
    _turn(made, "firm", date(2026, 11, 10))
    for day, count in ((12, 0), (13, 1), (16, 1), (17, 2), (24, 3), (30, 3)):
        morning(people, date(2026, 11, day))
        assert len(told(people.scope, Kind.QUERY_WAITING)) == count, day
    assert told(people.scope, Kind.QUERY_WAITING)[-1]["days"] == 7
    _turn(made, None, None)
    morning(people, date(2026, 11, 30))
    assert len(told(people.scope, Kind.QUERY_WAITING)) == 3


def test_answers_that_wait_are_told_to_the_office(app: Flask, people: Tenant, town: Town) -> None:
    factories.account(app, town.scope, Role.CHECKER)
    with as_platform():
        renamed = update(Firm).where(Firm.id == people.firm_id).values(name="某某律师事务所")
        db.session.execute(renamed)
        db.session.commit()
    made = review.statement(app, people)
    _turn(made, "office", date(2026, 11, 10))
    morning(people, date(2026, 11, 13))
    assert told(town.scope, Kind.ANSWER_WAITING) == []  # a first submission is no answer
    _turn(made, "office", date(2026, 11, 10), version=2)
    morning(people, date(2026, 11, 13))
    (found,) = told(town.scope, Kind.ANSWER_WAITING)
    assert (found["month"], found["days"]) == ("2026-10-01", 3)
    assert told(people.scope, Kind.QUERY_WAITING) == []


def _referral(app: Flask, tenant: Tenant) -> UUID:
    at = datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)
    with clock.frozen(at), as_scope(tenant.scope):
        record = referrals.service(tenant)
        db.session.add(record)
        db.session.flush()
        plea = Plea(Speciality.LABOUR, Urgency.NORMAL, "需要团队支持")
        row = asking.ask(record, plea, by=tenant.member())
        db.session.commit()
        return row.id


def test_limits_of_the_next_day_are_told_with_their_number(app: Flask, people: Tenant) -> None:
    row = update(Referral).where(Referral.id == _referral(app, people))
    due = clock.instant(date(2026, 10, 10), time(8, 30))
    change(people, row.values(due_at=due))
    morning(people, date(2026, 10, 8))
    assert told(people.scope, Kind.REFERRAL_DUE) == []
    morning(people, date(2026, 10, 9))
    assert told(people.scope, Kind.REFERRAL_DUE) == [{"count": 1, "day": "2026-10-10"}]
    assert told(people.scope, Kind.OWN_REFERRAL_DUE) == []
    change(people, row.values(due_at=None))
    morning(people, date(2026, 10, 10))
    assert len(told(people.scope, Kind.REFERRAL_DUE)) == 1


def test_a_pairing_is_told_twice_unless_it_is_continued(app: Flask, people: Tenant) -> None:
    made = pairings.made(app, people)
    end = date(2027, 1, 7)
    for left, count in ((61, 0), (60, 1), (31, 1), (30, 2), (0, 2)):
        morning(people, end - timedelta(days=left))
        assert len(told(people.scope, Kind.PAIRING_RENEWAL)) == count, left
    change(
        people, update(Pairing).where(Pairing.id == made).values(valid_until=end + timedelta(365))
    )
    morning(people, end)
    assert len(told(people.scope, Kind.PAIRING_RENEWAL)) == 2


def test_another_firm_is_told_nothing_of_it(people: Tenant, outsider: Tenant, app: Flask) -> None:
    factories.account(app, outsider.scope, Role.MANAGER)
    morning(people, date(2026, 11, 1))
    assert receivers(outsider.scope, Kind.CONTRACT_ENDING) == 0


def test_every_reminder_may_be_worded(people: Tenant) -> None:
    """What the job tells names just the facts that its kind has fields for."""
    morning(people, date(2026, 11, 24))
    for kind in (Kind.CONTRACT_ENDING, Kind.HOURS_SHORT):
        for facts in told(people.scope, kind):
            assert set(facts) == ABOUT[kind].fields


@pytest.mark.sweeping
def test_the_job_goes_through_every_firm(people: Tenant) -> None:
    with clock.frozen(clock.instant(date(2026, 11, 1), time(8, 30))):
        actions.run()
        actions.run()
    assert len(told(people.scope, Kind.CONTRACT_ENDING)) == 1
