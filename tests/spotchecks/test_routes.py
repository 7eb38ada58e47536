"""What the office's checker and director see, what the firm sees, and what is refused."""

import json
from contextlib import nullcontext
from io import BytesIO
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from counselhub.cli import cli
from counselhub.core import clock
from counselhub.core.tenancy import as_office
from tests import factories
from tests.counting import statements
from tests.factories import Tenant, Town
from tests.spotchecks.conftest import DUTY, MONDAY, SUNDAY, at, checks_of, photo, plan

DRAW = {"first_on": str(MONDAY), "last_on": str(SUNDAY), "count": "2", "seed": "7"}


def first(app: Flask, town: Town, drawn: UUID) -> UUID:
    with app.test_request_context(), as_office(town.street_code):
        return checks_of(drawn)[0].id


@pytest.mark.usefixtures("monday")
def test_a_checker_draws_and_sees_how(app: Flask, tenant: Tenant, as_checker: FlaskClient) -> None:
    assert "本周未查" in as_checker.get("/spot-checks/coverage").text
    assert "第一次抽签" in as_checker.get("/spot-checks").text
    plan(app, tenant)
    page = as_checker.post("/spot-checks/draws", data=DRAW, follow_redirects=True).text
    assert "结果完全相同" in page
    assert "甲社区" in page
    assert "乙社区" in page
    assert "2 项" in as_checker.get("/spot-checks/draws").text


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({"count": "0"}, "1到200之间", id="none"),
        pytest.param({"count": "x"}, "整数", id="no number"),
        pytest.param({"last_on": "2026-09-01"}, "不能早于", id="backwards"),
        pytest.param({}, "没有可以抽的班次", id="nothing planned"),
    ],
)
def test_a_draw_that_is_refused_keeps_what_was_typed(
    as_checker: FlaskClient, given: dict[str, str], sentence: str
) -> None:
    answer = as_checker.post("/spot-checks/draws", data=DRAW | given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="7"' in answer.text


@pytest.mark.usefixtures("on_site")
def test_a_check_is_carried_out_on_the_phone(
    app: Flask, town: Town, drawn: UUID, as_checker: FlaskClient, as_manager: FlaskClient
) -> None:
    check = first(app, town, drawn)
    page = as_checker.get(f"/spot-checks/{check}").text
    opened = page.split('name="opened"')[1].split('value="')[1].split('"')[0]
    data = {
        "finding": "absent",
        "words": "门锁着",
        "revision": "1",
        "key": "019a0000-0000-7000-8000-000000000001",
        "opened": opened,
    }
    sent = {**data, "photo": (BytesIO(photo()), "a.jpg")}
    url = f"/spot-checks/{check}/finding"
    assert as_checker.post(url, data=sent).status_code == 303
    assert as_checker.post(url, data=data).status_code == 303, "the same form once more"
    page = as_checker.get(f"/spot-checks/{check}").text
    assert "打开登记页 09-23 10:00" in page
    assert page.count("<img") == 1
    assert as_manager.get(f"/spot-results/{check}").status_code == 404
    picture = page.split('<img src="')[1].split('"')[0]
    assert as_checker.get(picture).mimetype == "image/jpeg"
    assert as_manager.get(picture).status_code == 404
    answer = as_checker.post(f"/spot-checks/{check}/publication", data={"days": "5"})
    assert answer.status_code == 303
    assert "门锁着" in as_manager.get(f"/spot-results/{check}").text
    assert as_manager.get(picture).status_code == 200


@pytest.mark.usefixtures("on_site")
def test_what_is_wrong_with_a_finding_is_said_at_its_field(
    app: Flask, town: Town, drawn: UUID, as_checker: FlaskClient
) -> None:
    url = f"/spot-checks/{first(app, town, drawn)}/finding"
    for data, sentence in (
        ({"words": "看过"}, "请选择"),
        ({"finding": "substitute", "words": "看过"}, "替班人的姓名"),
        ({"finding": "present", "words": "看过", "photo": (BytesIO(b"x"), "a.jpg")}, "不是照片"),
    ):
        answer = as_checker.post(url, data=data)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "看过" in answer.text
    stale = {"finding": "present", "revision": "99"}
    assert as_checker.post(url, data=stale).status_code == 409


@pytest.mark.usefixtures("on_site")
def test_a_firm_answers_and_the_director_decides(
    published: UUID, as_manager: FlaskClient, as_approver: FlaskClient
) -> None:
    assert "待答复" in as_manager.get("/spot-results").text
    url = f"/spot-results/{published}/answer"
    answer = as_manager.post(url, data={"answer": "disagree"})
    assert answer.status_code == 422
    assert "写明理由" in answer.text
    assert as_manager.post(url, data={"answer": "disagree", "words": "在二楼"}).status_code == 303
    assert as_manager.post(url, data={"answer": "agree"}).status_code == 409
    assert "在二楼" in as_approver.get(f"/spot-checks/{published}").text
    url = f"/spot-checks/{published}/settlement"
    assert as_approver.post(url, data={"words": ""}).status_code == 422
    assert as_approver.post(url, data={"words": "二楼无人"}).status_code == 303
    assert "二楼无人" in as_manager.get(f"/spot-results/{published}").text


@pytest.mark.usefixtures("on_site")
def test_who_may_do_what(
    app: Flask,
    tenant: Tenant,
    published: UUID,
    as_checker: FlaskClient,
    as_approver: FlaskClient,
    as_adviser: FlaskClient,
    as_outsider: FlaskClient,
) -> None:
    assert as_approver.post("/spot-checks/draws", data=DRAW).status_code == 403
    assert as_checker.post(f"/spot-checks/{published}/settlement").status_code == 403
    withdrawal = f"/spot-checks/{published}/withdrawal"
    assert as_checker.post(withdrawal, data={"reason": "查错"}).status_code == 403
    assert as_adviser.post(f"/spot-results/{published}/answer").status_code == 403
    assert as_outsider.get(f"/spot-results/{published}").status_code == 404
    assert as_approver.post(withdrawal, data={"reason": "查错"}).status_code == 303


def test_a_lawyer_sees_the_own_results_only(
    app: Flask, tenant: Tenant, published: UUID, town: Town
) -> None:
    with app.test_request_context(), as_office(town.street_code):
        from counselhub.core.db import db
        from counselhub.spotchecks.models import SpotCheck

        mine = db.session.scalars(db.select(SpotCheck).where(SpotCheck.id == published)).one()
        own = mine.adviser_id
    for adviser, status in ((tenant.adviser_id, 200), (tenant.backup_id, 200)):
        role = factories.Role.ADVISER
        client = factories.signed_in(app, tenant.scope, role, adviser_id=adviser)
        due = status if adviser == own else 404
        assert client.get(f"/spot-results/{published}").status_code == due


@pytest.mark.usefixtures("on_site")
def test_a_whole_draw_is_published_at_once(
    app: Flask, town: Town, drawn: UUID, as_checker: FlaskClient
) -> None:
    url = f"/spot-checks/draws/{drawn}/publication"
    answer = as_checker.post(url, data={"days": "5"})
    assert answer.status_code == 422
    assert "还没有登记好" in answer.text
    check = first(app, town, drawn)
    as_checker.post(f"/spot-checks/{check}/finding", data={"finding": "present"})
    assert as_checker.post(url, data={"days": "5"}).status_code == 303
    assert "待律所答复" in as_checker.get(f"/spot-checks/{check}").text


@pytest.mark.usefixtures("on_site")
def test_a_photo_is_taken_off_before_it_is_published(
    app: Flask, town: Town, drawn: UUID, as_checker: FlaskClient
) -> None:
    check = first(app, town, drawn)
    data = {"finding": "present", "photo": (BytesIO(photo()), "a.jpg")}
    as_checker.post(f"/spot-checks/{check}/finding", data=data)
    page = as_checker.get(f"/spot-checks/{check}").text
    removal = page.split('photos">')[1].split('action="')[1].split('"')[0]
    assert "<img" not in as_checker.post(removal, follow_redirects=True).text


@pytest.mark.usefixtures("on_site")
def test_lists_find_sort_and_stay_within_eight_statements(
    drawn: UUID, published: UUID, as_checker: FlaskClient, as_manager: FlaskClient
) -> None:
    pages = (
        (as_checker, "/spot-checks?tab=all&sort=firm&q=社区"),
        (as_checker, "/spot-checks/coverage?sort=recent&direction=desc&q=社区"),
        (as_checker, "/spot-checks/draws"),
        (as_checker, "/spot-checks/month?month=2026-09"),
        (as_checker, f"/spot-checks/draws/{drawn}"),
        (as_checker, f"/spot-checks/{published}"),
        (as_manager, "/spot-results?sort=community&finding=absent"),
        (as_manager, f"/spot-results/{published}"),
    )
    for client, page in pages:
        with statements() as sent:
            answer = client.get(page)
        assert answer.status_code == 200
        assert "社区" in answer.text
        assert len(sent) <= 8, (page, sent)
    assert "没有符合条件的抽查" in as_checker.get("/spot-checks?tab=all&q=无此社区").text


def test_anybody_repeats_a_draw_on_the_command_line(app: Flask, town: Town, drawn: UUID) -> None:
    words = ["spotcheck", "draw", "--street", town.street_code, "--from", str(MONDAY), "--to"]
    words += [str(SUNDAY), "--count", "2", "--json", "--seed"]
    with app.app_context(), clock.frozen(at(DUTY, 10)):
        kept = CliRunner().invoke(cli, [*words, "7"], obj=nullcontext)
        other = CliRunner().invoke(cli, [*words, "8"], obj=nullcontext)
    told = json.loads(kept.stdout)
    assert (told["same"], told["communities"], len(told["picks"])) == (True, 2, 2)
    assert json.loads(other.stdout)["kept"] is False


@pytest.mark.usefixtures("published")
def test_a_statement_of_the_month_fetches_what_was_found(
    tenant: Tenant, as_checker: FlaskClient
) -> None:
    address = f"/spot-checks/month?month=2026-09&firm={tenant.firm_id}"
    part = as_checker.get(address, headers={"HX-Request": "true"}).text
    assert "缺岗 1" in part
    assert "1 项未裁定" in part
    assert "<html" not in part
    other = as_checker.get(
        "/spot-checks/month?month=2026-09&firm=00000000-0000-7000-8000-000000000000"
    )
    assert "没有公布的抽查结果" in other.text
