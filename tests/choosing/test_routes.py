"""A round from its opening to the assignments, by its desk and its lawyers; each refusal."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.advisers.models import Adviser
from counselhub.assignments import actions as assigning
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.assignments.queries import leads_on, running
from counselhub.choosing.models import ChoiceProposal, ChoiceWish
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.handovers.models import HandoverPack
from counselhub.places.models import Community
from tests import factories
from tests.counting import statements
from tests.factories import Tenant

LEADS = db.select(Assignment).where(
    Assignment.role == "lead", running(date(2026, 11, 1), date(2026, 11, 1))
)
ROUND = {"name": "秋季双选", "closes_on": "2026-10-20", "starts_on": "2026-11-01", "most": "5"}


@pytest.fixture(autouse=True)
def wednesday() -> Iterator[None]:
    """Ten o'clock on 14 October 2026."""
    with clock.frozen(datetime(2026, 10, 14, 10, tzinfo=clock.SHANGHAI)):
        yield


Look = Callable[..., list[Any]]


@pytest.fixture
def page(as_manager: FlaskClient) -> str:
    """The address of a round that is open."""
    answer = as_manager.post("/choices", data=ROUND)
    assert answer.status_code == 303
    return str(answer.location)


def revision(client: FlaskClient, page: str) -> dict[str, str]:
    return {"revision": re.findall(r'name="revision" value="(\d+)"', client.get(page).text)[0]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"name": ""}, "请填写", id="no name"),
        pytest.param({"most": "0"}, "请填写1到20之间的整数", id="no community each"),
        pytest.param({"closes_on": "2026-10-01"}, "不能早于今天", id="closed already"),
        pytest.param({"starts_on": "2026-10-20"}, "要在填报截止之后", id="begins too early"),
        pytest.param({"starts_on": "2027-05-01"}, "没有在约的社区", id="no contract then"),
    ],
)
def test_a_round_that_cannot_be(
    as_manager: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = as_manager.post("/choices", data=ROUND | changes)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_lawyer_states_his_own_wishes_and_sees_no_others(
    as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant, page: str, look: Look
) -> None:
    one, other = tenant.town.communities[:2]
    mine = {"whose": str(tenant.adviser_id), "wish_1": other, "wish_2": one}
    assert as_adviser.post(f"{page}/wishes", data=mine | {"wish_1": ""}).status_code == 422
    twice = as_adviser.post(f"{page}/wishes", data=mine | {"wish_2": other})
    assert (twice.status_code, "选了两次" in twice.text) == (422, True)
    far = mine | {"wish_1": tenant.town.communities[3]}
    assert as_adviser.post(f"{page}/wishes", data=far).status_code == 422
    assert as_adviser.post(f"{page}/wishes", data=mine).status_code == 303
    assert as_adviser.post(f"{page}/wishes", data=mine | {"wish_2": ""}).status_code == 303
    rows = look(db.select(ChoiceWish))
    assert [(row.community_code, row.rank) for row in rows] == [(other, 1)]
    his = mine | {"whose": str(tenant.backup_id)}
    assert as_adviser.post(f"{page}/wishes", data=his).status_code == 422
    assert as_manager.post(f"{page}/wishes", data=his).status_code == 303
    assert "已填的意愿" in as_manager.get(page).text
    assert "已填的意愿" not in as_adviser.get(page).text


def test_after_the_last_day_only_the_desk_writes(app: Flask, tenant: Tenant, page: str) -> None:
    mine = {"whose": str(tenant.adviser_id), "wish_1": tenant.town.communities[0]}
    with clock.frozen(datetime(2026, 10, 21, 10, tzinfo=clock.SHANGHAI)):
        lawyer = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
        late = lawyer.post(f"{page}/wishes", data=mine)
        assert (late.status_code, "请联系主任" in late.text) == (409, True)
        desk = factories.signed_in(app, tenant.scope, Role.CLERK)
        assert desk.post(f"{page}/wishes", data=mine).status_code == 303


def test_from_wishes_to_assignments(
    as_manager: FlaskClient, as_adviser: FlaskClient, tenant: Tenant, page: str, look: Look
) -> None:
    one, other = tenant.town.communities[:2]
    wish = {"whose": one, "wish_1": str(tenant.backup_id)}
    assert as_manager.post(f"{page}/community-wishes", data=wish).status_code == 303
    assert as_adviser.post(f"{page}/community-wishes", data=wish).status_code == 403
    assert as_manager.post(f"{page}/matching", data=revision(as_manager, page)).status_code == 303
    shown = as_manager.get(page).text
    assert "社区意愿" in shown
    assert "现任主责" in shown
    assert "填报已经结束" in as_adviser.get(page).text
    assert as_manager.post(f"{page}/wishes", data=wish).status_code in (409, 422)
    done = as_manager.post(f"{page}/settlement", data=revision(as_manager, page))
    assert done.status_code == 303
    leads = {row.community_code: row.adviser_id for row in look(LEADS)}
    assert leads == {one: tenant.backup_id, other: tenant.adviser_id}
    (pack,) = look(db.select(HandoverPack))
    assert (pack.community_code, pack.cause, pack.reason) == (one, "rotation", "双向选择：秋季双选")
    assert "李四光" in as_adviser.get(page).text
    again = as_manager.post(f"{page}/settlement", data={})
    assert again.status_code == 409


def proposed(look: Look, code: str) -> str:
    """Return the field of a community's proposal."""
    (found,) = look(db.select(ChoiceProposal).where(ChoiceProposal.community_code == code))
    return f"to-{found.id}"


def test_the_manager_edits_and_an_empty_place_is_not_settled(
    as_manager: FlaskClient, tenant: Tenant, page: str, look: Look
) -> None:
    code = tenant.town.communities[0]
    as_manager.post(f"{page}/matching", data=revision(as_manager, page))
    field = proposed(look, code)
    first = revision(as_manager, page)
    assert as_manager.post(f"{page}/proposals", data=first | {field: ""}).status_code == 303
    assert as_manager.post(f"{page}/proposals", data=first | {field: ""}).status_code == 409
    empty = as_manager.post(f"{page}/settlement", data=revision(as_manager, page))
    assert (empty.status_code, "还有1个社区没有人选" in empty.text) == (422, True)
    chosen = revision(as_manager, page) | {field: str(tenant.backup_id)}
    assert as_manager.post(f"{page}/proposals", data=chosen).status_code == 303
    assert "主任指定" in as_manager.get(page).text
    assert as_manager.post(f"{page}/reopening", data=revision(as_manager, page)).status_code == 303
    assert look(db.select(ChoiceProposal)) == []


def test_an_obstacle_stops_the_whole_plan(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, page: str, look: Look
) -> None:
    code = tenant.town.communities[0]
    as_manager.post(f"{page}/matching", data=revision(as_manager, page))
    for one in tenant.town.communities[:2]:
        chosen = revision(as_manager, page) | {proposed(look, one): str(tenant.backup_id)}
        assert as_manager.post(f"{page}/proposals", data=chosen).status_code == 303
    with app.test_request_context(), as_scope(tenant.scope):
        place = db.session.get_one(Community, code)
        lead = leads_on([code], date(2026, 11, 1))[code]
        assigning.end(lead, date(2026, 10, 31), "调整", by=tenant.member())
        adviser = db.session.get_one(Adviser, (tenant.firm_id, tenant.adviser_id))
        begins = date(2026, 11, 1)
        assigning.assign(place, adviser, AssignmentRole.LEAD, begins, by=tenant.member())
        db.session.commit()
    refused = as_manager.post(f"{page}/settlement", data=revision(as_manager, page))
    assert refused.status_code == 422
    assert "甲社区：张三丰从 2026-11-01 才开始" in refused.text
    assert look(db.select(HandoverPack)) == [], "乙社区 stays too"


def test_a_round_is_dropped(as_manager: FlaskClient, page: str) -> None:
    assert as_manager.post(f"{page}/dropping", data=revision(as_manager, page)).status_code == 303
    assert as_manager.post(f"{page}/matching", data={}).status_code == 409
    assert "已作废" in as_manager.get("/choices").text


def test_another_firm_finds_nothing(
    as_outsider: FlaskClient, as_adviser: FlaskClient, page: str
) -> None:
    assert as_outsider.get(page).status_code == 404
    assert as_outsider.post(f"{page}/matching", data={}).status_code == 404
    assert as_adviser.post(f"{page}/matching", data={}).status_code == 403
    assert as_adviser.get("/choices/new").status_code == 403


def test_pages_need_few_statements(
    as_manager: FlaskClient, as_adviser: FlaskClient, page: str
) -> None:
    looked: list[tuple[Any, str]] = [(as_manager, "/choices"), (as_manager, "/choices/new")]
    looked += [(as_adviser, page), (as_manager, page)]
    for client, path in looked:
        with statements() as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= 8, (path, sent)
    as_manager.post(f"{page}/matching", data=revision(as_manager, page))
    with statements() as sent:
        as_manager.get(page)
    assert len(sent) <= 8, sent
