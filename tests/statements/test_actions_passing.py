"""From certified to submitted, queried and resubmitted; what is frozen meanwhile."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from counselhub.closing import actions as closing
from counselhub.closing.models import ClosedMonth
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FrozenError, IllegalMoveError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_scope
from counselhub.statements import actions
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.queries import lines_with_queries
from counselhub.statements.states import STATEMENT_FLOW
from counselhub.statements.thread_models import LineEntry, LineQuery
from tests import factories
from tests.factories import Tenant, Town
from tests.statements import work
from tests.statements.work import NOVEMBER_3, OCTOBER

CLOSED = select(ClosedMonth)
pytestmark = pytest.mark.usefixtures("context", "in_november")


@pytest.fixture
def in_november() -> Iterator[None]:
    with clock.frozen(NOVEMBER_3):
        yield


@pytest.fixture
def certified(tenant: Tenant) -> Iterator[Statement]:
    """The worked example's statement, certified, under the firm's scope."""
    work.example(tenant)
    with as_scope(tenant.scope):
        statement = actions.compute(tenant.town.street_code, OCTOBER, tenant.member())
        actions.certify(statement, tenant.member())
        yield statement


@pytest.fixture
def submitted(tenant: Tenant, certified: Statement) -> Statement:
    actions.submit(certified, tenant.member())
    return certified


@pytest.fixture
def queried(tenant: Tenant, submitted: Statement) -> Statement:
    """Sent back: the base line accepted, the first community's shortfall asked about."""
    history.advance(submitted, STATEMENT_FLOW, "open_review", by=tenant.member())
    base, shortfall = line_of(submitted, "base"), line_of(submitted, "shortfall")
    base.review, shortfall.review = "accepted", "queried"
    db.session.add(
        LineQuery(
            statement_id=submitted.id,
            line_id=shortfall.id,
            street_code=submitted.street_code,
            version=1,
            reason="presence",
            words="十月五日是否到岗？",
            asked_at=clock.now(),
            asked_by_name="经办某",
        )
    )
    closing.reopen(submitted.id, [tenant.town.communities[0]])
    history.advance(submitted, STATEMENT_FLOW, "return_queried", by=tenant.member())
    db.session.flush()
    db.session.expire_all()
    return submitted


def answered(query: LineQuery, words: str) -> None:
    """Let the firm answer a question."""
    entry = LineEntry(
        query_id=query.id,
        street_code=query.street_code,
        side="firm",
        words=words,
        at=clock.now(),
        by_name="测试员",
    )
    db.session.add(entry)


def line_of(statement: Statement, kind: str) -> StatementLine:
    return next(line for line in lines_with_queries(statement.id) if line.kind == kind)


def test_submitting_freezes_the_month(tenant: Tenant, submitted: Statement) -> None:
    assert (submitted.status, submitted.version) == ("submitted", 1)
    places = set(db.session.scalars(select(ClosedMonth.place_code)))
    assert places == {*tenant.town.communities[:2], tenant.town.street_code}
    with pytest.raises(FrozenError, match=submitted.number), closing.guarded():
        work.session(tenant, date(2026, 10, 28))
    with pytest.raises(FrozenError, match=submitted.number), closing.guarded():
        work.shift(
            tenant, datetime(2026, 10, 9, 1, tzinfo=UTC), datetime(2026, 10, 9, 9, tzinfo=UTC)
        )


def test_the_account_is_copied(tenant: Tenant, certified: Statement) -> None:
    actions.set_account("某某律师事务所", "某银行", "0000 1111", by=tenant.member())
    actions.submit(certified, tenant.member())
    actions.set_account("另一户名", "某银行", "2222", by=tenant.member())
    assert certified.payee == {"name": "某某律师事务所", "bank": "某银行", "account": "0000 1111"}


def test_a_running_month_is_not_submitted(tenant: Tenant, certified: Statement) -> None:
    with (
        clock.frozen(datetime(2026, 10, 31, 15, 59, tzinfo=UTC)),
        pytest.raises(RefusedError, match="2026-10-31"),
    ):
        actions.submit(certified, tenant.member())


def test_a_draft_is_not_submitted(tenant: Tenant) -> None:
    with as_scope(tenant.scope):
        draft = actions.compute(tenant.town.street_code, OCTOBER, tenant.member())
        with pytest.raises(IllegalMoveError):
            actions.submit(draft, tenant.member())


@pytest.mark.parametrize("act", ["certify", "submit"])
def test_what_changed_since_is_worked_out_first(
    tenant: Tenant, certified: Statement, act: str
) -> None:
    if act == "certify":
        actions.reopen(certified, tenant.member())
    work.session(tenant, date(2026, 10, 28))
    with pytest.raises(ConflictError, match="请先重新计算"):
        getattr(actions, act)(certified, tenant.member())


def test_void_opens_the_month_again(tenant: Tenant, submitted: Statement) -> None:
    actions.void(submitted, tenant.member())
    assert db.session.scalars(select(ClosedMonth)).all() == []
    work.session(tenant, date(2026, 10, 28))


def test_a_month_that_two_statements_rest_on_opens_with_the_last(
    tenant: Tenant, submitted: Statement
) -> None:
    """As when a quarter's statement settles a month that has a statement of its own."""
    quarter, place = uuid7(), tenant.town.communities[0]
    closing.close(
        tenant.firm_id,
        tenant.town.street_code,
        submitted.month,
        [place],
        statement_id=quarter,
        number="quarter",
    )
    actions.void(submitted, tenant.member())
    assert _closed_by(place) == {"quarter"}
    closing.reopen(quarter)
    assert _closed_by(place) == set()


