"""What desk, lawyer and community see of online duty by turns, and what is refused to them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from html import unescape
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.rota.forms import SEATS
from counselhub.rota.models import OnlineTurn
from tests.counting import statements
from tests.factories import Tenant
from tests.rota.conftest import EVENING, at

pytestmark = pytest.mark.usefixtures("evening")
HX = {"HX-Request": "true"}
MOST = 8
"""Statements of a page, who is there and the membership included."""


def turn_at(app: Flask, tenant: Tenant, moment: datetime) -> tuple[UUID, int]:
    """Return id and revision of the turn that is planned for a moment."""
    with app.test_request_context(), as_scope(tenant.scope):
        query = select(OnlineTurn).where(
            OnlineTurn.starts_at <= moment,
            OnlineTurn.ends_at > moment,
            OnlineTurn.status != "withdrawn",
        )
        turn = db.session.scalars(query).one()
        return turn.id, turn.revision


def wanted(tenant: Tenant, **given: str) -> dict[str, str]:
    """What the form sends: every place, most of them blank."""
    return (
        {f"people-{place}": "" for place in range(SEATS)}
        | {
            "name": "湾南片区",
            "streets": tenant.town.street_code,
            "people-0": str(tenant.adviser_id),
            "people-2": str(tenant.backup_id),
            "length": "day",
            "changes_at": "09:00",
            "starts_on": "2026-11-22",
            "desk_phone": "0755-88880000",
        }
        | given
    )


def test_from_an_empty_page_to_turns(as_manager: FlaskClient, tenant: Tenant) -> None:
    assert "还没有轮值表" in as_manager.get("/rota/tables").text
    assert "这个街道还没有轮值表" in as_manager.get("/rota").text
    answer = as_manager.post("/rota/tables", data=wanted(tenant))
    assert answer.status_code == 303
    page = as_manager.get(answer.location).text
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    sent = {"until": "2026-12-05", "digest": digest[1]}
    stale = as_manager.post(answer.location, data=sent)
    assert stale.status_code == 409
    assert "重新算出" in stale.text
    fresh = re.findall(r'name="digest" value="(\w+)"', stale.text)[-1]
    stored = as_manager.post(answer.location, data=sent | {"digest": fresh})
    assert stored.status_code == 303
    page = as_manager.get(stored.location).text
    assert "班次已排到 2026-12-05" in page
    assert "11-23 09:00–11-24 09:00" in page
    assert "湾南片区" in as_manager.get("/rota/tables?q=湾").text
    assert "没有名称、街道或律师合" in as_manager.get("/rota/tables?q=没有的").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"name": ""}, "请填写", id="no name"),
        pytest.param({"people-0": "", "people-2": ""}, "请至少选择一位律师", id="nobody"),
        pytest.param({"length": "half_day"}, "两个不同的交接时间", id="half days, one change"),
        pytest.param({"last_on": "2026-11-01"}, "不能早于开始日期", id="ends before it begins"),
        pytest.param({"desk_phone": "电话"}, "请填写手机号", id="no number"),
        pytest.param({"streets": "123456789"}, "streets", id="a street of nobody"),
    ],
)
def test_what_a_rota_cannot_be(
    as_manager: FlaskClient, tenant: Tenant, given: dict[str, str], said: str
) -> None:
    answer = as_manager.post("/rota/tables", data=wanted(tenant, **given))
    assert answer.status_code == 422
    assert said in answer.text
    twice = wanted(tenant, **{"people-2": str(tenant.adviser_id)})
    assert "只能排一个位置" in as_manager.post("/rota/tables", data=twice).text
    stranger = wanted(tenant, **{"people-2": str(tenant.firm_id)})
    assert "请选择本所在职的律师" in as_manager.post("/rota/tables", data=stranger).text


def test_a_rota_is_changed_and_a_stale_page_refused(
    as_manager: FlaskClient, tenant: Tenant, rota_id: UUID
) -> None:
    address = f"/rota/tables/{rota_id}/terms"
    assert 'value="湾南片区"' in as_manager.get(address).text
    changed = as_manager.post(address, data=wanted(tenant, name="新片区", revision="1"))
    assert changed.location == f"/rota/tables/{rota_id}/making"
    stale = as_manager.post(address, data=wanted(tenant, revision="1"))
    assert stale.status_code == 409
    assert 'value="新片区"' in stale.text
    removed = as_manager.post(f"/rota/tables/{rota_id}/removal", data={"revision": "2"})
    assert removed.location == "/rota/tables"
    assert as_manager.get(address).status_code == 404


def test_a_turn_is_moved_exchanged_and_called_off(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, rota_id: UUID
) -> None:
    turn_id, revision = turn_at(app, tenant, at(21))
    address = f"/rota/turns/{turn_id}"
    moved = {
        "revision": str(revision),
        "adviser_id": str(tenant.backup_id),
        "starts": "2026-11-22T21:00",
        "ends": "2026-11-23T08:00",
    }
    assert as_manager.post(address, data=moved | {"ends": ""}).status_code == 422
    wrong = as_manager.post(address, data=moved | {"ends": "2026-11-22T20:00"})
    assert (wrong.status_code, "结束时间要晚于" in wrong.text) == (422, True)
    in_the_way = as_manager.post(address, data=moved | {"ends": "2026-11-23T10:00"})
    assert (in_the_way.status_code, "时间重叠" in in_the_way.text) == (409, True)
    assert as_manager.post(address, data=moved).location == address
    assert "撤销刚才的调整" in as_manager.get(address).text
    assert as_manager.post(f"{address}/undoing", data={"revision": "1"}).status_code == 409
    assert as_manager.post(f"{address}/undoing", data={"revision": "2"}).status_code == 303
    other = turn_at(app, tenant, at(9, day=23))[0]
    swap = {"revision": "3", "other": str(other)}
    assert as_manager.post(f"{address}/swap", data=swap | {"other": "x"}).status_code == 422
    assert as_manager.post(f"{address}/swap", data=swap).status_code == 303
    assert as_manager.post(f"{address}/withdrawal", data={"revision": "4"}).status_code == 303
    page = as_manager.get(address).text
    assert "恢复这一班" in page
    assert "对调班次" in page
    assert as_manager.post(f"{address}/restoration", data={"revision": "5"}).status_code == 303


def test_a_gap_is_covered_in_two_taps_and_undone(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, rota_id: UUID
) -> None:
    assert "没人接班" in as_manager.get("/rota/gaps").text
    turn_id, revision = turn_at(app, tenant, at(21))
    as_manager.post(f"/rota/turns/{turn_id}/withdrawal", data={"revision": str(revision)})
    page = unescape(as_manager.get("/rota/gaps").text)
    assert "11-22 20:00–11-23 08:00" in page
    found = re.search(r'href="(/rota/tables/[^"]+/cover\?[^"]+)"', page)
    assert found
    offered = as_manager.get(found[1]).text
    assert offered.index("张三丰") < offered.index("李四光")
    sent = {
        "adviser_id": str(tenant.adviser_id),
        "starts": "2026-11-22T20:00",
        "ends": "2026-11-23T08:00",
    }
    address = f"/rota/tables/{rota_id}/cover"
    done = as_manager.post(address, data=sent)
    assert "已由张三丰顶班" in as_manager.get(done.location).text
    again = as_manager.post(address, data=sent)
    assert (again.status_code, "张三丰" in again.text) == (409, True)
    assert as_manager.post(address, data=sent | {"starts": ""}).status_code == 422
    assert as_manager.post(address, data=sent | {"adviser_id": "x"}).status_code == 404
    covered = re.search(r"covered=([\w-]+)", done.location)
    assert covered
    undone = as_manager.post(f"/rota/turns/{covered[1]}/withdrawal", data={"back": "/rota/gaps"})
    assert undone.location == "/rota/gaps"


def test_a_lawyer_covers_only_by_himself(
    app: Flask, as_manager: FlaskClient, as_adviser: FlaskClient, tenant: Tenant, rota_id: UUID
) -> None:
    turn_id, _revision = turn_at(app, tenant, at(21))
    as_manager.post(f"/rota/turns/{turn_id}/withdrawal")
    address = f"/rota/tables/{rota_id}/cover"
    sent = {"starts": "2026-11-22T20:00", "ends": "2026-11-23T08:00"}
    for_other = as_adviser.post(address, data=sent | {"adviser_id": str(tenant.backup_id)})
    assert for_other.status_code == 403
    own = as_adviser.post(address, data=sent | {"adviser_id": str(tenant.adviser_id)})
    assert own.location == "/rota/duty"
    assert as_adviser.post(f"/rota/turns/{turn_id}/restoration").status_code == 403


def test_a_turn_is_handed_over_on_the_phone(
    app: Flask, as_second: FlaskClient, as_adviser: FlaskClient, tenant: Tenant, rota_id: UUID
) -> None:
    turn_id, revision = turn_at(app, tenant, EVENING)
    address = f"/rota/turns/{turn_id}"
    assert "轮到您了" in as_second.get("/rota/duty").text
    assert as_adviser.post(f"{address}/taking").status_code == 403
    taken = as_second.post(f"{address}/taking", data={"revision": str(revision)}, headers=HX)
    assert taken.status_code == 200
    assert "您正在值守" in taken.text
    twice = as_second.post(f"{address}/taking", data={"revision": str(revision)})
    assert (twice.status_code, "您正在值守" in twice.text) == (409, True)
    note = {"revision": str(revision + 1), "matters": "漏水", "back": "/rota/duty"}
    assert as_second.post(f"{address}/note", data=note).location == "/rota/duty"
    assert as_adviser.post(f"{address}/note", data=note).status_code == 403
    page = as_adviser.get("/rota/duty").text
    assert "上一位：李四光" in page
    assert "漏水" in page
    following = turn_at(app, tenant, at(20))[0]
    assert as_adviser.post(f"/rota/turns/{following}/taking").status_code == 303
    assert "张三丰" in as_adviser.get("/rota").text
    assert as_adviser.post(f"/rota/turns/{following}/giving-back").status_code == 303


def test_a_call_is_a_service_in_one_tap(
    as_adviser: FlaskClient, tenant: Tenant, rota_id: UUID
) -> None:
    sent = {"mode": "wechat", "community_code": tenant.town.communities[1]}
    row = as_adviser.post("/rota/duty/calls", data=sent, headers=HX)
    assert row.status_code == 200
    assert "微信" in row.text
    assert "法律咨询" in row.text
    page = as_adviser.get("/rota/duty").text
    assert f'<option selected value="{tenant.town.communities[1]}">' in page
    unserved = sent | {"community_code": tenant.town.communities[3]}
    assert as_adviser.post("/rota/duty/calls", data=unserved).status_code == 422
    assert as_adviser.post("/rota/duty/calls", data=sent | {"mode": "x"}).status_code == 404
    assert as_adviser.post("/rota/duty/calls", data={}, headers=HX).status_code == 422


def test_another_firm_and_another_side_find_nothing(
    as_outsider: FlaskClient, as_checker: FlaskClient, rota_id: UUID
) -> None:
    for address in (f"/rota/tables/{rota_id}", f"/rota/tables/{rota_id}/cover"):
        assert as_outsider.get(address).status_code == 404
        assert as_checker.get(address).status_code == 403


def test_the_first_page_warns_of_gaps(
    as_manager: FlaskClient, make_rota: Callable[..., UUID]
) -> None:
    """A firm without rotas is not warned: it may have no online duty at all."""
    words = "处空档或没人接的班"
    assert words not in as_manager.get("/month").text
    make_rota(until=date(2026, 11, 30))
    assert words in as_manager.get("/month").text
    assert words not in as_manager.get("/month?month=2026-10").text
    with statements() as sent:
        as_manager.get("/month")
    assert len(sent) <= MOST


def test_pages_ask_little_of_the_database(
    as_manager: FlaskClient, as_adviser: FlaskClient, rota_id: UUID
) -> None:
    sent_for: dict[str, int] = {}
    pages = ("/rota", "/rota/gaps", "/rota/tables", f"/rota/tables/{rota_id}", "/rota/boards")
    for client, address in [*((as_manager, page) for page in pages), (as_adviser, "/rota/duty")]:
        client.get(address)
        with statements() as sent:
            assert client.get(address).status_code == 200
        sent_for[address] = len(sent)
    assert {address: count for address, count in sent_for.items() if count > MOST} == {}
