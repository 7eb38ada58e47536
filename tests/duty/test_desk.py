"""Sessions that the desk adds, corrects and voids, on the real database."""

from collections.abc import Callable
from datetime import date, time

import pytest

from counselhub.core import history
from counselhub.core.errors import (
    ConflictError,
    FrozenError,
    IllegalMoveError,
    RefusedError,
)
from counselhub.core.members import Member
from counselhub.duty import actions, desk
from counselhub.duty.desk import Entry
from tests.duty.conftest import DAY, STATEMENT, YESTERDAY, MakeSession, load
from tests.factories import Tenant


def entry(tenant: Tenant, **given: object) -> Entry:
    return Entry(
        **{
            "adviser_id": tenant.adviser_id,
            "community_code": tenant.town.communities[0],
            "day": YESTERDAY,
            "signed_in": time(9),
            "signed_out": time(11),
            "substitute_for_id": None,
            "community_confirmed": True,
            "remark": "手机没电",
        }
        | given
    )


def test_a_missed_session_is_added_by_hand(adviser: Member, tenant: Tenant) -> None:
    session = desk.add(entry(tenant), by=tenant.member())
    assert (session.source, session.status, session.remark) == ("manual", "closed", "手机没电")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"signed_out": time(8)}, "晚于签到时间", id="out before in"),
        pytest.param({"day": date(2026, 10, 9)}, "不能晚于现在", id="tomorrow"),
        pytest.param({"day": DAY, "signed_out": time(12, 1)}, "不能晚于现在", id="out to come"),
    ],
)
def test_impossible_sessions_are_not_added(
    adviser: Member, tenant: Tenant, given: dict[str, object], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        desk.add(entry(tenant, **given), by=tenant.member())


def test_nobody_stands_in_for_himself(adviser: Member, tenant: Tenant) -> None:
    with pytest.raises(RefusedError, match="不能是值班律师本人"):
        desk.add(entry(tenant, substitute_for_id=tenant.adviser_id), by=tenant.member())


def test_a_correction_keeps_what_was_before(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    session = load(make_session(time(9), None, YESTERDAY))
    desk.correct(session, entry(tenant), revision=1, by=tenant.member())
    assert (session.status, session.revision) == ("closed", 2)
    acts = {event.act: event.detail for event in history.of(session)}
    assert acts.keys() == {"sign_out", "correct"}
    assert acts["correct"]["before"]["signed_out_at"] == "None"
    with pytest.raises(ConflictError, match="别人已经改动"):
        desk.correct(session, entry(tenant), revision=1, by=tenant.member())


def test_a_voided_session_is_not_corrected(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    session = load(make_session(day=YESTERDAY))
    actions.void(session, by=tenant.member(), reason="重复")
    with pytest.raises(IllegalMoveError, match="已作废"):
        desk.correct(session, entry(tenant), revision=None, by=tenant.member())


def test_a_closed_month_is_named(
    adviser: Member,
    tenant: Tenant,
    make_session: MakeSession,
    close_october: Callable[[], None],
) -> None:
    session_id = make_session()
    close_october()
    with pytest.raises(FrozenError, match=STATEMENT):
        desk.add(entry(tenant), by=tenant.member())
    with pytest.raises(FrozenError, match=STATEMENT):
        actions.void(load(session_id), by=tenant.member(), reason="重复")
    with pytest.raises(FrozenError, match=STATEMENT):
        actions.sign_in(adviser, tenant.town.communities[0])
