"""Taps that were refused are judged anew as soon as what was in their way is told or mended."""

from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.duty import desk, evidence, punches
from counselhub.duty.kinds import CorrectionReason
from counselhub.duty.models import DutyPunch, DutySession
from tests.duty.conftest import DAY, YESTERDAY, MakeSession, load
from tests.duty.tapping import at, sign_in, sign_out
from tests.duty.test_desk import entry
from tests.factories import Tenant


def verdicts() -> list[str]:
    return list(db.session.scalars(select(DutyPunch.verdict).order_by(DutyPunch.counts_at)))


def sessions() -> list[DutySession]:
    return list(db.session.scalars(select(DutySession).order_by(DutySession.signed_in_at)))


def test_a_forgotten_end_that_is_told_lets_refused_taps_count(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    forgotten, day = make_session(time(7), None, YESTERDAY), timedelta(days=1)
    begun = sign_in(tenant, at(13) - day, place=1)
    punches.take([begun, sign_out(tenant, at(15) - day, begun.key)], by=adviser)
    assert verdicts()[0] == "two_places"
    told = load(forgotten)
    punches.sign_out(told, key=uuid4(), by=adviser, left_at=time(12))
    assert told.signed_out_at is not None
    assert [one.community_code for one in sessions()] == list(tenant.town.communities[:2])
    assert sessions()[1].status == "closed"


def test_an_end_that_nobody_remembers_lets_them_count_too(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    forgotten = make_session(time(7), None)
    punches.take([sign_in(tenant, at(9), place=1)], by=adviser)
    assert verdicts() == ["two_places"]
    punches.leave_untold(load(forgotten), by=adviser)
    assert verdicts() == ["counted"]


def _mended(session: DutySession, tenant: Tenant) -> None:
    given = entry(tenant, day=DAY, signed_in=time(7), signed_out=time(8))
    reason = CorrectionReason.NO_SIGN_OUT
    desk.correct(session, given, revision=1, by=tenant.member(), reason=reason)


def _voided(session: DutySession, tenant: Tenant) -> None:
    desk.void(session, by=tenant.member(), reason="重复")


@pytest.mark.parametrize("mend", [_mended, _voided])
def test_what_the_desk_mends_or_voids_makes_room(
    adviser: Member,
    tenant: Tenant,
    make_session: MakeSession,
    mend: Callable[[DutySession, Tenant], None],
) -> None:
    in_the_way = make_session(time(7), time(11, 50))
    punches.take([sign_in(tenant, at(9), place=1)], by=adviser)
    assert verdicts() == ["two_places"]
    mend(load(in_the_way), tenant)
    assert verdicts() == ["counted"]


def test_taps_of_a_session_that_went_to_another_lawyer_make_no_second_one(
    adviser: Member, tenant: Tenant
) -> None:
    begun = sign_in(tenant, at(9))
    punches.take([begun, sign_out(tenant, at(11), begun.key)], by=adviser)
    (session,) = sessions()
    given = entry(tenant, adviser_id=tenant.backup_id, day=DAY)
    desk.correct(session, given, revision=None, by=tenant.member())
    punches.take([sign_in(tenant, at(11, 30))], by=adviser)
    assert [one.adviser_id for one in sessions()] == [tenant.backup_id, tenant.adviser_id]


def test_what_a_file_or_a_hand_recorded_is_no_tap(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    def record(session_id: UUID) -> str:
        row = load(session_id)
        return evidence.of([row])[row.id].record.value

    phone = make_session(day=YESTERDAY)  # from a workbook that says 手机
    other = make_session(time(7), time(8), YESTERDAY, source="dingtalk")
    assert (record(phone), record(other)) == ("hand", "system")
    given = entry(tenant, signed_in=time(7), signed_out=time(8, 30), day=YESTERDAY)
    desk.correct(load(other), given, revision=None, by=tenant.member())
    assert record(other) == "hand"
