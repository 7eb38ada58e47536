"""A year: plan, activities with photos, sharing, the record as A4, and each refusal."""

from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.pairings.work_models import (
    ActivityNote,
    ActivityPhoto,
    PlannedActivity,
)
from counselhub.retention.actions import run
from counselhub.retention.kinds import Kept
from tests.counting import statements
from tests.factories import Tenant
from tests.pairings.conftest import made
from tests.photos.cameras import picture


def planned(month: int = 9, theme: str = "宪法宣传", **given: str) -> dict[str, str]:
    return {"year": "2026", "month": str(month), "theme": theme, "hours": "2"} | given


def held(**given: object) -> dict[str, object]:
    return {
        "day": "2026-09-12",
        "theme": "宪法进社区",
        "place": "社区党群服务中心",
        "hours": "1.5",
        "firm_count": "2",
        "community_count": "5",
        "residents_count": "30",
        "summary": "讲解宪法，发放资料六十份。",
        "note": "场地费待报销",
    } | given


def only(app: Flask, tenant: Tenant, model: type) -> object:
    with app.app_context(), as_scope(tenant.scope):
        return db.session.scalars(select(model)).one()


@pytest.fixture
def plan_id(app: Flask, as_secretary: FlaskClient, tenant: Tenant, address: str) -> UUID:
    """A line of this year's plan, of September."""
    assert as_secretary.post(f"{address}/plan", data=planned()).status_code == 303
    found: UUID = only(app, tenant, PlannedActivity).id
    return found


@pytest.fixture
def activity(as_secretary: FlaskClient, tenant: Tenant, address: str, plan_id: UUID) -> str:
    """The page of an activity held for it, by our first adviser."""
    given = held(plan_id=str(plan_id), advisers=[str(tenant.adviser_id)])
    answer = as_secretary.post(f"{address}/activities", data=given)
    assert answer.status_code == 303, answer.text
    return answer.location


def test_what_is_late_is_red_until_it_is_done(
    as_secretary: FlaskClient, tenant: Tenant, address: str, plan_id: UUID
) -> None:
    late = as_secretary.get(f"{address}/plan?year=2026").text
    assert "逾期" in late
    assert "tone-danger" in as_secretary.get("/pairings").text
    form = as_secretary.get(f"{address}/activities/new?plan={plan_id}").text
    assert 'value="宪法宣传"' in form
    given = held(plan_id=str(plan_id), advisers=[str(tenant.adviser_id)])
    page = as_secretary.post(f"{address}/activities", data=given).location
    shown = as_secretary.get(page).text
    for words in ("张三丰", "共 37 人", "1.5 小时", "9月 宪法宣传", "场地费待报销"):
        assert words in shown
    assert "1 / 1 项 · 100%" in as_secretary.get("/pairings").text
    assert "按计划 1 项" in as_secretary.get(f"{address}/plan").text


def test_photos_lose_what_the_camera_added(
    app: Flask, as_secretary: FlaskClient, as_adviser: FlaskClient, tenant: Tenant, activity: str
) -> None:
    sent = [FileStorage(BytesIO(picture(colour=one)), filename="x.jpg") for one in ("red", "blue")]
    again = FileStorage(BytesIO(picture(colour="red")), filename="y.jpg")
    assert (
        as_secretary.post(f"{activity}/photos", data={"photos": [*sent, again]}).status_code == 303
    )
    with app.app_context(), as_scope(tenant.scope):
        ids = list(db.session.scalars(select(ActivityPhoto.id)))
    assert len(ids) == 2
    small = as_adviser.get(f"/pairings/photos/{ids[0]}/thumb")
    assert small.mimetype == "image/jpeg"
    assert b"SECRET" not in small.data + as_adviser.get(f"/pairings/photos/{ids[0]}").data
    assert as_adviser.post(f"/pairings/photos/{ids[0]}/removal").status_code == 403
    assert as_secretary.post(f"/pairings/photos/{ids[0]}/removal").status_code == 303
    assert as_secretary.get(f"/pairings/photos/{ids[0]}").status_code == 404


