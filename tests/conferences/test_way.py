"""From a referral to a conference, its opinions, its conclusion and the community."""

import html
from datetime import date, time
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from counselhub.conferences import expiring
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.matters.models import Matter, MatterService, MatterWall
from counselhub.referrals.after_models import ReferralFeedback
from counselhub.roster.models import DutySlot
from tests import factories
from tests.conferences.conftest import PLAN, Room
from tests.counting import statements
from tests.packets.test_races import at_once
from tests.referrals.conftest import Firm


def test_planning_begins_to_confer_on_the_referral(firm: Firm, handled: UUID, room: Room) -> None:
    assert firm.row(handled).status == "conferring"
    assert room.seats().keys() == {firm.tenant.adviser_id, firm.tenant.backup_id}
    assert room.row.agenda == ["听取承办律师介绍", "讨论"]
    assert room.row.disputes == ["包工头还是总包付", "能否先行申请支付令"]
    referral = room.chair.get(f"/referrals/{handled}")
    assert PLAN["title"] in referral.text
    assert PLAN["title"] in room.first.get("/conferences").text


def test_only_who_handles_it_plans(firm: Firm, handled: UUID) -> None:
    asker = firm.client(firm.tenant.adviser_id)
    assert asker.get(f"/referrals/{handled}/conferences/new").status_code == 403
    leader = firm.client(firm.leader_id)
    assert leader.get(f"/referrals/{handled}/conferences/new").status_code == 200


def test_a_service_that_was_not_referred_is_conferred_on(firm: Firm) -> None:
    own = firm.client(firm.tenant.adviser_id)
    page = f"/services/{firm.service_id}/conferences"
    assert "安排会商" in own.get(f"{page}/new").text
    people = {"chair_id": str(firm.tenant.adviser_id), "called": [str(firm.leader_id)]}
    answer = own.post(page, data=PLAN | people)
    assert answer.status_code == 303
    assert PLAN["title"] in own.get(f"/conferences?tab=all&service={firm.service_id}").text
    assert PLAN["title"] not in own.get(f"/conferences?tab=all&service={uuid4()}").text
    assert f"/conferences?tab=all&service={firm.service_id}" in html.unescape(
        own.get(f"/services/{firm.service_id}").text
    )
    alone = Room(firm, answer.location)
    assert alone.chair.get(alone.page).status_code == 404  # he was not called


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        pytest.param({"ends": "15:00"}, "结束要晚于开始", id="times"),
        pytest.param({"day": "2036-10-08"}, "超过一年", id="far away"),
        pytest.param({"title": ""}, "请填写", id="no title"),
        pytest.param({"chair_id": "nobody"}, "aria-invalid", id="no such lawyer"),
        pytest.param({"agenda": "x\n" * 21}, "最多20条", id="too many"),
    ],
)
def test_a_bad_plan_comes_back_as_it_was(
    firm: Firm, handled: UUID, wrong: dict[str, str], sentence: str
) -> None:
    people = {"chair_id": str(firm.tenant.backup_id)}
    chair = firm.client(firm.tenant.backup_id)
    answer = chair.post(f"/referrals/{handled}/conferences", data=PLAN | people | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert PLAN["place"] in answer.text
    assert firm.row(handled).status == "accepted"


def test_clashes_are_told_and_hinder_nothing(firm: Firm, handled: UUID) -> None:
    with firm.inside():
        slot = DutySlot(
            turn=1, month=date(2026, 10, 1), day=date(2026, 10, 8),
            community_code=firm.tenant.town.communities[0],
            street_code=firm.tenant.town.street_code,
            adviser_id=firm.tenant.adviser_id, starts=time(14), ends=time(16),
        )  # fmt: skip
        db.session.add(slot)
        db.session.commit()
    chair = firm.client(firm.tenant.backup_id)
    people = {"chair_id": str(firm.tenant.backup_id), "called": [str(firm.tenant.adviser_id)]}
    answer = chair.post(f"/referrals/{handled}/conferences", data=PLAN | people)
    page = chair.get(answer.location).text
    assert "1位律师这段时间另有安排" in page
    assert "14:00–16:00" in page


def test_a_lawyer_behind_a_wall_is_neither_called_nor_shown_it(firm: Firm, room: Room) -> None:
    """The wall stands around the matter that the service belongs to."""
    walled = firm.client(firm.tenant.adviser_id)
    assert PLAN["title"] in walled.get("/conferences").text
    with firm.inside():
        matter = Matter(
            number="SX-1", title="欠薪", kind="litigation", adviser_id=firm.fourth_id,
            opened_on=date(2026, 10, 8),
        )  # fmt: skip
        db.session.add(matter)
        db.session.flush()
        wall = MatterWall(
            matter_id=matter.id, adviser_id=firm.tenant.adviser_id, name="某", reason="asked",
            words="隔离", made_at=clock.now(), made_by_name="主任",
        )  # fmt: skip
        service = MatterService(service_id=firm.service_id, matter_id=matter.id)
        db.session.add_all([wall, service])
        db.session.commit()
    assert walled.get(room.page).status_code == 404
    assert PLAN["title"] not in walled.get("/conferences?tab=all").text
    assert PLAN["title"] not in walled.get("/conferences?tab=all&q=九人欠薪").text
    people = {"chair_id": str(firm.tenant.backup_id), "called": [str(firm.tenant.adviser_id)]}
    answer = room.chair.post(room.page, data=PLAN | people | {"revision": "1"})
    assert answer.status_code == 422
    assert "有隔离或可能的利益冲突" in answer.text


def test_each_one_writes_his_own_opinion_until_the_conclusion(firm: Firm, room: Room) -> None:
    assert room.first.post(f"{room.page}/opinion", data={"opinion": "先查总包"}).status_code == 303
    stale = {"opinion": "又改", "revision": "1"}
    assert room.first.post(f"{room.page}/opinion", data=stale).status_code == 409
    assert room.manager.post(f"{room.page}/opinion", data={"opinion": "代写"}).status_code == 403
    blank = room.first.post(f"{room.page}/opinion", data={"opinion": " "})
    assert (blank.status_code, "请填写" in blank.text) == (422, True)
    assert room.seats()[firm.tenant.adviser_id].opinion == "先查总包"
    room.conclude()
    late = room.first.post(f"{room.page}/opinion", data={"opinion": "反悔"})
    assert late.status_code == 409
    assert room.seats()[firm.tenant.adviser_id].opinion == "先查总包"


def test_who_cannot_come_says_so_and_the_chair_is_replaced_first(firm: Firm, room: Room) -> None:
    page = f"{room.page}/excuse"
    assert room.first.post(page, data={"words": "当天开庭"}).status_code == 303
    seat = room.seats()[firm.tenant.adviser_id]
    assert (seat.presence, seat.reason) == ("excused", "当天开庭")
    assert room.chair.post(page, data={"words": "当天开庭"}).status_code == 409
    people = {"chair_id": str(firm.tenant.adviser_id), "called": [str(firm.tenant.backup_id)]}
    answer = room.chair.post(room.page, data=PLAN | people)
    assert "请另选主持人" in answer.text


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        pytest.param({"came_0": "excused"}, "未到会", id="no reason"),
        pytest.param({"came_0": "maybe"}, "aria-invalid", id="no such mark"),
    ],
)
def test_attendance_that_cannot_be_is_refused(
    room: Room, marks: dict[str, str], sentence: str
) -> None:
    answer = room.chair.post(f"{room.page}/holding", data=room.here(**marks))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert room.row.status == "planned"


