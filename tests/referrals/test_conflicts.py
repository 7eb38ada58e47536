"""Referrals and conflicts of interest: who is left out and why, and what a wall of a matter hides.

The service's client is 甄有其; the leader's own matter stands against him.
"""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import select, text

from counselhub.core import tenancy
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.permissions import Role
from counselhub.matters import actions as matters
from counselhub.matters import deciding
from counselhub.matters.deciding import Whom
from counselhub.matters.kinds import PartyRole, WallReason
from counselhub.matters.models import Matter, MatterConflict
from counselhub.people.models import Person
from counselhub.referrals import actions, forming, gather, offering, tying
from counselhub.referrals.actions import Plea
from counselhub.referrals.kinds import DeclineWhy, Speciality, Urgency
from counselhub.referrals.models import Referral
from counselhub.services.models import ServiceRecord
from tests import factories
from tests.matters.conftest import CLIENT, OPPONENT, entry, party
from tests.referrals.conftest import PHONE, Firm, service

AGAINST = (party(PartyRole.CLIENT, OPPONENT), party(PartyRole.OPPONENT, CLIENT, phone=PHONE))
FOR = (party(PartyRole.CLIENT, CLIENT, phone=PHONE), party(PartyRole.OPPONENT, OPPONENT))
Made = Callable[..., UUID]
PARTS = ("offer", "member", "feedback", "handover", "pause")


def open_matter(firm: Firm, adviser_id: UUID, *, sides: tuple[object, ...] = AGAINST) -> str:
    """A matter of a lawyer; returns its number."""
    with firm.inside():
        given = entry(firm.tenant, adviser_id=adviser_id)
        matter, _answer = matters.open_matter(given, sides, by=firm.tenant.member())
        db.session.commit()
        return matter.number


def matter_of(firm: Firm, number: str) -> Matter:
    return db.session.scalars(select(Matter).where(Matter.number == number)).one()


def wall(firm: Firm, number: str, adviser_id: UUID, name: str) -> None:
    with firm.inside():
        whom = Whom(name, adviser_id=adviser_id)
        row = matter_of(firm, number)
        deciding.wall_off(row, whom, WallReason.ASKED, "本人申请", by=firm.tenant.member())
        db.session.commit()


def test_nothing_is_known_without_a_client_or_a_matter(
    firm: Firm, formed: Made, as_manager: FlaskClient
) -> None:
    page = as_manager.get(f"/referrals/{formed()}").text
    assert "未检查" in page
    assert "查不了利益冲突" in page


def test_a_client_that_nobody_stands_against(
    firm: Firm, formed: Made, as_manager: FlaskClient
) -> None:
    firm.attach_client()
    referral_id = formed()
    row = firm.row(referral_id)
    assert (row.conflict, row.conflict_codes, row.conflict_matter_id) == ("none", [], None)
    assert "查不了利益冲突" not in as_manager.get(f"/referrals/{referral_id}").text


def test_who_acts_for_the_other_side_is_left_out(
    firm: Firm, asked: Made, as_manager: FlaskClient
) -> None:
    """SUGGEST-6: the lawyer of the matter; the others may, and the desk is told of the matter."""
    firm.attach_client()
    number = open_matter(firm, firm.leader_id)
    page = f"/referrals/{asked()}"
    given = {"urgency": "normal", "speciality": "labour"}
    assert as_manager.post(f"{page}/triage", data=given).status_code == 303
    assert "可能有利益冲突（同一当事人分列两边）" in as_manager.get(f"{page}/formation").text
    said = "不能征询王五一：可能有利益冲突（同一当事人分列两边）"
    refused = as_manager.post(f"{page}/formation", data={"asked": str(firm.leader_id)})
    assert (refused.status_code, said in refused.text) == (422, True)
    chosen = {"asked": str(firm.tenant.backup_id), "helpers": str(firm.leader_id)}
    helping = as_manager.post(f"{page}/formation", data=chosen)
    assert (helping.status_code, "王五一不能参与" in helping.text) == (422, True)
    assert as_manager.post(f"{page}/formation", data={}).status_code == 303
    assert firm.leader_id not in firm.states(UUID(page[11:]))
    shown = as_manager.get(page).text
    for words in ("可能有", "同一当事人分列两边", f">{number}</a>"):
        assert words in shown
    asked_lawyer = firm.client(firm.tenant.backup_id).get(page).text
    assert "同一当事人分列两边" in asked_lawyer
    assert number not in asked_lawyer, "the reason, without a word of the other matter"


