"""Points at the desk and by proposal, codes on screens and paper: pages and refusals."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.points.models import DutyPoint, PointProposal
from tests.counting import statements
from tests.duty.conftest import NOON
from tests.factories import Tenant
from tests.points.conftest import PAIR

pytestmark = pytest.mark.usefixtures("noon")
FORM = {"pair": PAIR, "system": "wgs84", "radius_m": "300"}


def at(tenant: Tenant, place: int = 0) -> str:
    return f"/duty/points/{tenant.town.communities[place]}"


def stored(app: Flask, tenant: Tenant, model: Any = DutyPoint) -> Any:
    with app.app_context(), as_scope(tenant.scope):
        return db.session.scalar(select(model))


def test_a_point_is_set_moved_and_removed(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    page = as_manager.get("/duty/points").text
    assert page.count("未设</span>") == 2
    assert as_manager.post(at(tenant), data=FORM).status_code == 303
    point = stored(app, tenant)
    assert (point.latitude, point.longitude, point.radius_m) == (22.543847, 113.912316, 300)
    assert (point.source, point.revision) == ("typed", 1)
    page = as_manager.get("/duty/points").text
    assert page.index("乙社区") < page.index("甲社区"), "without a point first"
    assert PAIR in page
    only_radius = {"pair": "", "system": "gcj02", "radius_m": "500", "revision": "1"}
    assert as_manager.post(at(tenant), data=only_radius).status_code == 303
    point = stored(app, tenant)
    assert (point.longitude, point.radius_m, point.source) == (113.912316, 500, "typed")
    by_phone = FORM | {"accuracy": "35", "revision": "2"}
    as_manager.post(at(tenant), data=by_phone)
    assert stored(app, tenant).source == "phone"
    assert as_manager.post(f"{at(tenant)}/removal", data={"revision": "3"}).status_code == 303
    assert stored(app, tenant) is None


def test_coordinates_of_a_chinese_map_are_put_right(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    shown = {"pair": "22.54079613，113.91717648", "system": "gcj02", "radius_m": "200"}
    as_manager.post(at(tenant), data=shown)
    point = stored(app, tenant)
    assert point.latitude == pytest.approx(22.543847, abs=1e-5)
    assert point.longitude == pytest.approx(113.912316, abs=1e-5)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"pair": ""}, "请填写", id="blank"),
        pytest.param({"pair": "甲社区"}, "请填经度和纬度两个数", id="no numbers"),
        pytest.param({"pair": "2.352222,48.856614"}, "不是中国境内", id="abroad"),
        pytest.param({"pair": "113.9,22.6"}, "小数位太少", id="too rough"),
        pytest.param({"radius_m": "5"}, "20 到 2000", id="too narrow"),
        pytest.param({"accuracy": "900"}, "误差有 900 米", id="a phone that does not know"),
    ],
)
def test_a_wrong_point_comes_back_with_what_was_typed(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, given: dict[str, str], words: str
) -> None:
    answer = as_manager.post(at(tenant), data=FORM | given)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{(FORM | given)["radius_m"]}"' in answer.text
    assert stored(app, tenant) is None


def test_a_stale_page_is_refused_with_the_point_as_it_is(
    as_manager: FlaskClient, as_leader: FlaskClient, tenant: Tenant
) -> None:
    as_manager.post(at(tenant), data=FORM)
    for given in ({"revision": ""}, {"revision": "9"}):
        answer = as_leader.post(at(tenant), data=FORM | {"radius_m": "777"} | given)
        assert answer.status_code == 409
        assert "别人已经改动了它" in answer.text
        assert "300 米" in answer.text
    assert as_leader.post(f"{at(tenant)}/removal", data={"revision": "9"}).status_code == 409
    as_manager.post(f"{at(tenant)}/removal", data={"revision": "1"})
    answer = as_leader.post(at(tenant), data=FORM | {"revision": "1"})
    assert answer.status_code == 409
    assert "刚刚被删除" in answer.text


def test_a_lawyer_proposes_and_the_manager_decides(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant
) -> None:
    word = {"pair": PAIR, "system": "wgs84", "accuracy": "20"}
    assert "现在的位置" in as_adviser.get(f"{at(tenant)}/proposal").text
    for floor in ("一楼", "二楼"):
        told = word | {"remark": f"{floor}法律顾问室"}
        assert as_adviser.post(f"{at(tenant)}/proposal", data=told).status_code == 303
    page = as_manager.get(at(tenant)).text
    assert page.count("提议就在这里") == 1
    assert "二楼法律顾问室" in page
    assert "1 个提议待确认" in as_manager.get("/duty/points?state=waiting").text
    [accept] = re.findall(r'action="(/duty/point-proposals/[^"]+/acceptance)"', page)
    stale = as_manager.post(accept, data={"revision": "1", "radius_m": "150"})
    assert stale.status_code == 409
    assert as_manager.post(accept, data={"revision": "2", "radius_m": "5"}).status_code == 422
    given = {"revision": "2", "radius_m": "150"}
    assert as_manager.post(accept, data=given).status_code == 303
    point = stored(app, tenant)
    assert (point.source, point.radius_m) == ("proposed", 150)
    assert stored(app, tenant, PointProposal).latitude is None
    assert as_manager.post(accept, data={}).status_code == 409


def test_a_declined_proposal_forgets_where_the_lawyer_was(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant
) -> None:
    as_adviser.post(f"{at(tenant)}/proposal", data={"pair": PAIR, "system": "wgs84"})
    page = as_manager.get(at(tenant)).text
    [refuse] = re.findall(r'action="(/duty/point-proposals/[^"]+/refusal)"', page)
    assert as_manager.post(refuse, data={"revision": "1"}).status_code == 303
    proposal = stored(app, tenant, PointProposal)
    assert (proposal.status, proposal.latitude) == ("declined", None)
    assert stored(app, tenant) is None


def test_nobody_proposes_where_he_does_not_serve(
    as_leader: FlaskClient, as_adviser: FlaskClient, tenant: Tenant
) -> None:
    word = {"pair": PAIR, "system": "wgs84"}
    assert as_leader.post(f"{at(tenant)}/proposal", data=word).status_code == 403
    assert as_adviser.post(f"{at(tenant, 2)}/proposal", data=word).status_code == 404
    assert as_adviser.post(f"{at(tenant)}/proposal", data={"pair": "x"}).status_code == 422


def test_a_screen_shows_codes_until_its_link_is_ended(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    made = as_manager.post(f"{at(tenant)}/screen").text
    [token] = re.findall(r'value="http://localhost/screen/([^"]+)"', made)
    stranger = app.test_client()
    page = stranger.get(f"/screen/{token}").text
    assert "甲社区" in page
    assert '<meta http-equiv="refresh" content="31">' in page
    part = stranger.get(f"/screen/{token}", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'data-left="30"' in part
    assert token not in as_manager.get(at(tenant)).text, "only its digest is kept"
    as_manager.post(f"{at(tenant)}/screen")
    assert stranger.get(f"/screen/{token}").status_code == 404
    as_manager.post(f"{at(tenant)}/screen/removal")
    assert "生成屏幕链接" in as_manager.get(at(tenant)).text


def test_another_half_minute_another_code(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    made = as_manager.post(f"{at(tenant)}/screen").text
    [address] = re.findall(r'value="http://localhost(/screen/[^"]+)"', made)
    shown = set()
    for seconds in (0, 29, 30, 60):
        with clock.frozen(NOON.replace(second=0, minute=seconds // 60 + 5, microsecond=0)):
            later = clock.now().replace(second=seconds % 60)
        with clock.frozen(later):
            shown.update(re.findall(r'src="(data:[^"]+)"', app.test_client().get(address).text))
    assert len(shown) == 3


def test_a_sheet_has_versions(as_manager: FlaskClient, tenant: Tenant) -> None:
    sheet = f"{at(tenant)}/sheet"
    assert as_manager.get(sheet).status_code == 404
    for version in (1, 2):
        assert as_manager.post(sheet).headers["Location"] == sheet
        assert f"第 {version} 版" in as_manager.get(sheet).text
    assert as_manager.post(f"{sheet}/removal").status_code == 303
    assert as_manager.get(sheet).status_code == 404
    as_manager.post(sheet)
    assert "第 3 版" in as_manager.get(sheet).text, "a version is never made twice"


def test_the_choice_is_asked_for_in_words_and_taken_back(
    as_adviser: FlaskClient, as_leader: FlaskClient
) -> None:
    page = as_adviser.get("/duty").text
    assert "只在您点签到、签退的那一刻" in page
    assert "保存 365 天" in page
    assert 'data-on=""' in page
    assert as_adviser.get("/duty/phone").json["position"] is False
    as_adviser.post("/duty/position-choice")
    assert 'data-on="1"' in as_adviser.get("/duty").text
    assert as_adviser.get("/duty/phone").json["position"] is True
    as_adviser.post("/duty/position-choice/removal")
    assert 'data-on=""' in as_adviser.get("/duty").text
    assert as_leader.post("/duty/position-choice").status_code == 403


def test_a_scanned_address_opens_the_page_with_its_code(
    app: Flask, as_manager: FlaskClient, as_adviser: FlaskClient, tenant: Tenant
) -> None:
    as_manager.post(f"{at(tenant, 1)}/sheet")
    with app.test_request_context(), as_scope(tenant.scope):
        from counselhub.points import code_actions, queries

        code = code_actions.sheet_code(queries.code_of(tenant.town.communities[1]))
    with statements() as asked:
        page = as_adviser.get(f"/duty?code={code}").text
    assert len(asked) <= 8, asked
    assert "乙社区：扫了张贴码" in page
    assert page.index("签到 · 乙社区") < page.index("签到 · 甲社区")
    given = {"place": tenant.town.communities[1], "code": str(code)}
    as_adviser.post("/duty/sign-ins", data=given)
    assert "签到：扫了张贴码，不作为到场证据" in as_adviser.get("/duty").text
    assert "提议就在这里" in as_adviser.get("/duty").text
    assert as_adviser.get("/duty?code=nonsense").status_code == 200


@pytest.mark.parametrize("address", ["/duty/points", "{at}", "{at}/proposal"])
def test_pages_ask_the_database_at_most_eight_times(
    as_manager: FlaskClient, tenant: Tenant, address: str
) -> None:
    as_manager.post(at(tenant), data=FORM)
    with statements() as asked:
        assert as_manager.get(address.format(at=at(tenant))).status_code == 200
    assert len(asked) <= 8, asked


def test_the_list_is_found_filtered_and_sorted(as_manager: FlaskClient, tenant: Tenant) -> None:
    as_manager.post(at(tenant), data=FORM)
    found = {
        state: as_manager.get(f"/duty/points?state={state}").text for state in ("missing", "set")
    }
    assert "甲社区" not in found["missing"]
    assert "乙社区" not in found["set"]
    assert "没有符合条件的社区" in as_manager.get("/duty/points?q=没有的地方").text
    for sort in ("community", "set", "nonsense"):
        assert as_manager.get(f"/duty/points?sort={sort}").status_code == 200


def test_others_stay_out(
    as_adviser: FlaskClient, as_checker: FlaskClient, as_outsider: FlaskClient, tenant: Tenant
) -> None:
    for client in (as_adviser, as_checker):
        for address in ("/duty/points", at(tenant), f"{at(tenant)}/sheet"):
            assert client.get(address).status_code == 403
    assert as_outsider.get(at(tenant, 3)).status_code == 404