def test_it_is_not_held_before_its_day(firm: Firm, room: Room) -> None:
    people = {"chair_id": str(firm.tenant.backup_id)}
    assert room.chair.post(room.page, data=PLAN | people | {"day": "2026-10-09"}).location
    answer = room.chair.post(f"{room.page}/holding", data=room.here())
    assert (answer.status_code, "当天才能登记到会" in answer.text) == (422, True)


def test_attendance_is_mended_while_it_is_held(firm: Firm, room: Room) -> None:
    room.hold()
    lead, other = (room.place(who) for who in (firm.tenant.backup_id, firm.tenant.adviser_id))
    absent = {f"came_{lead}": "excused", f"why_{lead}": "出差"}
    answer = room.chair.post(f"{room.page}/holding", data=room.here(**absent))
    assert "请先在“修改安排”里换主持人" in answer.text
    mended = {f"came_{other}": "excused", f"why_{other}": "临时出庭"}
    assert room.chair.post(f"{room.page}/holding", data=room.here(**mended)).status_code == 303
    assert room.seats()[firm.tenant.adviser_id].reason == "临时出庭"


def test_the_conclusion_is_the_opinion_of_the_referral(
    firm: Firm, handled: UUID, room: Room
) -> None:
    room.hold()
    empty = room.chair.post(f"{room.page}/conclusion", data={"settles": "1"})
    assert (empty.status_code, "写明结论" in empty.text) == (422, True)
    record = {"disputes": "谁付", "summary": "一致", "conclusion": "先行申请支付令"}
    assert room.first.post(f"{room.page}/record", data=record).status_code == 403
    assert room.chair.post(f"{room.page}/record", data=record).status_code == 303
    stale = {"settles": "1", "revision": "1"}
    assert room.chair.post(f"{room.page}/conclusion", data=stale).status_code == 409
    assert room.chair.post(f"{room.page}/conclusion", data={"settles": "1"}).status_code == 303
    referral = firm.row(handled)
    assert (referral.status, referral.opinion) == ("opined", "先行申请支付令")
    again = room.chair.post(f"{room.page}/conclusion", data={"settles": "1"})
    assert again.status_code == 409


