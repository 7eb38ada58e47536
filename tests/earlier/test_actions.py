"""Late entries: what each is worth, who decides, what the next statement takes of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from counselhub.adjustments.models import Adjustment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, FrozenError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.corrections.kinds import PaperKind
from counselhub.corrections.papers import Paper
from counselhub.cutoffs import actions as cutoffs
from counselhub.cutoffs.rules import Terms
from counselhub.earlier import actions
from counselhub.earlier.actions import Entry, Plea
from counselhub.earlier.kinds import LateKind, LateReason
from counselhub.earlier.models import LateEntry
from counselhub.statements import actions as statements
from counselhub.statements.models import Statement
from tests import factories
from tests.factories import Tenant
from tests.review.factories import officer
from tests.statements import work
from tests.statements.sealed import sealed, submitted
from tests.statements.work import NOVEMBER_3, compute

DECEMBER_3 = clock.instant(date(2026, 12, 3), time(9))
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def scope(context: None, tenant: Tenant) -> Iterator[None]:
    with as_scope(tenant.scope), clock.frozen(NOVEMBER_3):
        yield


def plea(tenant: Tenant, kind: LateKind = LateKind.LECTURE, **more: Any) -> Plea:
    facts: dict[LateKind, dict[str, Any]] = {
        LateKind.LECTURE: {"times": 1},
        LateKind.VISIT: {
            "signed_in_at": clock.instant(date(2026, 10, 14), time(9)),
            "signed_out_at": clock.instant(date(2026, 10, 14), time(11)),
        },
        LateKind.CASE: {"case_number": f"AJ-{tenant.code}", "difficulty": "simple", "form": "oral"},
    }
    place = {
        "community_code": tenant.town.communities[0],
        "day": date(2026, 10, 14),
        "adviser_id": tenant.adviser_id,
    }
    entry = Entry(kind=kind, **(place | facts[kind] | more))
    paper = Paper(PaperKind.SCAN, "d" * 64, b"%PDF-", None)
    return Plea(entry, LateReason.FORGOTTEN, "当月漏登", (paper,))


def asked(tenant: Tenant, kind: LateKind = LateKind.LECTURE, **more: Any) -> LateEntry:
    return actions.ask(plea(tenant, kind, **more), by=tenant.member())


def approved(tenant: Tenant, kind: LateKind = LateKind.LECTURE, **more: Any) -> LateEntry:
    row = asked(tenant, kind, **more)
    actions.approve(row, "", revision=row.revision, by=tenant.member())
    return row


def entered(row: LateEntry) -> list[Adjustment]:
    query = db.select(Adjustment).where(Adjustment.late_entry_id == row.id)
    return list(db.session.scalars(query.order_by(Adjustment.id)))


def next_adjusted(tenant: Tenant, month: date = NOVEMBER) -> list[int]:
    with clock.frozen(DECEMBER_3):
        made = compute(tenant, month)
    db.session.expire_all()
    return [line.amount_fen for line in made.lines if line.kind == "adjustment"]


@pytest.mark.parametrize(
    ("kind", "amount_fen"),
    [
        pytest.param(LateKind.LECTURE, 30_000, id="a lecture"),
        pytest.param(LateKind.VISIT, 10_000, id="two hours less missing"),
        pytest.param(LateKind.CASE, 10_000, id="an oral case"),
    ],
)
def test_what_was_entered_late_comes_with_the_next_statement(
    tenant: Tenant, kind: LateKind, amount_fen: int
) -> None:
    october = sealed(tenant)
    before = [(line.id, line.amount_fen) for line in october.lines]
    row = approved(tenant, kind)
    assert row.amount_fen == amount_fen
    assert next_adjusted(tenant) == [amount_fen]
    now = db.session.get_one(Statement, (october.firm_id, october.id))
    assert [(line.id, line.amount_fen) for line in now.lines] == before
    with as_scope(tenant.town.scope):
        assert db.session.get(LateEntry, (row.firm_id, row.id)) is not None


def test_the_second_one_is_worth_what_the_first_left(tenant: Tenant) -> None:
    sealed(tenant)
    approved(tenant)
    with pytest.raises(RefusedError, match="不改变任何金额"):
        asked(tenant)


def test_caps_of_later_months_know_of_it(tenant: Tenant) -> None:
    sealed(tenant)
    approved(tenant)
    work.lecture(tenant, date(2026, 11, 4))
    made = compute(tenant, NOVEMBER)
    assert [line.amount_fen for line in made.lines if line.kind == "lecture"] == [0]


def test_late_visits_add_up(tenant: Tenant) -> None:
    sealed(tenant)
    first = approved(tenant, LateKind.VISIT)
    day = date(2026, 10, 15)
    hours = {
        "signed_in_at": clock.instant(day, time(9)),
        "signed_out_at": clock.instant(day, time(17)),
    }
    second = approved(tenant, LateKind.VISIT, day=day, **hours)
    assert (first.amount_fen, second.amount_fen) == (10_000, 30_000)
    assert next_adjusted(tenant) == [40_000]


def test_a_case_is_paid_once_ever(tenant: Tenant) -> None:
    sealed(tenant)
    row = approved(tenant, LateKind.CASE)
    with pytest.raises(RefusedError, match="已在结算单中领取"):
        asked(tenant, LateKind.CASE)
    actions.withdraw(row, revision=row.revision, by=tenant.member())
    assert asked(tenant, LateKind.CASE).amount_fen == 10_000


def test_one_request_for_a_case_at_a_time(tenant: Tenant) -> None:
    sealed(tenant)
    asked(tenant, LateKind.CASE)
    with pytest.raises(ConflictError, match="已有一份补录申请"):
        asked(tenant, LateKind.CASE)


def test_what_passes_the_cap_waits_and_nothing_is_lost(tenant: Tenant) -> None:
    with as_scope(tenant.town.scope):
        cutoffs.set_rule(Terms(late_cap_fen=12_000), revision=None, by=officer(tenant.town))
    sealed(tenant)
    row = approved(tenant)
    assert [one.amount_fen for one in entered(row)] == [12_000, 12_000, 6_000]
    assert next_adjusted(tenant) == [12_000]
    assert next_adjusted(tenant, date(2026, 12, 1)) == [12_000]


def test_it_is_withdrawn_before_it_is_handed_in_and_never_after(tenant: Tenant) -> None:
    sealed(tenant)
    row = approved(tenant)
    november = compute(tenant, NOVEMBER)
    assert november.total_fen
    actions.withdraw(row, revision=row.revision, by=tenant.member())
    assert next_adjusted(tenant) == []
    again = approved(tenant)
    with clock.frozen(DECEMBER_3):
        statement = compute(tenant, NOVEMBER)
        statements.certify(statement, tenant.member())
        statements.submit(statement, tenant.member())
    with pytest.raises(FrozenError, match="已列入提交的结算单"):
        actions.withdraw(again, revision=again.revision, by=tenant.member())


def test_what_was_agreed_to_on_top_of_it_goes_first(tenant: Tenant) -> None:
    sealed(tenant)
    first = approved(tenant, LateKind.VISIT)
    with clock.frozen(NOVEMBER_3.replace(hour=5)):
        approved(tenant)
    with pytest.raises(ConflictError, match="先撤回后批准"):
        actions.withdraw(first, revision=first.revision, by=tenant.member())


def test_whoever_asked_does_not_decide_beside_a_colleague(tenant: Tenant, app: Any) -> None:
    factories.account(app, tenant.scope, Role.MANAGER)
    sealed(tenant)
    one = replace(tenant.member(), person_id=uuid7())
    row = actions.ask(plea(tenant), by=one)
    with pytest.raises(ForbiddenError, match="另一位负责人"):
        actions.approve(row, "", revision=None, by=one)
    other = replace(tenant.member(), person_id=uuid7())
    actions.approve(row, "", revision=None, by=other)
    assert not row.is_alone


def _open(tenant: Tenant) -> None:
    compute(tenant)


def _in_review(tenant: Tenant) -> None:
    submitted(tenant)


def _closed_path(tenant: Tenant) -> None:
    sealed(tenant)
    with as_scope(tenant.town.scope):
        cutoffs.set_rule(Terms(late_months=0), revision=None, by=officer(tenant.town))


def _sealed(tenant: Tenant) -> None:
    sealed(tenant)


@pytest.mark.parametrize(
    ("make", "changes", "why"),
    [
        pytest.param(_open, {}, "请直接登记", id="a month that is open"),
        pytest.param(_in_review, {}, "还在审核", id="a month in review"),
        pytest.param(_closed_path, {}, "不受理", id="a street that takes none"),
        pytest.param(_sealed, {"day": date(2026, 3, 2)}, "只受理 2026-05", id="too long ago"),
        pytest.param(
            _sealed, {"adviser_id": uuid7(), "kind": LateKind.VISIT}, "没有指派", id="not assigned"
        ),
    ],
)
def test_what_is_refused(tenant: Tenant, make: Any, changes: dict[str, Any], why: str) -> None:
    make(tenant)
    with pytest.raises(RefusedError, match=why):
        asked(tenant, **changes)


def test_without_a_paper_it_is_refused(tenant: Tenant) -> None:
    sealed(tenant)
    with pytest.raises(RefusedError, match="佐证"):
        actions.ask(replace(plea(tenant), papers=()), by=tenant.member())


def test_refusing_needs_words(tenant: Tenant) -> None:
    sealed(tenant)
    row = asked(tenant)
    with pytest.raises(RefusedError, match="原因"):
        actions.refuse(row, " ", revision=None, by=tenant.member())
    actions.refuse(row, "没有签到表", revision=row.revision, by=tenant.member())
    assert next_adjusted(tenant) == []
    with as_scope(tenant.town.scope):
        assert db.session.scalars(db.select(LateEntry)).all() == []
