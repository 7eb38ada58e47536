"""What a contract asks for: written, changed, stopped on its page."""

from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.roster.models import DutyTerm
from tests.counting import statements
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("september")


def written(**given: Any) -> dict[str, Any]:
    base = {"kind": "weekly", "weekday": "3", "starts": "09:00", "ends": "12:00"}
    return base | {"on_holiday": "next"} | given


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({}, "每周的周四 09:00–12:00，顺延到下一个工作日", id="weekly half a day"),
        pytest.param(
            {"kind": "nth", "weekday": "5", "weeks": ["1", "3"], "on_holiday": "skip"},
            "每月第 1、3 个周六 09:00–12:00，放假不补",
            id="Saturdays of weeks 1 and 3",
        ),
        pytest.param(
            {"kind": "hours", "weekday": "", "required_hours": "8"},
            "每月共 8 小时，每次 09:00–12:00",
            id="hours a month",
        ),
        pytest.param(
            {"kind": "days", "required_days": "2", "weekday": "1"},
            "每月 2 天，每天 09:00–12:00，尽量排在周二",
            id="days a month",
        ),
    ],
)
def test_a_term_stands_on_the_contract_as_its_sentence(
    as_manager: FlaskClient, tenant: Tenant, given: dict[str, Any], sentence: str
) -> None:
    address = f"/contracts/{tenant.contract_id}"
    assert "还没有写明这份合同要求怎样到岗" in as_manager.get(address).text
    assert "约定方式" in as_manager.get(f"{address}/duty-terms/new").text
    answer = as_manager.post(f"{address}/duty-terms", data=written(**given))
    assert answer.status_code == 303
    with statements() as sent:
        page = as_manager.get(answer.location).text
    assert sentence in page
    assert len(sent) <= 8


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"ends": "09:00"}, "结束时间要晚于开始时间", id="no time at all"),
        pytest.param({"weekday": ""}, "请选择固定在星期几", id="no weekday"),
        pytest.param({"kind": "nth"}, "请选择每月的第几周", id="no week"),
        pytest.param({"kind": "hours"}, "请填写每月共几小时", id="no hours"),
        pytest.param({"kind": "days"}, "请填写每月几天", id="no days"),
        pytest.param({"starts": ""}, "请填写", id="no start"),
        pytest.param({"kind": "sometimes"}, "约定方式", id="no such kind"),
    ],
)
def test_what_no_term_says_is_refused_and_kept(
    as_manager: FlaskClient, tenant: Tenant, given: dict[str, Any], words: str
) -> None:
    sent = written(**given) | {"class_name": "偏远山村"}
    answer = as_manager.post(f"/contracts/{tenant.contract_id}/duty-terms", data=sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="偏远山村"' in answer.text


def test_a_term_is_changed_by_who_saw_it_last(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_term: Callable[..., UUID]
) -> None:
    term_id = make_term()
    address = f"/duty-terms/{term_id}"
    assert 'value="09:00' in as_manager.get(address).text
    given = written(revision="1", ends="11:30", communities=tenant.town.communities[:1])
    assert as_manager.post(address, data=given).status_code == 303
    stale = as_manager.post(address, data=given | {"ends": "11:00"})
    assert stale.status_code == 409
    assert 'value="11:30' in stale.text
    assert (
        as_manager.post(address, data=given | {"revision": "2", "ends": "08:00"}).status_code == 422
    )
    with app.app_context(), as_scope(tenant.scope):
        term = db.session.scalars(db.select(DutyTerm)).one()
        assert (term.ends, term.communities) == (time(11, 30), tenant.town.communities[:1])


def test_a_term_that_planned_nothing_is_removed(
    as_manager: FlaskClient, make_term: Callable[..., UUID]
) -> None:
    address = f"/duty-terms/{make_term()}"
    assert as_manager.post(f"{address}/removal", data={"revision": "7"}).status_code == 409
    assert as_manager.post(f"{address}/removal", data={"revision": "1"}).status_code == 303
    assert as_manager.get(address).status_code == 404


def test_terms_of_an_ended_contract_stay(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_term: Callable[..., UUID]
) -> None:
    term_id = make_term()
    with app.app_context(), as_scope(tenant.scope):
        db.session.execute(db.text("update contract set status = 'expired'"))
        db.session.commit()
    new = as_manager.post(f"/contracts/{tenant.contract_id}/duty-terms", data=written())
    assert new.status_code == 409
    assert "合同已经结束" in new.text
    changed = as_manager.post(f"/duty-terms/{term_id}", data=written(revision="1", ends="13:00"))
    assert changed.status_code == 409


def test_a_community_publishes_what_is_fixed(
    as_manager: FlaskClient, tenant: Tenant, make_term: Callable[..., UUID]
) -> None:
    first, second = tenant.town.communities[:2]
    assert "没有可公示的时间" in as_manager.get(f"/communities/{first}").text
    make_term()
    make_term(kind="days", weekday=None, required_days=1, communities=[second], class_name="山村")
    page = as_manager.get(f"/communities/{first}").text
    assert "每周的周四 09:00–12:00" in page
    assert "张三丰（备岗：李四光）" in page
    other = as_manager.get(f"/communities/{second}").text
    assert "每月 1 天" in other
    assert "每周的周四" not in other


def test_only_who_keeps_contracts_writes_terms(
    as_adviser: FlaskClient,
    as_outsider: FlaskClient,
    tenant: Tenant,
    make_term: Callable[..., UUID],
) -> None:
    address = f"/duty-terms/{make_term()}"
    assert as_adviser.get(address).status_code == 403
    assert as_outsider.get(address).status_code == 404
    new = f"/contracts/{tenant.contract_id}/duty-terms"
    assert as_adviser.post(new, data=written()).status_code == 403
    assert as_outsider.post(new, data=written()).status_code == 404
