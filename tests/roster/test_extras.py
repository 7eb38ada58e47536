"""One slot more than the contract asks for, planned by hand."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.closing import actions as closing
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_scope
from counselhub.roster import making
from counselhub.roster.models import DutySlot
from tests.factories import Tenant
from tests.roster.conftest import OCTOBER

pytestmark = pytest.mark.usefixtures("september")


def sent(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "community_code": tenant.town.communities[0],
        "adviser_id": str(tenant.adviser_id),
        "day": "2026-10-17",
        "starts": "09:00",
        "ends": "12:00",
        "reason": "宪法宣传周加一次",
    } | given


def test_a_slot_is_added_shown_and_left_alone(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_term: Callable[..., UUID]
) -> None:
    make_term()
    form = as_manager.get(
        f"/roster/slots/new?day=2026-10-17&community_code={tenant.town.communities[1]}"
    ).text
    assert 'value="2026-10-17"' in form
    assert f'<option selected value="{tenant.town.communities[1]}">' in form
    answer = as_manager.post("/roster/slots", data=sent(tenant))
    assert answer.status_code == 303
    page = as_manager.get(answer.location).text
    for words in ("加班次", "约定以外加的班次", "宪法宣传周加一次"):
        assert words in page
    with app.app_context(), as_scope(tenant.scope):
        plan = making.preview(OCTOBER)
        assert plan.kept == 1
        making.make(OCTOBER, plan.digest, by=tenant.member())
        extra = db.session.scalars(db.select(DutySlot).where(DutySlot.term_id.is_(None))).one()
        assert (extra.day, extra.stands_off) == (date(2026, 10, 17), True)
        db.session.commit()
    assert "班次落在放假的日子" not in as_manager.get("/roster?month=2026-10").text
    assert "2026-10-17 周六" in as_manager.get("/roster?month=2026-10&by=community&q=甲").text
    moved = sent(tenant, day="2026-10-18", revision="1")
    assert as_manager.post(answer.location, data=moved).status_code == 303
    called_off = {"revision": "2", "reason": "社区停电"}
    assert as_manager.post(f"{answer.location}/excuse", data=called_off).status_code == 303


def test_two_on_one_day_in_one_place_are_two(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    assert as_manager.post("/roster/slots", data=sent(tenant)).status_code == 303
    later = sent(tenant, starts="14:00", ends="17:00")
    assert as_manager.post("/roster/slots", data=later).status_code == 303
    with app.app_context(), as_scope(tenant.scope):
        assert making.preview(OCTOBER).kept == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"reason": ""}, "请填写", id="no reason"),
        pytest.param({"adviser_id": ""}, "请选择", id="nobody"),
        pytest.param({"day": "2026-09-19"}, "不能移到已经过去的", id="past"),
        pytest.param({"ends": "08:00"}, "结束时间要晚于开始时间", id="backwards"),
        pytest.param({"day": "2027-02-01"}, "没有生效的合同", id="no contract then"),
        pytest.param({"day": "x"}, "", id="nonsense"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    as_manager: FlaskClient, tenant: Tenant, given: dict[str, str], words: str
) -> None:
    answer = as_manager.post("/roster/slots", data=sent(tenant, **given))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="09:00"' in answer.text


def test_what_is_in_the_way_is_named(
    app: Flask, as_manager: FlaskClient, as_adviser: FlaskClient, tenant: Tenant
) -> None:
    as_manager.post("/roster/slots", data=sent(tenant))
    there = sent(tenant, community_code=tenant.town.communities[1])
    refused = as_manager.post("/roster/slots", data=there)
    assert refused.status_code == 422
    assert "张三丰 2026-10-17 09:00–12:00 已排在甲社区，时间重叠" in refused.text
    assert as_adviser.get("/roster/slots/new").status_code == 403
    assert as_adviser.post("/roster/slots", data=there).status_code == 403
    with app.app_context(), as_scope(tenant.scope):
        closing.close(
            tenant.firm_id, tenant.town.street_code, OCTOBER, tenant.town.communities,
            statement_id=uuid7(), number="JS-1",
        )  # fmt: skip
        db.session.commit()
    frozen = as_manager.post("/roster/slots", data=sent(tenant, day="2026-10-19"))
    assert frozen.status_code == 409
    assert "JS-1" in frozen.text
