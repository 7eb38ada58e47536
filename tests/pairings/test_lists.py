"""The three lists: lines, matches, what becomes of them, each refusal."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.pairings.work_models import PairingItem, PairingProject
from tests.factories import Tenant
from tests.pairings.conftest import made


def line(title: str, kind: str = "need", **given: str) -> dict[str, str]:
    party = "community" if kind == "need" else "firm"
    return {"kind": kind, "party": party, "title": title, "quantity": "4 场"} | given


def states(app: Flask, tenant: Tenant) -> dict[str, str]:
    """Return the state of every line and project by its title."""
    with app.app_context(), as_scope(tenant.scope):
        rows = [
            *db.session.scalars(select(PairingItem)),
            *db.session.scalars(select(PairingProject)),
        ]
        return {row.title: row.status for row in rows}


def ids(app: Flask, tenant: Tenant) -> dict[str, UUID]:
    with app.app_context(), as_scope(tenant.scope):
        rows = [
            *db.session.scalars(select(PairingItem)),
            *db.session.scalars(select(PairingProject)),
        ]
        return {row.title: row.id for row in rows}


@pytest.fixture
def listed(app: Flask, as_secretary: FlaskClient, tenant: Tenant, address: str) -> dict[str, UUID]:
    """Two needs and one resource of the agreement, by title."""
    for one in (line("反诈宣传"), line("物业调解"), line("法治讲座", "resource")):
        assert as_secretary.post(f"{address}/items", data=one).status_code == 303
    return ids(app, tenant)


def match(client: FlaskClient, address: str, need: UUID, resource: UUID, title: str = "") -> int:
    given = {"need_id": str(need), "resource_id": str(resource), "title": title}
    return client.post(f"{address}/projects", data=given).status_code


def test_a_resource_serves_two_needs_until_both_are_over(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant, address: str, listed: dict[str, UUID]
) -> None:
    resource = listed["法治讲座"]
    assert match(as_secretary, address, listed["反诈宣传"], resource, "防骗课") == 303
    assert match(as_secretary, address, listed["物业调解"], resource, "调解班") == 303
    assert states(app, tenant)["法治讲座"] == "matched"
    projects = ids(app, tenant)
    done = {"words": "三场，一百二十人次", "revision": "1"}
    completion = f"{address}/projects/{projects['防骗课']}/completion"
    assert as_secretary.post(completion, data=done).status_code == 303
    assert states(app, tenant) == {
        "反诈宣传": "done", "物业调解": "matched", "法治讲座": "matched",
        "防骗课": "done", "调解班": "running",
    }  # fmt: skip
    dropped = {"words": "物业已自行解决"}
    cancellation = f"{address}/projects/{projects['调解班']}/cancellation"
    assert as_secretary.post(cancellation, data=dropped).status_code == 303
    found = states(app, tenant)
    assert (found["物业调解"], found["法治讲座"], found["调解班"]) == ("offered", "done", "dropped")
    page = as_secretary.get(f"{address}/lists").text
    assert "三场，一百二十人次" in page
    assert match(as_secretary, address, listed["物业调解"], resource, "再开一班") == 303
    assert states(app, tenant)["法治讲座"] == "matched"


def test_what_is_matched_stays(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant, address: str, listed: dict[str, UUID]
) -> None:
    match(as_secretary, address, listed["反诈宣传"], listed["法治讲座"], "防骗课")
    again = as_secretary.post(
        f"{address}/projects",
        data={"need_id": str(listed["反诈宣传"]), "resource_id": str(listed["法治讲座"])},
    )
    assert again.status_code == 409
    assert "已经对接为项目“防骗课”" in again.text
    one = f"{address}/items/{listed['反诈宣传']}"
    kept = as_secretary.post(f"{one}/removal")
    assert kept.status_code == 422
    assert "项目“防骗课”由它对接而来" in kept.text
    moved = as_secretary.post(one, data=line("反诈宣传", "resource"))
    assert "不能换清单" in moved.text
    silent = as_secretary.post(f"{address}/projects/{ids(app, tenant)['防骗课']}/completion")
    assert silent.status_code == 422
    assert "请写明项目的成效" in silent.text
    assert states(app, tenant)["防骗课"] == "running"


def test_a_line_is_changed_and_struck(
    as_secretary: FlaskClient, address: str, listed: dict[str, UUID]
) -> None:
    one = f"{address}/items/{listed['物业调解']}"
    given = line("物业纠纷调解", revision="1")
    assert "物业调解" in as_secretary.get(one).text
    assert as_secretary.post(one, data=given).status_code == 303
    stale = as_secretary.post(one, data=given)
    assert stale.status_code == 409
    assert "物业纠纷调解" in stale.text
    assert as_secretary.post(f"{one}/removal", data={"revision": "1"}).status_code == 409
    assert as_secretary.post(f"{one}/removal", data={"revision": "2"}).status_code == 303
    assert as_secretary.get(one).status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"title": ""}, "请填写", id="no title"),
        pytest.param({"kind": "wish"}, "清单", id="no such list"),
        pytest.param({"party": ""}, "请选择", id="nobody's"),
    ],
)
def test_bad_lines_are_refused(
    at_desk: FlaskClient, standing: str, given: dict[str, str], words: str
) -> None:
    answer = at_desk.post(f"{standing}/items", data=line("场地", "resource") | given)
    assert answer.status_code == 422
    assert words in answer.text
    assert "4 场" in answer.text


def test_a_match_needs_one_of_each_and_a_signed_agreement(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant, address: str, listed: dict[str, UUID]
) -> None:
    assert match(as_secretary, address, listed["法治讲座"], listed["法治讲座"]) == 422
    assert match(as_secretary, address, listed["反诈宣传"], UUID(int=1)) == 422
    draft = f"/pairings/{made(app, tenant, until='draft')}"
    for one in (line("场地", "resource"), line("课程")):
        as_secretary.post(f"{draft}/items", data=one)
    found = ids(app, tenant)
    assert match(as_secretary, draft, found["课程"], found["场地"]) == 409
    assert match(as_secretary, draft, listed["反诈宣传"], found["场地"]) == 422


def test_lists_are_written_by_who_manages_pairings(
    as_adviser: FlaskClient, as_outsider: FlaskClient, address: str, listed: dict[str, UUID]
) -> None:
    assert "反诈宣传" in as_adviser.get(f"{address}/lists").text
    one = f"{address}/items/{listed['反诈宣传']}"
    assert as_adviser.get(one).status_code == 403
    assert as_adviser.post(f"{address}/items", data=line("x")).status_code == 403
    assert as_outsider.get(f"{address}/lists").status_code == 404
    assert as_outsider.get(one).status_code in (403, 404)
