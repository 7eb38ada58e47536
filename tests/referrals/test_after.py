"""Changes of hands, feedback and its link, visits, teams, the rules of a firm."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.people.sign_ins import digest
from counselhub.referrals import actions, after_actions, offering
from counselhub.referrals.after_actions import Visit
from counselhub.referrals.after_models import FeedbackLink, HomeVisit, ReferralFeedback
from counselhub.referrals.kinds import Urgency
from counselhub.referrals.models import Referral, ReferralHandover
from counselhub.referrals.team_models import ReferralRule, Team
from counselhub.retention import actions as retention
from counselhub.retention.rules import periods
from tests.referrals.conftest import NOON, Firm

Made = Callable[..., UUID]
HOURS = {f"{step}_{one}": "9" for step in ("answer", "handle") for one in Urgency}


@pytest.fixture
def taken(firm: Firm, formed: Made) -> str:
    """A referral that the second lawyer has taken; its page."""
    referral_id = formed()
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
        offering.accept(row, by=firm.tenant.member(adviser_id=firm.tenant.backup_id))
        db.session.commit()
    return f"/referrals/{referral_id}"


@pytest.fixture
def told(firm: Firm, taken: str) -> str:
    """The same with its opinion told; its page."""
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, UUID(taken[11:])))
        actions.conclude(row, "先行申请支付令", by=firm.tenant.member())
        db.session.commit()
    receiver = firm.client(firm.tenant.backup_id)
    given = {"whom": "client", "told_on": "2026-10-08", "words": "已告知"}
    assert receiver.post(f"{taken}/feedback", data=given).status_code == 303
    return taken


def handover_of(firm: Firm) -> str:
    with firm.inside():
        query = db.select(ReferralHandover).order_by(ReferralHandover.id.desc())
        row = db.session.scalars(query).first()
        assert row
        return f"/referrals/handovers/{row.id}"


def test_a_transfer_waits_for_its_taker(firm: Firm, taken: str, as_manager: FlaskClient) -> None:
    giver, taker = firm.client(firm.tenant.backup_id), firm.client(firm.fourth_id)
    given = {"to_id": str(firm.fourth_id), "words": "出庭冲突"}
    assert "赵六顺" in giver.get(f"{taken}/transfer").text
    assert giver.post(f"{taken}/transfer", data=given).status_code == 303
    assert giver.post(f"{taken}/transfer", data=given).status_code == 409
    handover = handover_of(firm)
    assert as_manager.post(f"{handover}/agreement").status_code == 403
    assert "移交等您答复" in taker.get("/referrals").text
    assert taker.post(f"{handover}/agreement").status_code == 303
    assert firm.row(UUID(taken[11:])).receiver_id == firm.fourth_id
    assert taker.post(f"{handover}/refusal").status_code == 409


def test_a_takeover_is_agreed_by_the_desk_too(
    firm: Firm, taken: str, as_manager: FlaskClient
) -> None:
    leader = firm.client(firm.leader_id)
    assert leader.post(f"{taken}/takeover", data={"words": "我办过同类案"}).status_code == 303
    handover = handover_of(firm)
    assert leader.post(f"{handover}/agreement").status_code == 403
    assert leader.post(f"{handover}/withdrawal").status_code == 303
    assert leader.post(f"{taken}/takeover", data={"words": "仍想办"}).status_code == 303
    assert as_manager.post(f"{handover_of(firm)}/agreement").status_code == 303
    assert firm.row(UUID(taken[11:])).receiver_id == firm.leader_id


def test_its_receiver_gives_it_back(firm: Firm, taken: str, as_manager: FlaskClient) -> None:
    receiver = firm.client(firm.tenant.backup_id)
    assert receiver.post(f"{taken}/return", data={"words": "要离职"}).status_code == 303
    row = firm.row(UUID(taken[11:]))
    assert (row.status, row.receiver_id) == ("triaged", None)
    assert "要离职" in as_manager.get(taken).text


def test_the_client_rates_once_by_a_link(app: Flask, firm: Firm, told: str) -> None:
    receiver, stranger = firm.client(firm.tenant.backup_id), app.test_client()
    with firm.inside():
        feedback = db.session.scalars(db.select(ReferralFeedback)).one()
        address = f"/referrals/feedback/{feedback.id}"
    made = receiver.post(f"{address}/link").text
    found = re.search(r'value="http://localhost(/feedback/[^"]+)"', made)
    assert found
    link = found[1]
    page = stranger.get(link).text
    assert "甲社区" in page
    assert "支付令" not in page
    assert stranger.post(link, data={}).status_code == 422
    assert receiver.post(link, data={"satisfaction": "5"}).status_code == 403
    assert stranger.post(link, data={"satisfaction": "4", "words": "讲得清楚"}).status_code == 200
    again = stranger.post(link, data={"satisfaction": "1"})
    assert (again.status_code, "您已经评价过" in again.text) == (409, True)
    assert "讲得清楚" in receiver.get(told).text
    assert receiver.post(f"{address}/rating", data={"satisfaction": "5"}).status_code == 409
    assert stranger.get("/feedback/none").status_code == 404
    with app.app_context(), as_platform():
        kept = db.session.scalars(db.select(FeedbackLink.digest)).all()
        assert all(link.rpartition("/")[2] not in digest for digest in kept)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        pytest.param("2026-10-09", "不能晚于今天", id="to come"),
        pytest.param("2026-10-07", "不能早于给出意见", id="before the opinion"),
    ],
)
def test_feedback_has_a_day_that_can_be(firm: Firm, told: str, day: str, said: str) -> None:
    receiver = firm.client(firm.tenant.backup_id)
    given = {"whom": "client", "told_on": day, "words": "又告知", "satisfaction": "5"}
    answer = receiver.post(f"{told}/feedback", data=given)
    assert answer.status_code == 422
    assert said in answer.text
    assert "又告知" in answer.text


def test_a_visit_is_made_by_two_and_its_address_is_sealed(firm: Firm, taken: str) -> None:
    receiver = firm.client(firm.tenant.backup_id)
    given = {
        "visited_on": "2026-10-08", "address": "某路 1 号 302", "result": "已核对工资条",
        "first_id": str(firm.tenant.backup_id), "second_person": "",
    }  # fmt: skip
    alone = receiver.post(f"{taken}/visit", data=given)
    assert (alone.status_code, "某路 1 号 302" in alone.text) == (422, True)
    assert (
        receiver.post(f"{taken}/visit", data=given | {"second_person": "网格员"}).status_code == 303
    )
    assert "某路 1 号 302" in receiver.get(taken).text
    with firm.inside():
        row = db.session.scalars(db.select(HomeVisit)).one()
        assert row.address_sealed
        assert "某路" not in row.address_sealed


def test_a_team_changes_its_leader_and_ends(firm: Firm, as_manager: FlaskClient) -> None:
    given = {
        "name": "劳动争议团队", "specialities": ["labour", "family"],
        "leader_id": str(firm.fourth_id), "member_ids": [str(firm.leader_id)],
        "starts_on": "2026-01-01", "cluster": [firm.tenant.town.communities[1]],
    }  # fmt: skip
    taken = as_manager.post("/teams", data=given)
    assert (taken.status_code, "已经有一个叫" in taken.text) == (409, True)
    page = f"/teams/{firm.team_id}"
    assert as_manager.post(page, data=given | {"revision": "7"}).status_code == 409
    assert as_manager.post(page, data=given | {"specialities": []}).status_code == 422
    assert as_manager.post(page, data=given).status_code == 303
    with firm.inside():
        assert offering.leader_of(firm.team_id) == firm.fourth_id
    shown = as_manager.get("/teams").text
    assert "赵六顺（队长）" in shown
    assert "李四光" not in shown
    assert as_manager.post(f"{page}/end").status_code == 303
    assert as_manager.post(page, data=given).status_code == 409
    with firm.inside():
        assert db.session.get_one(Team, (firm.tenant.firm_id, firm.team_id)).ends_on is not None


def test_a_leader_who_leaves_the_team_loses_sight_of_its_referrals(
    firm: Firm, formed: Made, as_manager: FlaskClient
) -> None:
    referral_id = formed()
    other = firm.client(firm.fourth_id)
    assert other.get(f"/referrals/{referral_id}").status_code == 404
    given = {
        "name": "劳动争议团队", "specialities": ["labour"], "leader_id": str(firm.fourth_id),
        "starts_on": "2026-01-01",
    }  # fmt: skip
    assert as_manager.post(f"/teams/{firm.team_id}", data=given).status_code == 303
    assert other.get(f"/referrals/{referral_id}").status_code == 200


def test_rules_and_needs_are_kept(firm: Firm, as_manager: FlaskClient) -> None:
    given = HOURS | {"liaison_id": str(firm.fourth_id)}
    assert "16" in as_manager.get("/referrals/rules").text
    assert (
        as_manager.post("/referrals/rules", data=given | {"answer_urgent": "0"}).status_code == 422
    )
    assert as_manager.post("/referrals/rules", data=given).status_code == 303
    assert as_manager.post("/referrals/rules", data=given | {"revision": "9"}).status_code == 409
    needs = {"community_code": firm.tenant.town.communities[0], "needs": ["labour", "land"]}
    assert as_manager.post("/referrals/needs", data=needs).status_code == 303
    assert "劳动争议、土地" in as_manager.get("/referrals/needs").text
    assert as_manager.post("/referrals/needs", data={"needs": ["x"]}).status_code == 422
    with firm.inside():
        assert db.session.scalars(db.select(ReferralRule)).one().liaison_id == firm.fourth_id


def test_the_liaison_sees_what_was_escalated(
    firm: Firm, taken: str, as_manager: FlaskClient
) -> None:
    as_manager.post("/referrals/rules", data=HOURS | {"liaison_id": str(firm.fourth_id)})
    liaison, receiver = firm.client(firm.fourth_id), firm.client(firm.tenant.backup_id)
    assert liaison.get(taken).status_code == 404
    assert receiver.post(f"{taken}/escalation", data={"words": "可能激化"}).status_code == 303
    assert receiver.post(f"{taken}/escalation", data={"words": "再报"}).status_code == 409
    assert "已上报，请处理" in liaison.get("/referrals").text
    assert "可能激化" in liaison.get(taken).text
    settled = liaison.post(f"{taken}/escalation/settlement", data={"words": "已联系劳动监察"})
    assert settled.status_code == 303
    assert firm.row(UUID(taken[11:])).escalated_at is None


@pytest.mark.sweeping
def test_addresses_and_links_go_when_their_time_is_over(app: Flask, firm: Firm, told: str) -> None:
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, UUID(told[11:])))
        by, today = firm.tenant.member(), clock.today()
        seen = Visit(today, "某路 1 号", firm.leader_id, "网格员", "已核对")
        after_actions.visit(row, seen, by=by)
        feedback = db.session.scalars(db.select(ReferralFeedback)).one()
        token = after_actions.make_link(feedback, row, by=by)
        db.session.commit()
    for days, kept in ((729, True), (731, False)):
        with clock.frozen(NOON + timedelta(days=days)), firm.inside():
            retention.run(dict(periods("")), dry=False)
            visit = db.session.scalars(db.select(HomeVisit)).one()
            assert (visit.address_sealed is not None, visit.result) == (kept, "已核对")
    with app.app_context(), as_platform():
        assert db.session.get(FeedbackLink, digest(token)) is None
