"""Contracts: overlap is refused by name, closed months stay, the moves follow their flow."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from counselhub.closing import actions as closing
from counselhub.contracts import actions, moves
from counselhub.contracts.actions import Given
from counselhub.contracts.models import Contract
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import FrozenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_firm
from tests.factories import Tenant

DEC = date(2026, 12, 31)


@pytest.fixture
def by(context: None, tenant: Tenant) -> Iterator[Member]:
    """The manager, inside the firm's scope."""
    with as_firm(tenant.firm_id):
        yield tenant.member()


@pytest.fixture
def active(by: Member, tenant: Tenant) -> Contract:
    """The procurement contract of the first two communities, 2026."""
    return db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))


@pytest.fixture
def given(tenant: Tenant) -> Given:
    """A procurement contract of the third community for 2026."""
    return Given(
        number="HT-2026-9",
        kind="procurement",
        starts_on=date(2026, 1, 1),
        ends_on=DEC,
        scheme_id=tenant.scheme_id,
        communities=(tenant.town.communities[2],),
    )


def test_no_contract_was_signed_tomorrow(by: Member, given: Given) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(RefusedError, match="不能晚于今天") as refused:
        actions.save(None, replace(given, signed_on=tomorrow), by=by)
    assert refused.value.at == "signed_on"
    assert actions.save(None, replace(given, signed_on=clock.today()), by=by).signed_on


def close(tenant: Tenant, month: date) -> None:
    closing.close(
        tenant.firm_id,
        tenant.town.street_code,
        month,
        tenant.town.communities[:2],
        statement_id=uuid4(),
        number="JS-9",
    )


def test_a_new_contract_is_a_draft(by: Member, given: Given) -> None:
    contract = actions.save(None, given, by=by)
    assert contract.status == "draft"
    assert Given.of(contract) == given
    assert contract.communities[0].last_on == DEC


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"communities": ()}, "至少选择一个社区", id="no community"),
        pytest.param({"communities": ("000000000000",)}, "000000000000", id="an unknown code"),
        pytest.param({"ends_on": date(2025, 1, 1)}, "不能早于开始日期", id="ends before it begins"),
    ],
)
def test_what_no_contract_says_is_refused(
    by: Member, given: Given, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        actions.save(None, replace(given, **changes), by=by)


def test_an_engagement_has_one_community(by: Member, tenant: Tenant, given: Given) -> None:
    both = replace(given, kind="engagement", communities=tuple(tenant.town.communities[2:]))
    with pytest.raises(RefusedError, match="只对应一个社区"):
        actions.save(None, both, by=by)


def test_overlap_names_the_other_contract(by: Member, tenant: Tenant, given: Given) -> None:
    over = replace(given, communities=tuple(tenant.town.communities[1:3]))
    words = f"乙社区在 2026-01-01 至 2026-12-31 已有政府购买服务合同 {tenant.code}-001"
    with pytest.raises(RefusedError, match=words):
        actions.save(None, over, by=by)
    actions.save(None, replace(over, starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 30)), by=by)


def test_the_other_kind_may_overlap(by: Member, tenant: Tenant, given: Given) -> None:
    own = replace(given, kind="engagement", communities=tuple(tenant.town.communities[:1]))
    assert actions.save(None, own, by=by).status == "draft"


def test_a_number_is_used_once(by: Member, active: Contract, given: Given) -> None:
    with pytest.raises(RefusedError, match=f"{active.number} 已用于 2026-01-01 至 2026-12-31"):
        actions.save(None, replace(given, number=active.number), by=by)


