"""Offers on the real database: in turn or at once, with a limit, and what comes after it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.leave.models import LeaveRequest
from counselhub.referrals import actions, gather, hourly, offering, timing
from counselhub.referrals.kinds import DeclineWhy, Urgency
from counselhub.referrals.models import Referral
from counselhub.referrals.team_actions import RuleEntry, set_rule
from tests.referrals.conftest import NOON, Firm

Made = Callable[..., UUID]


@pytest.mark.sweeping
def test_one_after_another_and_the_next_by_itself(firm: Firm, formed: Made) -> None:
    """OFFER-1: sixteen office hours; done again, nothing more happens."""
    referral_id = formed()
    first, second = firm.tenant.backup_id, firm.leader_id
    assert firm.states(referral_id) == {first: "open", second: "queued"}
    with clock.frozen(NOON + timedelta(days=4)):
        assert hourly.Done(1, 0) == _run(firm)
        assert firm.states(referral_id) == {first: "expired", second: "open"}
        assert hourly.Done(0, 0) == _run(firm)
    with clock.frozen(NOON + timedelta(days=9)):
        _run(firm)
    assert (firm.row(referral_id).status, firm.row(referral_id).escalated_at) == ("declined", None)
    with clock.frozen(NOON + timedelta(days=30)):
        assert _run(firm) == hourly.Done(0, 1)
        assert _run(firm) == hourly.Done(0, 0)


def _run(firm: Firm) -> hourly.Done:
    with firm.app.app_context():
        return hourly.run()[firm.tenant.code]


def test_a_late_answer_is_told_and_the_page_passes_it_on(firm: Firm, formed: Made) -> None:
    """OFFER-3, while the page is read: without waiting for the job."""
    page = f"/referrals/{formed()}"
    with clock.frozen(NOON + timedelta(days=4)):
        late, following = firm.client(firm.tenant.backup_id), firm.client(firm.leader_id)
        refused = late.post(f"{page}/acceptance")
        assert (refused.status_code, "时限已过" in refused.text) == (409, True)
        assert "接收，由我承办" in following.get(page).text
        assert following.post(f"{page}/acceptance").status_code == 303


def test_urgent_ones_ask_all_and_the_first_has_it(firm: Firm, formed: Made) -> None:
    """OFFER-2: the second is told who was quicker."""
    referral_id = formed(Urgency.URGENT)
    assert set(firm.states(referral_id).values()) == {"open"}
    page = f"/referrals/{referral_id}"
    assert firm.client(firm.leader_id).post(f"{page}/acceptance").status_code == 303
    second = firm.client(firm.tenant.backup_id).post(f"{page}/acceptance")
    assert second.status_code == 409
    assert "王五一已经接收这个转介" in second.text
    assert firm.states(referral_id)[firm.tenant.backup_id] == "dropped"


def test_declining_needs_a_reason_and_asks_the_next(firm: Firm, formed: Made) -> None:
    referral_id = formed()
    page = f"/referrals/{referral_id}"
    first = firm.client(firm.tenant.backup_id)
    assert first.post(f"{page}/refusal", data={}).status_code == 422
    assert first.post(f"{page}/refusal", data={"why": "busy"}).status_code == 303
    assert firm.states(referral_id)[firm.leader_id] == "open"
    assert first.post(f"{page}/refusal", data={"why": "busy"}).status_code == 409
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
        by = firm.tenant.member(adviser_id=firm.leader_id)
        offering.decline(row, DeclineWhy.CONFLICT, "", by=by)
        assert row.status == "declined"
        blocked = {one.lawyer.id for one in gather.candidates(row) if one.blocks}
        assert {firm.tenant.backup_id, firm.leader_id} < blocked


def test_who_cannot_be_asked_is_named_with_the_reason(
    firm: Firm, asked: Made, as_manager: FlaskClient
) -> None:
    page = f"/referrals/{asked()}"
    with firm.inside():
        away = LeaveRequest(
            adviser_id=firm.leader_id, kind="personal", first_on=clock.today(),
            last_on=clock.today(), status="approved", asked_at=NOON, asked_by_name="某",
            decided_at=NOON,
        )  # fmt: skip
        db.session.add(away)
        db.session.commit()
    given = {"urgency": "normal", "speciality": "labour"}
    assert as_manager.post(f"{page}/triage", data=given).status_code == 303
    shown = as_manager.get(f"{page}/formation").text
    assert "这次不征询的" in shown
    refused = as_manager.post(f"{page}/formation", data={"asked": str(firm.leader_id)})
    assert (refused.status_code, "不能征询王五一：请假" in refused.text) == (422, True)
    strange = as_manager.post(f"{page}/formation", data={"asked": str(UUID(int=1))})
    assert strange.status_code == 422
    stale = {"asked": str(firm.fourth_id), "revision": "1"}
    assert as_manager.post(f"{page}/formation", data=stale).status_code == 409


def test_rules_place_it_without_the_manager(firm: Firm, asked: Made) -> None:
    hours = {f"{step}_{one}": 5 for step in ("answer", "handle") for one in Urgency}
    with firm.inside():
        set_rule(RuleEntry(hours, firm.fourth_id, True), revision=None, by=firm.tenant.member())
        db.session.commit()
    row = firm.row(asked())
    assert (row.status, row.team_id) == ("formed", firm.team_id)
    assert row.due_at == datetime(2026, 10, 8, 17, tzinfo=clock.SHANGHAI).astimezone(UTC)


def test_taken_back_and_chosen_anew(firm: Firm, formed: Made, as_manager: FlaskClient) -> None:
    referral_id = formed()
    page = f"/referrals/{referral_id}"
    assert as_manager.post(f"{page}/recall", data={}).status_code == 303
    assert set(firm.states(referral_id).values()) == {"dropped"}
    late = firm.client(firm.tenant.backup_id).post(f"{page}/acceptance")
    assert late.status_code == 409
    assert as_manager.post(f"{page}/formation", data={}).status_code == 303
    assert firm.row(referral_id).status == "formed"


def test_the_clock_stands_and_the_liaison_is_told_once(firm: Firm, formed: Made) -> None:
    referral_id = formed()
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
        receiver = firm.tenant.member(adviser_id=firm.tenant.backup_id)
        offering.accept(row, by=receiver)
        due = row.due_at
        timing.pause(row, "等工资条", revision=None, by=receiver)
        assert row.due_at is None
        db.session.commit()
    with clock.frozen(NOON + timedelta(days=60)):
        assert _run(firm) == hourly.Done(0, 0)
        client = firm.client(firm.tenant.backup_id)
        assert client.post(f"/referrals/{referral_id}/resumption").status_code == 303
        row = firm.row(referral_id)
        assert due is not None
        assert row.due_at is not None
        assert row.due_at > due + timedelta(days=55)
        again = client.post(f"/referrals/{referral_id}/resumption")
        assert again.status_code == 409


def test_an_opinion_ends_conferring_and_is_never_empty(firm: Firm, formed: Made) -> None:
    referral_id = formed()
    page, receiver = f"/referrals/{referral_id}", firm.client(firm.tenant.backup_id)
    assert receiver.post(f"{page}/acceptance").status_code == 303
    assert receiver.post(f"{page}/conference").status_code == 303
    assert receiver.post(f"{page}/opinion", data={"opinion": " "}).status_code == 422
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
        actions.conclude(row, "会商结论：先行申请支付令", by=firm.tenant.member())
        assert (row.status, row.opinion) == ("opined", "会商结论：先行申请支付令")


@pytest.mark.parametrize("act", ["pause", "return", "escalation", "reopening", "takeover"])
def test_what_the_state_does_not_allow_is_told_on_the_page(
    firm: Firm, asked: Made, as_manager: FlaskClient, act: str
) -> None:
    page = f"/referrals/{asked()}"
    answer = as_manager.post(f"{page}/{act}", data={"words": "试试"})
    assert answer.status_code == (303 if act == "escalation" else 409)