def test_who_came_into_a_conflict_since_is_passed_over(firm: Firm, formed: Made) -> None:
    """OFFER-4."""
    firm.attach_client()
    referral_id = formed()
    open_matter(firm, firm.leader_id)
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
        by = firm.tenant.member(adviser_id=firm.tenant.backup_id)
        offering.decline(row, DeclineWhy.BUSY, "", by=by)
        db.session.commit()
    assert firm.states(referral_id)[firm.leader_id] == "dropped"
    assert firm.row(referral_id).status == "declined"
    told = factories.signed_in(firm.app, firm.tenant.scope, Role.MANAGER)
    assert "王五一 同一当事人分列两边" in told.get(f"/referrals/{referral_id}").text


def test_who_came_into_a_conflict_since_cannot_accept(firm: Firm, formed: Made) -> None:
    firm.attach_client()
    referral_id = formed()
    open_matter(firm, firm.tenant.backup_id)
    answer = firm.client(firm.tenant.backup_id).post(f"/referrals/{referral_id}/acceptance")
    assert answer.status_code == 409
    assert "您可能有利益冲突（同一当事人分列两边）" in answer.text


def test_what_the_manager_has_settled_bars_nobody(firm: Firm) -> None:
    """A cleared conflict of the matter is none; its walls stay."""
    firm.attach_client()
    open_matter(firm, firm.leader_id)
    number = open_matter(firm, firm.fourth_id, sides=FOR)
    wall(firm, number, firm.leader_id, "王五一")
    with firm.inside():
        plea = Plea(Speciality.LABOUR, Urgency.NORMAL, "九人欠薪")
        record = db.session.get_one(ServiceRecord, (firm.tenant.firm_id, firm.service_id))
        row = actions.ask(record, plea, by=firm.tenant.member())
        act_as_manager(firm)
        tying.tie(row, number, revision=None, by=firm.tenant.member())
        assert row.conflict == "possible"
        for one in db.session.scalars(select(MatterConflict)).all():
            deciding.clear(one, "同名不同人", revision=None, by=firm.tenant.member())
        found = {one.lawyer.id: one for one in gather.candidates(row)}
        assert not found[firm.tenant.backup_id].blocks
        assert found[firm.leader_id].blocks
        assert gather.suggestion(row).found.why(firm.leader_id) == "已被隔离"


def act_as_manager(firm: Firm) -> None:
    """Act as the firm's manager, whom queries of what is in sight ask for."""
    g.member = firm.tenant.member()


@pytest.fixture
def tied(firm: Firm, formed: Made) -> UUID:
    """A referral of a matter of the fourth lawyer, from which the leader is walled off."""
    firm.attach_client()
    number = open_matter(firm, firm.fourth_id, sides=FOR)
    referral_id = formed()
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
        act_as_manager(firm)
        tying.tie(row, number.lower(), revision=None, by=firm.tenant.member())
        db.session.commit()
    wall(firm, number, firm.leader_id, "王五一")
    return referral_id


def test_a_wall_of_the_matter_hides_the_referral(firm: Firm, tied: UUID) -> None:
    """The leader of its team helps with it; behind the wall he finds nothing, not even a count."""
    walled = firm.client(firm.leader_id)
    number = firm.row(tied).number
    for address in ("/referrals", "/referrals/list", "/referrals/list?q=九人欠薪"):
        assert number not in walled.get(address).text, address
    assert "没有在办的转介" in walled.get("/referrals").text
    for act in ("", "/feedback", "/visit", "/transfer"):
        assert walled.get(f"/referrals/{tied}{act}").status_code == 404, act
    assert walled.post(f"/referrals/{tied}/acceptance").status_code == 404
    clerk = factories.signed_in(firm.app, firm.tenant.scope, Role.CLERK)
    assert number in clerk.get("/referrals/list?q=九人欠薪").text


