"""How well a session is proven: what speaks for it, and where the grade is shown."""

import re
from datetime import time

import pytest
from flask.testing import FlaskClient

from counselhub.confirmations import actions as confirmations
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.duty import desk, evidence, punch_queries, punches, tapped
from counselhub.duty.desk import Entry
from counselhub.duty.grades import Proof, Record
from counselhub.duty.models import DutySession
from counselhub.services.models import ServiceRecord
from tests.duty.conftest import DAY
from tests.duty.tapping import as_sent, at, ms, post, sign_in, sign_out
from tests.factories import Tenant


def test_what_speaks_for_a_session(adviser: Member, tenant: Tenant) -> None:
    begin = sign_in(tenant, at(9))
    [tap, _out] = punches.take([begin, sign_out(tenant, at(11), begin.key)], by=adviser)
    session = punches.session_of(tap)
    assert session
    desk.correct(session, entry(session, signed=True), revision=None, by=tenant.member())
    graded = evidence.of([session])[session.id]
    assert (graded.grade, graded.record, graded.proofs) == ("B", Record.OFFLINE, [Proof.COMMUNITY])
    db.session.add(
        ServiceRecord(
            number="FW-1",
            day=DAY,
            kind="consultation",
            community_code=session.community_code,
            street_code=session.street_code,
            adviser_id=session.adviser_id,
            created_at=at(10),
        )
    )
    db.session.flush()
    assert evidence.of([session])[session.id].proofs == [Proof.COMMUNITY, Proof.SERVICES]
    session.remark = "更正"
    db.session.flush()
    assert evidence.of([session])[session.id].record == Record.HAND


def entry(session: DutySession, *, signed: bool, ends: time = time(11)) -> Entry:
    """A session of 9 to 11 as the desk writes it."""
    return Entry(
        adviser_id=session.adviser_id,
        community_code=session.community_code,
        day=DAY,
        signed_in=time(9),
        signed_out=ends,
        substitute_for_id=None,
        community_confirmed=signed,
        remark="签到表已核对",
    )


@pytest.mark.parametrize(
    ("ends", "record"),
    [
        pytest.param(time(11), Record.OFFLINE, id="a remark alone"),
        pytest.param(time(11, 30), Record.HAND, id="another time"),
    ],
)
def test_a_correction_of_words_leaves_the_record_as_it_was(
    adviser: Member, tenant: Tenant, ends: time, record: Record
) -> None:
    begin = sign_in(tenant, at(9))
    [tap, _out] = punches.take([begin, sign_out(tenant, at(11), begin.key)], by=adviser)
    session = punches.session_of(tap)
    assert session
    desk.correct(session, entry(session, signed=False, ends=ends), revision=None, by=adviser)
    assert evidence.of([session])[session.id].record == record


@pytest.mark.parametrize("is_form", [False, True], ids=["a tap that was sent", "a form"])
def test_the_own_word_of_a_signature_is_no_confirmation(
    adviser: Member, tenant: Tenant, is_form: bool
) -> None:
    """The community is asked all the same, and may say that nobody came."""
    begin = sign_in(tenant, at(9))
    end = sign_out(tenant, at(11), begin.key, community_confirmed=not is_form)
    [tap, *_out] = punches.take([begin] if is_form else [begin, end], by=adviser)
    session = punches.session_of(tap)
    assert session
    if is_form:
        punches.sign_out(session, key=end.key, by=adviser, community_confirmed=True)
    assert session.community_confirmed is None
    assert evidence.of([session])[session.id].proofs == []
    assert [one.is_signed for one in tapped.shown(punch_queries.of_session(session))] == [
        False,
        True,
    ]
    assert confirmations.ask(session, by=adviser).request.session_id == session.id


def test_a_service_elsewhere_or_at_another_time_proves_nothing(
    adviser: Member, tenant: Tenant
) -> None:
    begin = sign_in(tenant, at(9))
    [tap, _out] = punches.take([begin, sign_out(tenant, at(11), begin.key)], by=adviser)
    session = punches.session_of(tap)
    assert session
    for number, place, when in (("FW-1", 1, at(10)), ("FW-2", 0, at(11, 30))):
        db.session.add(
            ServiceRecord(
                number=number,
                day=DAY,
                kind="consultation",
                community_code=tenant.town.communities[place],
                street_code=tenant.town.street_code,
                adviser_id=session.adviser_id,
                created_at=when,
            )
        )
    db.session.flush()
    assert evidence.of([session])[session.id].proofs == []


@pytest.mark.usefixtures("noon")
def test_the_grade_is_shown_at_once(
    as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant
) -> None:
    begin = as_sent(tenant)
    post(as_adviser, [begin, as_sent(tenant, kind="out", ends=begin["key"], tapped=ms(at(11)))])
    page = as_adviser.get("/duty").text
    assert "证据 C" in page
    assert "离线打卡，手机校正时间 · 没有社区确认" in page
    sessions = as_manager.get("/duty/sessions?month=2026-10").text
    [address] = re.findall(r'href="(/duty/sessions/[0-9a-f-]{36})"', sessions)
    assert "证据 C" in as_manager.get(address).text