def test_one_bad_photo_keeps_none(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant, activity: str
) -> None:
    sent = [FileStorage(BytesIO(one), filename="x.jpg") for one in (picture(), b"no photo")]
    answer = as_secretary.post(f"{activity}/photos", data={"photos": sent})
    assert answer.status_code == 422
    assert "不是 JPEG 或 PNG" in answer.text
    assert "请选择照片" in as_secretary.post(f"{activity}/photos").text
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.scalars(select(ActivityPhoto)).all() == []


def test_the_record_of_a_year_holds_what_was_planned_and_done(
    app: Flask, as_secretary: FlaskClient, address: str, activity: str
) -> None:
    as_secretary.post(f"{address}/plan", data=planned(3, "学雷锋"))
    sent = [FileStorage(BytesIO(picture(size=(640, 480))), filename="x.jpg")]
    as_secretary.post(f"{activity}/photos", data={"photos": sent})
    answer = as_secretary.get(f"{address}/record.pdf?year=2026")
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(answer.data))
    said = "".join("".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "2026年度党建结对共建工作记录", "中共某某律师事务所支部", "组织联动、活动联办",
        "宪法宣传", "09-12宪法进社区", "学雷锋", "逾期未办", "张三丰", "共37人", "50%",
        "发放资料六十份", "盖章",
    ):  # fmt: skip
        assert words in said, words
    assert "待报销" not in said
    assert sum(len(page.images) for page in reader.pages) == 1
    empty = as_secretary.get(f"{address}/record.pdf?year=1999")
    assert "2026 年度" in PdfReader(BytesIO(empty.data)).pages[0].extract_text()
    again = as_secretary.get(f"{address}/record.pdf?year=2026")
    assert again.data == answer.data, "the same year gives the same bytes"


def test_an_activity_is_changed(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant, activity: str
) -> None:
    assert "场地费待报销" in as_secretary.get(f"{activity}/edit").text
    given = held(
        theme="宪法宣传周", note="", plan_id="", revision="1", advisers=[str(tenant.backup_id)]
    )
    assert as_secretary.post(activity, data=given).status_code == 303
    shown = as_secretary.get(activity).text
    assert "宪法宣传周" in shown
    assert "李四光" in shown
    assert "张三丰" not in shown
    assert "计划之外" in shown
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.scalars(select(ActivityNote)).all() == []
    stale = as_secretary.post(activity, data=held(revision="1"))
    assert stale.status_code == 409
    assert 'value="宪法宣传周"' in stale.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"day": "2026-10-21"}, "2026-01-08 至 2026-10-20", id="tomorrow"),
        pytest.param({"day": "2026-01-07"}, "2026-01-08 至 2026-10-20", id="before it was signed"),
        pytest.param({"hours": "25"}, "0.1 至 24", id="longer than a day"),
        pytest.param({"hours": "0"}, "0.1 至 24", id="no time"),
        pytest.param(
            {"firm_count": "0", "community_count": "0", "residents_count": "0"},
            "至少一方有人参加",
            id="nobody came",
        ),
        pytest.param({"firm_count": "-1"}, "0 至 9999", id="fewer than none"),
        pytest.param({"plan_id": str(UUID(int=1))}, "对应计划", id="no such plan"),
        pytest.param({"advisers": ["x"]}, "本所参加的律师", id="no such lawyer"),
        pytest.param({"summary": ""}, "请填写", id="no summary"),
    ],
)
def test_bad_activities_are_refused(
    at_desk: FlaskClient, standing: str, given: dict[str, object], words: str
) -> None:
    answer = at_desk.post(f"{standing}/activities", data=held(**given))
    assert answer.status_code == 422
    assert words in answer.text
    assert "场地费待报销" in answer.text


def test_more_lawyers_than_came_are_refused(
    at_desk: FlaskClient, house: Tenant, standing: str
) -> None:
    named = [str(house.adviser_id), str(house.backup_id)]
    answer = at_desk.post(f"{standing}/activities", data=held(firm_count="1", advisers=named))
    assert answer.status_code == 422
    assert "选了 2 位本所律师" in answer.text


