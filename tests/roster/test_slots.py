"""A slot is moved, called off, brought back; what is in the way is named."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.closing import actions as closing
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.roster.models import DutySlot
from tests import factories
from tests.factories import Tenant
from tests.roster.conftest import OCTOBER

pytestmark = pytest.mark.usefixtures("september")

MakeSlot = Callable[..., UUID]


@pytest.fixture
def make_slot(app: Flask, tenant: Tenant, make_term: Callable[..., UUID]) -> MakeSlot:
    """Plan a slot of the first adviser: 15 October, 9 to 12, in the first community."""
    turns = iter(range(1, 50))
    term_id = make_term()

    def make(**given: Any) -> UUID:
        values = {
            "adviser_id": tenant.adviser_id,
            "community_code": tenant.town.communities[0],
            "day": date(2026, 10, 15),
            "starts": time(9),
            "ends": time(12),
            "term_id": term_id,
        } | given
        with app.app_context(), as_scope(tenant.scope):
            slot = DutySlot(
                turn=next(turns), month=values["day"].replace(day=1),
                street_code=tenant.town.street_code, **values,
            )  # fmt: skip
            db.session.add(slot)
            db.session.commit()
            return slot.id

    return make


def sent(tenant: Tenant, **given: str) -> dict[str, str]:
    base = {"revision": "1", "day": "2026-10-16", "starts": "09:00", "ends": "12:00"}
    return base | {"adviser_id": str(tenant.adviser_id)} | given


def the(app: Flask, tenant: Tenant, slot_id: UUID) -> DutySlot:
    with app.app_context(), as_scope(tenant.scope):
        return db.session.get_one(DutySlot, (tenant.firm_id, slot_id))


def test_a_slot_is_moved_and_the_move_undone(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    slot_id = make_slot()
    address = f"/roster/slots/{slot_id}"
    assert "移到这里" in as_manager.get(address).text
    back = "/roster?month=2026-10&by=community"
    given = sent(tenant, adviser_id=str(tenant.backup_id), back=back)
    answer = as_manager.post(address, data=given)
    assert answer.status_code == 303
    assert answer.location == f"{back}&moved={slot_id}"
    page = as_manager.get(answer.location).text
    assert "撤销" in page
    row = the(app, tenant, slot_id)
    assert (row.day, row.adviser_id, row.is_moved) == (date(2026, 10, 16), tenant.backup_id, True)
    assert "撤销上次调整" in as_manager.get(address).text
    undone = as_manager.post(f"{address}/reversal", data={"revision": "2"})
    assert undone.status_code == 303
    row = the(app, tenant, slot_id)
    assert (row.day, row.adviser_id, row.is_moved) == (date(2026, 10, 15), tenant.adviser_id, False)
    again = as_manager.post(f"{address}/reversal", data={"revision": "3"})
    assert again.status_code == 409
    assert "不能撤销" in again.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"starts": "11:00", "ends": "14:00"}, "已排在乙社区，时间重叠", id="overlap"),
        pytest.param({"starts": "14:10", "ends": "15:00"}, "路上的时间不够", id="travel"),
        pytest.param({"day": "2026-11-02"}, "只能在 2026-10 内调整", id="another month"),
        pytest.param({"day": "2026-09-01"}, "已经过去的 2026-09-01", id="the past"),
        pytest.param({"ends": "09:00"}, "结束时间要晚于开始时间", id="no time"),
        pytest.param({"day": "2026-10-22"}, "已有同一约定的另一个班次", id="the same term twice"),
        pytest.param({"day": ""}, "请填写", id="no day"),
        pytest.param({"adviser_id": str(uuid7())}, "律师", id="nobody of the list"),
    ],
)
def test_what_is_in_the_way_is_named_and_the_form_kept(
    as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot, given: dict[str, str], words: str
) -> None:
    slot_id = make_slot()
    other = tenant.town.communities[1]
    make_slot(community_code=other, day=date(2026, 10, 16), starts=time(13), ends=time(14))
    make_slot(day=date(2026, 10, 22), adviser_id=tenant.backup_id)
    answer = as_manager.post(f"/roster/slots/{slot_id}", data=sent(tenant, **given))
    assert answer.status_code == 422
    assert words in answer.text
    if "starts" in given:
        assert f'value="{given["starts"]}' in answer.text


def test_a_day_outside_the_contract_names_its_dates(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    slot_id = make_slot()
    with app.app_context(), as_scope(tenant.scope):
        db.session.execute(db.text("update contract_community set last_on = '2026-10-15'"))
        db.session.commit()
    answer = as_manager.post(f"/roster/slots/{slot_id}", data=sent(tenant))
    assert answer.status_code == 422
    assert f"不在合同 {tenant.code}-001 的日期内（2026-01-01 – 2026-10-15）" in answer.text


def test_a_lawyer_who_does_not_serve_there_that_day_is_refused(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    slot_id = make_slot()
    with app.app_context(), as_scope(tenant.scope):
        db.session.execute(
            db.text("update assignment set ends_on = '2026-10-15' where adviser_id = :id"),
            {"id": tenant.backup_id},
        )
        db.session.commit()
    given = sent(tenant, adviser_id=str(tenant.backup_id))
    answer = as_manager.post(f"/roster/slots/{slot_id}", data=given)
    assert answer.status_code == 422
    assert "没有指派到甲社区" in answer.text


def test_a_stale_page_is_shown_the_slot_as_it_is(
    as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    address = f"/roster/slots/{make_slot()}"
    as_manager.post(address, data=sent(tenant))
    stale = as_manager.post(address, data=sent(tenant, day="2026-10-19"))
    assert stale.status_code == 409
    assert 'value="2026-10-16"' in stale.text


def test_a_closed_month_names_its_statement(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    slot_id = make_slot()
    with app.app_context(), as_scope(tenant.scope):
        closing.close(
            tenant.firm_id, tenant.town.street_code, OCTOBER, tenant.town.communities,
            statement_id=uuid7(), number="JS-2026-10",
        )  # fmt: skip
        db.session.commit()
    for act in ("", "/excuse", "/standing"):
        given = sent(tenant, reason="社区停电")
        answer = as_manager.post(f"/roster/slots/{slot_id}{act}", data=given)
        assert answer.status_code == 409
        assert "JS-2026-10" in answer.text
    assert "排不出" in as_manager.get("/roster/making?month=2026-10").text


def test_a_slot_is_called_off_and_brought_back(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    slot_id = make_slot()
    address = f"/roster/slots/{slot_id}"
    assert as_manager.post(f"{address}/excuse", data={"revision": "1"}).status_code == 422
    gone = as_manager.post(f"{address}/excuse", data={"revision": "1", "reason": "社区停电"})
    assert gone.status_code == 303
    page = as_manager.get(address).text
    assert "社区停电" in page
    assert "恢复这个班次" in page
    moved = as_manager.post(address, data=sent(tenant, revision="2"))
    assert moved.status_code == 409
    assert "已取消" in moved.text
    taken = make_slot(community_code=tenant.town.communities[1])
    refused = as_manager.post(f"{address}/restoration", data={"revision": "2"})
    assert refused.status_code == 422
    assert "时间重叠" in refused.text
    as_manager.post(f"/roster/slots/{taken}/excuse", data={"revision": "1", "reason": "让开"})
    assert as_manager.post(f"{address}/restoration", data={"revision": "2"}).status_code == 303
    row = the(app, tenant, slot_id)
    assert (row.status, row.reason) == ("planned", None)


@pytest.mark.parametrize(
    ("day", "hour", "status"),
    [
        pytest.param(15, 8, 303, id="an hour before"),
        pytest.param(15, 9, 409, id="when it begins"),
        pytest.param(16, 1, 409, id="the next day, not judged yet"),
    ],
)
def test_what_has_begun_is_judged_by_who_came(
    app: Flask,
    tenant: Tenant,
    make_slot: MakeSlot,
    day: int,
    hour: int,
    status: int,
) -> None:
    slot_id = make_slot()
    address = f"/roster/slots/{slot_id}"
    with clock.frozen(datetime(2026, 10, day, hour, tzinfo=clock.SHANGHAI)):
        as_manager = factories.signed_in(app, tenant.scope, Role.MANAGER)
        assert ("移到这里" in as_manager.get(address).text) is (status == 303)
        moved = as_manager.post(address, data=sent(tenant, day="2026-10-20"))
        assert moved.status_code == status
        off = as_manager.post(f"{address}/excuse", data={"revision": "1", "reason": "x"})
        assert off.status_code == 409, "begun, or moved meanwhile"
    assert (the(app, tenant, slot_id).status, the(app, tenant, slot_id).is_moved) == (
        "planned",
        status == 303,
    )


def test_on_a_day_off_nobody_was_to_come(app: Flask, tenant: Tenant, make_slot: MakeSlot) -> None:
    """The notice came late: what was planned for 7 October is called off afterwards."""
    slot_id = make_slot(day=date(2026, 10, 7))
    with clock.frozen(datetime(2026, 10, 9, 12, tzinfo=clock.SHANGHAI)):
        as_manager = factories.signed_in(app, tenant.scope, Role.MANAGER)
        given = {"revision": "1", "reason": "放假"}
        as_manager.post(f"/roster/slots/{slot_id}/excuse", data=given)
    assert the(app, tenant, slot_id).status == "excused"


def test_a_late_notice_proposes_moves(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    """1 October is in the library; nobody planned so, but the notice came after."""
    first = make_slot(day=date(2026, 10, 5))
    second = make_slot(day=date(2026, 10, 6))
    third = make_slot(day=date(2026, 10, 7))
    make_slot(day=date(2026, 10, 8))
    assert "3 个班次落在放假的日子" in as_manager.get("/roster?month=2026-10").text
    page = as_manager.get("/roster/holidays").text
    assert page.count("改到这天") == 3
    assert 'name="day" value="2026-10-09"' in page, "the 8th has a visit already"
    given = sent(tenant, day="2026-10-09", back="/roster/holidays")
    accepted = as_manager.post(f"/roster/slots/{first}", data=given)
    assert accepted.location == "/roster/holidays"
    kept = as_manager.post(f"/roster/slots/{second}/standing", data={"revision": "1"})
    assert kept.status_code == 303
    dropped = {"revision": "1", "reason": "放假取消", "back": "/roster/holidays"}
    assert as_manager.post(f"/roster/slots/{third}/excuse", data=dropped).status_code == 303
    assert "没有班次落在放假的日子" in as_manager.get("/roster/holidays").text
    statuses = [the(app, tenant, one).status for one in (first, second, third)]
    assert statuses == ["planned", "planned", "excused"], "nothing counts as an absence"


def test_only_who_manages_duty_moves_slots(
    as_adviser: FlaskClient, as_outsider: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    address = f"/roster/slots/{make_slot()}"
    assert as_adviser.get(address).status_code == 200
    assert "移到这里" not in as_adviser.get(address).text
    assert as_outsider.get(address).status_code == 404
    for act in ("", "/reversal", "/restoration", "/standing", "/excuse"):
        given = sent(tenant, reason="x")
        assert as_adviser.post(f"{address}{act}", data=given).status_code == 403
        assert as_outsider.post(f"{address}{act}", data=given).status_code == 404