def test_the_database_hides_it_by_itself(firm: Firm, tied: UUID) -> None:
    """Also of a referral that is of the matter by its service only; numbers go on all the same."""
    email = factories.account(firm.app, firm.tenant.scope, Role.ADVISER, adviser_id=firm.leader_id)
    with firm.app.test_request_context():
        with tenancy.as_platform():
            person_id = db.session.scalars(select(Person.id).where(Person.email == email)).one()
        db.session.rollback()
        with tenancy.as_scope(firm.tenant.scope):
            db.session.execute(text("UPDATE referral SET matter_id = NULL"))
            db.session.commit()
            tenancy.name_person(person_id)
            try:
                for table in ("referral", *(f"referral_{part}" for part in PARTS)):
                    assert db.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
                query = text("SELECT count(*) FROM event WHERE subject_id = :id")
                assert db.session.scalar(query, {"id": tied}) == 0
                other = service(firm.tenant)
                db.session.add(other)
                db.session.flush()
                plea = Plea(Speciality.LABOUR, Urgency.NORMAL, "另一件")
                row = actions.ask(other, plea, by=firm.tenant.member())
                assert row.number == "ZJ-2026-00002"
                db.session.rollback()
            finally:
                tenancy.name_person(None)


def test_who_works_on_it_keeps_it_from_a_matter_he_is_walled_off_from(
    firm: Firm, formed: Made, as_manager: FlaskClient
) -> None:
    number = open_matter(firm, firm.fourth_id, sides=FOR)
    wall(firm, number, firm.tenant.backup_id, "李四光")
    page = f"/referrals/{formed()}"
    refused = as_manager.post(f"{page}/matter", data={"number": number})
    assert (refused.status_code, "李四光不能参与：已被隔离" in refused.text) == (422, True)


def test_tied_and_untied_by_the_pages(firm: Firm, formed: Made, as_manager: FlaskClient) -> None:
    number = open_matter(firm, firm.fourth_id, sides=FOR)
    page = f"/referrals/{formed()}"
    unknown = as_manager.post(f"{page}/matter", data={"number": "SX2026-9999"})
    assert (unknown.status_code, "没有编号为SX2026-9999的事项" in unknown.text) == (422, True)
    assert as_manager.post(f"{page}/matter", data={}).status_code == 422
    stale = as_manager.post(f"{page}/matter", data={"number": number, "revision": "1"})
    assert stale.status_code == 409
    asked = firm.client(firm.tenant.backup_id)
    assert asked.post(f"{page}/matter", data={"number": number}).status_code == 403
    assert as_manager.post(f"{page}/matter", data={"number": number}).status_code == 303
    shown = as_manager.get(page).text
    for words in ("所属事项：", f">{number}</a>", "取消关联事项", "未发现"):
        assert words in shown
    assert "您不在这件事项的办理人员里" in asked.get(page).text
    assert asked.post(f"{page}/matter/removal").status_code == 403
    again = as_manager.post(f"{page}/matter", data={"number": number})
    assert again.status_code == 409
    assert as_manager.post(f"{page}/matter/removal").status_code == 303
    assert as_manager.post(f"{page}/matter/removal").status_code == 409
    assert number not in as_manager.get(page).text.split('id="matter"')[1].split("</div>")[0]


def test_what_cannot_be_tied(firm: Firm, formed: Made) -> None:
    """A service of another matter, a matter that has ended, a referral that has."""
    first = open_matter(firm, firm.fourth_id, sides=FOR)
    second = open_matter(firm, firm.fourth_id, sides=(party(PartyRole.CLIENT, "尤其他"),))
    referral_id = formed()
    by = firm.tenant.member()
    with firm.inside():
        act_as_manager(firm)
        row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
        tying.tie(row, first, revision=None, by=by)
        with pytest.raises(ConflictError, match="已经关联了事项"):
            tying.tie(row, second, revision=None, by=by)
        row.matter_id = None
        with pytest.raises(RefusedError, match=f"已经关联{first}"):
            tying.tie(row, second, revision=None, by=by)
        matters.close(matter_of(firm, second), "办完", revision=None, by=by)
        with pytest.raises(RefusedError, match="已经结束"):
            tying.tie(row, second, revision=None, by=by)
        actions.withdraw(row, "不用了", revision=None, by=by)
        with pytest.raises(IllegalMoveError, match="转介已经结束"):
            tying.tie(row, first, revision=None, by=by)


def test_offers_of_an_urgent_one_leave_out_the_barred(firm: Firm, asked: Made) -> None:
    firm.attach_client()
    open_matter(firm, firm.leader_id)
    referral_id = asked(Urgency.URGENT)
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
        by = firm.tenant.member()
        actions.triage(row, Speciality.LABOUR, Urgency.URGENT, revision=None, by=by)
        forming.form(row, (), None, (), revision=None, by=by)
        states = firm_states(row)
    assert firm.leader_id not in states
    assert set(states.values()) == {"open"}


def firm_states(row: Referral) -> dict[UUID, str]:
    return {one.adviser_id: one.state for one in offering.offers_of(row)}