def _closed_by(place: str) -> set[str]:
    return set(
        db.session.scalars(
            select(ClosedMonth.statement_number).where(ClosedMonth.place_code == place)
        )
    )


def test_the_office_reads_the_acts_since_submission(tenant: Tenant, submitted: Statement) -> None:
    assert [(event.act, event.street_code) for event in history.of(submitted)] == [
        ("compute", None),
        ("certify", None),
        ("submit", tenant.town.street_code),
    ]


def test_recomputing_keeps_accepted_lines_sealed(tenant: Tenant, queried: Statement) -> None:
    sealed = line_of(queried, "base")
    revision, trace = sealed.revision, sealed.trace
    work.session(tenant, date(2026, 10, 5), 60)
    actions.compute(tenant.town.street_code, OCTOBER, tenant.member())
    changed = line_of(queried, "shortfall")
    assert (changed.amount_fen, changed.version) == (-5_000, 2)
    assert changed.previous == {"quantity": "2", "amount_fen": -10_000}
    assert (sealed.revision, sealed.trace) == (revision, trace)
    assert queried.total_fen == sum(line.amount_fen for line in lines_with_queries(queried.id))
    assert sum(amount for _, amount in queried.funding) == queried.total_fen


def test_a_sealed_line_keeps_its_amount_when_the_rules_give_another(
    tenant: Tenant, queried: Statement
) -> None:
    db.session.execute(db.text("UPDATE scheme_version SET annual_fen = 1"))
    actions.compute(tenant.town.street_code, OCTOBER, tenant.member())
    assert line_of(queried, "base").amount_fen == 166_667
    assert queried.total_fen == sum(line.amount_fen for line in lines_with_queries(queried.id))
    assert sum(amount for _, amount in queried.funding) == queried.total_fen


def test_the_database_keeps_a_sealed_line(queried: Statement) -> None:
    line_of(queried, "base").amount_fen += 1
    with pytest.raises(DBAPIError) as refused, db.session.begin_nested():
        db.session.flush()
    frozen = closing.refusal(refused.value)
    assert frozen is not None
    assert "已审核通过" in frozen.message


def test_a_withdrawn_line_stays_at_nothing(tenant: Tenant, queried: Statement) -> None:
    record = work.ServiceRecord
    db.session.delete(db.session.scalars(select(record)).one())
    db.session.flush()
    actions.compute(tenant.town.street_code, OCTOBER, tenant.member())
    gone = line_of(queried, "lecture")
    assert (gone.amount_fen, gone.quantity, gone.previous) == (
        0,
        "0",
        {"quantity": "1", "amount_fen": 30_000},
    )
    assert [step["name"] for step in gone.trace] == ["withdrawn"]


def test_resubmitting_needs_an_answer(tenant: Tenant, queried: Statement) -> None:
    with pytest.raises(RefusedError, match=r"“甲社区 · [^0-9]+”还没有答复"):
        actions.resubmit(queried, tenant.member())


@pytest.mark.parametrize("how", ["answer", "amount"])
def test_resubmitting_closes_the_month_again(tenant: Tenant, queried: Statement, how: str) -> None:
    if how == "answer":
        query = db.session.scalars(select(LineQuery)).one()
        answered(query, "确已到岗，见签到表。")
        db.session.flush()
        db.session.expire_all()
    else:
        work.session(tenant, date(2026, 10, 5), 60)
        actions.compute(tenant.town.street_code, OCTOBER, tenant.member())
    actions.resubmit(queried, tenant.member())
    assert (queried.status, queried.version) == ("in_review", 2)
    line = line_of(queried, "shortfall")
    assert line.review == "pending"
    assert (line.version, line.previous is not None) == (
        (1, False) if how == "answer" else (2, True)
    )
    assert line_of(queried, "base").review == "accepted"
    with pytest.raises(FrozenError), closing.guarded():
        work.session(tenant, date(2026, 10, 28))


def test_resubmitting_without_recomputing_is_refused(tenant: Tenant, queried: Statement) -> None:
    query = db.session.scalars(select(LineQuery)).one()
    answered(query, "补录了一次。")
    work.session(tenant, date(2026, 10, 5), 60)
    db.session.flush()
    db.session.expire_all()
    with pytest.raises(ConflictError, match="请先重新计算"):
        actions.resubmit(queried, tenant.member())


def test_a_quarter_closes_its_months(app: Flask, town: Town) -> None:
    """M1: a quarter's lines rest on three months, whether or not the first two had statements."""
    tenant = factories.tenant(app, town, cycle="quarter")
    with as_scope(tenant.scope):
        statement = actions.compute(town.street_code, date(2026, 9, 1), tenant.member())
        actions.certify(statement, tenant.member())
        actions.submit(statement, tenant.member())
        closed = {(row.place_code, row.month.month) for row in db.session.scalars(CLOSED)}
        assert closed == {(town.street_code, 9)} | {
            (place, month) for place in town.communities[:2] for month in (7, 8, 9)
        }
        with pytest.raises(FrozenError, match=statement.number), closing.guarded():
            work.session(tenant, date(2026, 7, 6))