def test_a_conclusion_may_leave_the_referral_open(firm: Firm, handled: UUID, room: Room) -> None:
    room.hold()
    room.chair.post(f"{room.page}/record", data={"conclusion": "再开一次"})
    assert room.chair.post(f"{room.page}/conclusion").status_code == 303
    assert firm.row(handled).status == "conferring"


def test_the_community_is_told_on_a_day(firm: Firm, handled: UUID, room: Room) -> None:
    given = {"told_on": "2026-10-08", "words": "电话告知主任"}
    assert room.chair.post(f"{room.page}/feedback", data=given).status_code == 409
    room.conclude()
    for day, sentence in (("2026-10-09", "不能晚于今天"), ("2026-10-07", "不能早于会商")):
        answer = room.chair.post(f"{room.page}/feedback", data=given | {"told_on": day})
        assert (answer.status_code, sentence in answer.text) == (422, True)
    assert room.chair.post(f"{room.page}/feedback", data=given).status_code == 303
    assert room.row.feedback_on == date(2026, 10, 8)
    assert firm.row(handled).status == "fed_back"
    with firm.inside():
        assert db.session.scalars(db.select(ReferralFeedback.words)).all() == ["电话告知主任"]


def test_it_is_called_off_with_a_reason(room: Room) -> None:
    page = f"{room.page}/cancellation"
    assert room.first.post(page, data={"words": "不开了"}).status_code == 403
    assert room.chair.post(page, data={"words": ""}).status_code == 422
    assert room.chair.post(page, data={"words": "案件已和解"}).status_code == 303
    assert "案件已和解" in room.chair.get(room.page).text
    assert "不允许这项操作" in room.chair.get(f"{room.page}/edit").text
    assert room.chair.post(page, data={"words": "再来"}).status_code == 409


def test_the_pages_ask_little(firm: Firm, room: Room) -> None:
    room.conclude()
    for page in ("/conferences?tab=all", "/conferences?tab=all&q=欠薪如何"):
        with statements() as sent:
            assert room.manager.get(page).status_code == 200
        assert len(sent) <= 8, sent
    assert "没有符合条件" in room.manager.get("/conferences?q=没有的词语").text


def test_neither_another_firm_nor_the_office_finds_it(
    firm: Firm, room: Room, as_outsider: FlaskClient, as_checker: FlaskClient
) -> None:
    assert as_outsider.get(room.page).status_code == 404
    assert as_checker.get(room.page).status_code == 403
    finance = factories.signed_in(firm.app, firm.tenant.scope, Role.FINANCE)
    assert finance.get("/conferences").status_code == 403


def test_what_was_said_goes_when_its_time_is_over(firm: Firm, room: Room) -> None:
    room.first.post(f"{room.page}/opinion", data={"opinion": "先查总包"})
    room.conclude()
    with firm.inside():
        due = list(db.session.scalars(expiring.due(date(2026, 10, 9))))
        assert due == [room.id]
        assert expiring.wipe(due, by=firm.tenant.member(), days=3650) == 1
        db.session.commit()
        assert list(db.session.scalars(expiring.due(date(2026, 10, 9)))) == []
    row = room.row
    assert (row.conclusion, row.agenda, row.title) == ("", [], PLAN["title"])
    assert {seat.opinion for seat in room.seats().values()} == {None}
    page = room.chair.get(room.page).text
    assert "已按保存期限清除" in page
    assert "先查总包" not in page


def test_of_two_who_conclude_at_once_one_does(firm: Firm, room: Room) -> None:
    room.hold()
    room.chair.post(f"{room.page}/record", data={"conclusion": "先行申请支付令"})
    found = at_once(
        lambda: room.chair.post(f"{room.page}/conclusion").status_code,
        lambda: room.manager.post(f"{room.page}/conclusion").status_code,
    )
    assert found == [303, 409]
