"""What a conference leaves to be done: given, done, late, taken back."""

from datetime import date

from counselhub.conferences.models import ConferenceTask
from counselhub.core.db import db
from tests.conferences.conftest import Room
from tests.referrals.conftest import Firm


def test_a_task_is_given_done_and_late(firm: Firm, room: Room) -> None:
    task = {"words": "起草支付令申请", "owner_id": str(firm.tenant.adviser_id)}
    assert (
        room.chair.post(f"{room.page}/tasks", data=task | {"due_on": "2026-10-12"}).status_code
        == 409
    )
    room.conclude()
    past = room.chair.post(f"{room.page}/tasks", data=task | {"due_on": "2026-10-01"})
    assert (past.status_code, "不能早于今天" in past.text) == (422, True)
    room.chair.post(f"{room.page}/tasks", data=task | {"due_on": "2026-10-12"})
    with firm.inside():
        row = db.session.scalars(db.select(ConferenceTask)).one()
        row.due_on, task_id = date(2026, 10, 7), row.id
        db.session.commit()
    assert "逾期 1 项" in room.first.get("/conferences").text
    done = f"/conferences/tasks/{task_id}/completion"
    stranger = firm.client(firm.leader_id)
    assert stranger.post(done, data={"words": "已办"}).status_code == 403
    assert room.first.post(done, data={"words": ""}).status_code == 422
    assert room.first.post(done, data={"words": "已提交法院"}).status_code == 303
    assert room.first.post(done, data={"words": "又办"}).status_code == 409
    assert room.chair.post(f"/conferences/tasks/{task_id}/removal").status_code == 409
    assert "逾期" not in room.first.get("/conferences").text


def test_a_task_is_taken_back(firm: Firm, room: Room) -> None:
    room.hold()
    task = {"words": "查工商", "owner_id": str(firm.leader_id), "due_on": "2026-10-12"}
    room.chair.post(f"{room.page}/tasks", data=task)
    with firm.inside():
        row = db.session.scalars(db.select(ConferenceTask)).one()
    removal = f"/conferences/tasks/{row.id}/removal"
    assert firm.client(firm.leader_id).post(removal).status_code == 403
    assert room.chair.post(removal, data={"revision": "1"}).status_code == 303
    assert "查工商" not in room.chair.get(room.page).text
