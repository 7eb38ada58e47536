"""The job closes, the office allows, days lapse; what was handed in stays in time."""

from datetime import date, time
from uuid import UUID

import pytest
from flask import Flask

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.cutoffs import actions as cutoffs
from counselhub.cutoffs.kinds import LateCause
from counselhub.cutoffs.models import OverdueMonth
from counselhub.cutoffs.rules import Terms
from counselhub.overdue import actions, nightly
from counselhub.review import actions as review
from counselhub.statements import actions as statements
from counselhub.statements.models import Statement
from counselhub.statements.queries import lines_with_queries
from counselhub.statements.states import QueryReason
from tests import factories
from tests.factories import Tenant, Town
from tests.overdue.conftest import on
from tests.review.factories import officer
from tests.statements.sealed import submitted
from tests.statements.work import OCTOBER, compute

WORDS = "社区十一月九日才盖章"


def closed(tenant: Tenant) -> OverdueMonth:
    """Let the job run in the night after the last day."""
    with on(11, 11):
        assert actions.pass_days(clock.today(), by=tenant.member()) == 1
    return months()[0]


def months() -> list[OverdueMonth]:
    return list(db.session.scalars(db.select(OverdueMonth).order_by(OverdueMonth.month)))


def head(town: Town) -> Member:
    return officer(town, Role.APPROVER, "乙所长")


def allow(tenant: Tenant, row: OverdueMonth, until: date) -> None:
    with as_scope(tenant.town.scope):
        found = db.session.scalars(db.select(OverdueMonth)).one()
        assert found is row
        actions.allow(row, until, "", by=head(tenant.town))


def certified(tenant: Tenant) -> Statement:
    statement = compute(tenant, OCTOBER)
    statements.certify(statement, tenant.member())
    return statement


def test_a_month_is_closed_once_and_in_the_night_after_its_last_day(asked: Tenant) -> None:
    with on(11, 10):
        assert actions.pass_days(clock.today(), by=asked.member()) == 0
    row = closed(asked)
    assert (row.month, row.due_on, row.status) == (OCTOBER, date(2026, 11, 10), "closed")
    with on(11, 12):
        assert actions.pass_days(clock.today(), by=asked.member()) == 0
    assert [act.act for act in history.of(row)] == ["close"]


def test_a_day_set_now_closes_nothing_of_before(asked: Tenant) -> None:
    """CUT-2: October began under the tenth; from the fifth on only what begins later is closed."""
    with on(11, 22), as_scope(asked.town.scope):
        cutoffs.set_rule(Terms(cutoff_day=5), revision=None, by=officer(asked.town))
    with on(12, 31):
        assert actions.pass_days(clock.today(), by=asked.member()) == 0
    with clock.frozen(clock.instant(date(2027, 1, 6), time(9))):
        actions.pass_days(clock.today(), by=asked.member())
        assert [row.month for row in months()] == [date(2026, 12, 1)]


def test_what_was_handed_in_stays_in_time_until_it_is_given_up(asked: Tenant) -> None:
    """CUT-4: the office returns it after the last day; it comes back; given up it is closed."""
    with on(11, 9):
        statement = submitted(asked)
    with on(11, 11):
        assert actions.pass_days(clock.today(), by=asked.member()) == 0
        with as_scope(asked.town.scope):
            checker = officer(asked.town)
            review.open_review(statement, by=checker)
            line = lines_with_queries(statement.id)[0]
            review.query(line, QueryReason.AMOUNT, "请说明", by=checker)
            review.return_queried(statement, by=checker)
    with on(12, 20):
        actions.pass_days(date(2026, 11, 30), by=asked.member())
        assert months() == []
        db.session.expire_all()
        review.reply(lines_with_queries(statement.id)[0].queries[-1], "已说明", by=asked.member())
        statements.resubmit(statement, asked.member())
        statements.void(statement, asked.member())
        actions.pass_days(date(2026, 11, 30), by=asked.member())
    assert [row.month for row in months()] == [OCTOBER]


def test_the_whole_way_of_a_late_statement(asked: Tenant) -> None:
    row = closed(asked)
    with on(11, 12):
        statement = certified(asked)
        with pytest.raises(RefusedError, match=r"截止日是 2026-11-10.*逾期补交"):
            statements.submit(statement, asked.member())
        actions.ask(row, LateCause.CHECKING, WORDS, by=asked.member())
        with pytest.raises(RefusedError, match="在等司法所答复"):
            statements.submit(statement, asked.member())
        with pytest.raises(IllegalMoveError):
            actions.ask(row, LateCause.CHECKING, WORDS, by=asked.member())
        allow(asked, row, date(2026, 11, 20))
    with on(11, 20):
        statements.submit(statement, asked.member())
    with on(11, 21):
        assert actions.pass_days(clock.today(), by=asked.member()) == 0
        assert row.status == "allowed"
        with pytest.raises(IllegalMoveError, match=statement.number):
            actions.ask(row, LateCause.CHECKING, WORDS, by=asked.member())


def test_days_that_pass_unused_close_again(asked: Tenant) -> None:
    row = closed(asked)
    with on(11, 12):
        statement = certified(asked)
        allow(asked, row, date(2026, 11, 20))
    with on(11, 21):
        with pytest.raises(RefusedError, match="准许补交到 2026-11-20"):
            statements.submit(statement, asked.member())
        assert actions.pass_days(clock.today(), by=asked.member()) == 1
        assert (row.status, row.allowed_until) == ("closed", None)
        actions.ask(row, LateCause.OTHER, WORDS, by=asked.member())
        with as_scope(asked.town.scope):
            actions.refuse(row, "请先补齐签到表", by=head(asked.town))
        actions.ask(row, LateCause.EVIDENCE, "签到表已补齐", by=asked.member())
    acts = ["close", "allow", "lapse", "ask", "refuse", "ask"]
    assert [act.act for act in history.of(row)] == acts


@pytest.mark.parametrize(
    "until",
    [
        pytest.param(date(2026, 11, 11), id="CUT-3 a day that is past"),
        pytest.param(date(2027, 2, 11), id="CUT-3 more than ninety days"),
    ],
)
def test_days_that_cannot_be_allowed(asked: Tenant, until: date) -> None:
    row = closed(asked)
    with on(11, 12), pytest.raises(RefusedError, match="90 天以内"):
        allow(asked, row, until)


def test_a_run_that_was_killed_is_made_up_for(
    app: Flask, asked: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each firm is kept at once: the next run closes what the first did not come to."""
    other = factories.tenant(app, asked.town)
    firms = [(each.firm_id, each.code) for each in (asked, other)]
    monkeypatch.setattr(nightly, "every_firm", lambda: firms)
    whole = actions.pass_days

    def killed(today: date, *, by: Member) -> int:
        if by.firm_id == other.firm_id:
            raise KeyboardInterrupt
        return whole(today, by=by)

    with on(11, 11):
        monkeypatch.setattr(actions, "pass_days", killed)
        with pytest.raises(KeyboardInterrupt):
            nightly.run()
        db.session.rollback()
        monkeypatch.setattr(actions, "pass_days", whole)
        nightly.run()
    assert [firm for firm in (asked, other) if _closed_of(firm) == 1] == [asked, other]


def _closed_of(firm: Tenant) -> int:
    with as_scope(firm.scope):
        found: list[UUID] = list(db.session.scalars(db.select(OverdueMonth.id)))
    return len(found)