def test_activities_wait_for_the_agreement(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant
) -> None:
    signed = made(app, tenant, until="signed")
    answer = as_secretary.post(f"/pairings/{signed}/activities", data=held())
    assert answer.status_code == 409
    assert "共建中才能登记" in answer.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"year": "2025", "month": "12"}, "早于签订日期", id="before it was signed"),
        pytest.param({"year": "2027", "month": "2"}, "晚于有效期", id="after its end"),
        pytest.param({"month": "13"}, "1 至 12", id="no month"),
        pytest.param({"theme": ""}, "请填写", id="no theme"),
    ],
)
def test_bad_plans_are_refused(
    at_desk: FlaskClient, standing: str, given: dict[str, str], words: str
) -> None:
    answer = at_desk.post(f"{standing}/plan", data=planned() | given)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_line_of_the_plan_is_changed_and_struck(
    app: Flask, as_secretary: FlaskClient, address: str, plan_id: UUID, activity: str
) -> None:
    line = f"{address}/plan/{plan_id}"
    assert "宪法宣传" in as_secretary.get(line).text
    moved = planned(11, "宪法宣传周", revision="1")
    assert as_secretary.post(line, data=moved).status_code == 303
    assert as_secretary.post(line, data=moved).status_code == 409
    kept = as_secretary.post(f"{line}/removal")
    assert kept.status_code == 422
    assert "2026-09-12 的活动“宪法进社区”是按它开展的" in kept.text
    gone = as_secretary.post(f"{activity}/removal", data={"revision": "1"})
    assert gone.status_code == 303
    assert as_secretary.get(activity).status_code == 404
    assert as_secretary.post(f"{line}/removal").status_code == 303


def test_the_office_sees_an_activity_once_it_is_shared(
    as_secretary: FlaskClient,
    as_checker: FlaskClient,
    pairing_id: UUID,
    activity: str,
) -> None:
    page = f"/shared-pairings/{pairing_id}"
    assert "宪法进社区" not in as_checker.get(page).text
    assert as_secretary.post(f"{activity}/sharing", data={"revision": "1"}).status_code == 303
    shown = as_checker.get(page).text
    for words in ("宪法进社区", "发放资料六十份", "100%", "张三丰"):
        assert words in shown
    assert "待报销" not in shown
    kept = as_secretary.post(f"{activity}/removal")
    assert kept.status_code == 409
    assert "先撤回公开" in kept.text
    assert as_secretary.post(f"{activity}/sharing").status_code == 409
    assert as_secretary.post(f"{activity}/sharing/removal").status_code == 303
    assert "宪法进社区" not in as_checker.get(page).text
    assert as_secretary.post(f"{activity}/sharing/removal").status_code == 409


def test_pictures_go_when_their_time_is_over(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant, address: str, activity: str
) -> None:
    sent = {"photos": [FileStorage(BytesIO(picture()), filename="x.jpg")]}
    as_secretary.post(f"{activity}/photos", data=sent)
    photo: ActivityPhoto = only(app, tenant, ActivityPhoto)
    periods = dict.fromkeys(Kept) | {Kept.PAIRING_PHOTO: 30}
    with app.app_context(), clock.frozen(datetime(2026, 10, 12, 12, tzinfo=clock.SHANGHAI)):
        assert not run(periods, dry=False)[0].ids.get(tenant.code)
    with app.app_context(), clock.frozen(datetime(2026, 10, 13, 12, tzinfo=clock.SHANGHAI)):
        assert run(periods, dry=False)[0].ids[tenant.code] == [str(photo.id)]
    gone = as_secretary.get(f"/pairings/photos/{photo.id}/thumb")
    assert gone.status_code == 404
    assert "保存期限已过" in gone.text
    assert as_secretary.get(activity).status_code == 200
    assert as_secretary.get(f"{address}/record.pdf").status_code == 200


def test_pages_ask_the_database_at_most_eight_times(
    as_secretary: FlaskClient, address: str, activity: str
) -> None:
    for path in (activity, f"{activity}/edit", f"{address}/activities/new", f"{address}/plan"):
        as_secretary.get(path)
        with statements() as asked:
            assert as_secretary.get(path).status_code == 200
        assert len(asked) <= 8, (path, asked)