def test_a_change_of_communities_makes_a_revision(
    by: Member, tenant: Tenant, active: Contract
) -> None:
    before = active.revision
    fewer = replace(Given.of(active), communities=tuple(tenant.town.communities[1:3]))
    actions.save(active, fewer, by=by)
    assert active.revision == before + 1
    assert [one.community_code for one in active.communities] == tenant.town.communities[1:3]
    assert history.of(active)[-1].act == "change"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"annual_fen": 1}, "年度金额不能再改.*续签一份写上新的年度金额", id="the amount"
        ),
        pytest.param({"ends_on": date(2026, 9, 15)}, "日期不能再改", id="an end inside it"),
        pytest.param({"starts_on": date(2026, 10, 1)}, "日期不能再改", id="a start after it"),
        pytest.param({"kind": "engagement"}, "合同类型、社区不能再改", id="the kind"),
        pytest.param(
            {"number": "HT-9", "annual_fen": 1},
            "合同编号、年度金额不能再改",
            id="number and amount",
        ),
    ],
)
def test_a_closed_month_keeps_what_it_rests_on_and_names_it(
    by: Member, tenant: Tenant, active: Contract, changes: dict[str, object], words: str
) -> None:
    close(tenant, date(2026, 9, 1))
    given = Given.of(active)
    if "kind" in changes:
        given = replace(given, communities=given.communities[:1])
    with pytest.raises(FrozenError, match=f"JS-9.*{words}"):
        actions.save(active, replace(given, **changes), by=by)


def test_an_end_after_the_last_closed_month_is_allowed(
    by: Member, tenant: Tenant, active: Contract
) -> None:
    close(tenant, date(2026, 9, 1))
    actions.save(active, replace(Given.of(active), ends_on=date(2026, 9, 30)), by=by)
    assert {one.last_on for one in active.communities} == {date(2026, 9, 30)}


def test_the_moves_in_order(by: Member, given: Given) -> None:
    contract = actions.save(None, given, by=by)
    with pytest.raises(IllegalMoveError):
        moves.activate(contract, by=by)
    moves.send(contract, by=by)
    with pytest.raises(RefusedError, match="不能晚于今天"):
        moves.sign(contract, date(2099, 1, 1), by=by)
    moves.sign(contract, date(2026, 1, 1), by=by)
    moves.file(contract, by=by)
    moves.activate(contract, by=by)
    assert contract.status == "active"
    acts = [event.act for event in history.of(contract)]
    assert acts == ["create", "send", "sign", "file", "activate"]


def test_activation_does_not_reach_into_a_closed_month(
    by: Member, tenant: Tenant, given: Given
) -> None:
    place = tenant.town.communities[0]
    own = replace(given, kind="engagement", communities=(place,))
    contract = actions.save(None, own, by=by)
    moves.send(contract, by=by)
    moves.sign(contract, date(2026, 1, 1), by=by)
    moves.file(contract, by=by)
    close(tenant, date(2026, 9, 1))
    with pytest.raises(FrozenError, match="JS-9"):
        moves.activate(contract, by=by)


def test_expiry_waits_for_the_last_day(by: Member, active: Contract) -> None:
    actions.save(active, replace(Given.of(active), ends_on=date(2099, 1, 1)), by=by)
    with pytest.raises(RefusedError, match="2099-01-01 才到期"):
        moves.expire(active, by=by)


def test_termination_ends_every_community(by: Member, active: Contract) -> None:
    with pytest.raises(RefusedError, match="2026-01-01 至 2026-12-31 之间"):
        moves.terminate(active, date(2027, 1, 1), "协商一致", by=by)
    moves.terminate(active, date(2026, 10, 31), "协商一致", by=by)
    assert active.last_on == date(2026, 10, 31)
    assert {one.last_on for one in active.communities} == {date(2026, 10, 31)}
    with pytest.raises(IllegalMoveError):
        actions.save(active, Given.of(active), by=by)


def test_termination_leaves_closed_days(by: Member, tenant: Tenant, active: Contract) -> None:
    close(tenant, date(2026, 9, 1))
    with pytest.raises(FrozenError, match="JS-9"):
        moves.terminate(active, date(2026, 9, 29), "协商一致", by=by)
    moves.terminate(active, date(2026, 9, 30), "协商一致", by=by)
