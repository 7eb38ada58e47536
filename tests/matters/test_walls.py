"""What whoever is walled off sees of a matter: nothing, by the pages and by the database."""

import json
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from counselhub.core import tenancy
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import as_scope
from counselhub.matters import deciding, queries
from counselhub.matters.deciding import Whom
from counselhub.matters.kinds import WallReason
from counselhub.matters.models import MatterWall
from counselhub.people.models import Membership, Person
from tests import factories
from tests.factories import Tenant
from tests.matters.conftest import CLIENT, LATER, OPPONENT, SAID, SERVICE, stored

pytestmark = pytest.mark.usefixtures("noon")
TITLE, NUMBER = "楼上漏水赔偿", "SX2026-0001"
OF_SERVICES = ("service_file", "service_file_content", "follow_up_note")
TABLES = (
    "matter",
    "matter_member",
    "matter_party",
    "party_key",
    "matter_service",
    "conflict_check",
    *OF_SERVICES,
)


def client_id_of(app: Flask, tenant: Tenant) -> UUID:
    with app.test_request_context(), as_scope(tenant.scope):
        found = db.session.scalar(text("select id from client"))
        assert isinstance(found, UUID)
        return found


def addresses(app: Flask, tenant: Tenant, matter_id: UUID) -> list[str]:
    return [
        "/matters",
        "/matters?tab=all",
        "/matters?q=漏水",
        f"/matters?q={NUMBER}",
        f"/clients/{client_id_of(app, tenant)}",
        "/services",
        "/services/records?month=2026-10",
        f"/services/records?month=2026-10&q={SAID}",
        f"/services/records?month=2026-10&q={LATER}",
        "/services/inspection?month=2026-10",
        f"/matters/{matter_id}",
        f"/matters/{matter_id}/edit",
        f"/audit/matter/{matter_id}",
    ]


def test_a_walled_off_lawyer_finds_nothing(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, walled: UUID
) -> None:
    for address in addresses(app, tenant, walled):
        answer = as_adviser.get(address)
        secrets = [TITLE, SAID, LATER, str(walled)]
        if "/clients/" not in address:  # its own record names the service
            secrets.append(SERVICE)
        hidden = [one for one in secrets if one in answer.text]
        assert [word for word in hidden if word not in address] == [], address
        if str(walled) in address:
            assert answer.status_code in (403, 404), address
    found = as_adviser.post("/matters/search", data={"mark": OPPONENT})
    assert "没有这位当事人的事项" in found.text
    assert TITLE not in found.text
    assert as_adviser.post(f"/matters/{walled}/closing", data={"words": "办完"}).status_code == 404
    assert "还没有事项" in as_adviser.get("/matters").text, "not even a count"


def test_a_colleague_finds_all_of_it(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, walled: UUID
) -> None:
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    for member in (colleague, as_manager):
        assert TITLE in member.get("/matters?q=漏水").text
        assert TITLE in member.post("/matters/search", data={"mark": OPPONENT}).text
        assert member.get(f"/matters/{walled}").status_code == 200
    page = as_manager.get(f"/matters/{walled}").text
    assert SERVICE in page
    assert "甄**" in page
    assert CLIENT not in page
    assert TITLE in as_manager.get(f"/clients/{client_id_of(app, tenant)}").text


def test_a_walled_off_clerk_finds_nothing_either(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, walled: UUID
) -> None:
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    assert TITLE in clerk.get("/matters").text
    with app.test_request_context(), as_scope(tenant.scope):
        query = select(Person.id).join(Membership).where(Membership.role == "clerk")
        person_id = db.session.scalars(query.where(Membership.firm_id == tenant.firm_id)).one()
    data = {"whom": f"person:{person_id}", "reason": "relative", "words": "近亲属"}
    answer = as_manager.post(f"/matters/{walled}/walls", data=data)
    assert answer.status_code == 303
    for address in addresses(app, tenant, walled):
        answer = clerk.get(address)
        assert TITLE not in answer.text, address
        assert SAID not in answer.text or SAID in address, address
        assert SERVICE not in answer.text or "/clients/" in address, address


def test_the_record_of_acts_hides_it_too(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, walled: UUID
) -> None:
    auditor = factories.named(app, tenant.scope, Role.CLERK, Duty.AUDIT)
    assert str(walled) in auditor.get("/audit?subject=matter").text
    with app.test_request_context(), as_scope(tenant.scope):
        query = select(Person.id).join(Membership).where(Membership.role == "clerk")
        person_id = db.session.scalars(query.where(Membership.firm_id == tenant.firm_id)).one()
    data = {"whom": f"person:{person_id}", "reason": "conflict", "words": "回避"}
    assert as_manager.post(f"/matters/{walled}/walls", data=data).status_code == 303
    assert str(walled) not in auditor.get("/audit?subject=matter").text
    assert auditor.get(f"/audit/matter/{walled}").status_code == 404


def test_the_database_hides_it_by_itself(app: Flask, tenant: Tenant, walled: UUID) -> None:
    """Plain SQL of whoever carries the walled-off person; walls lifted show everything again."""
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    with app.test_request_context():
        with tenancy.as_platform():
            person_id = db.session.scalars(select(Person.id).where(Person.email == email)).one()
        db.session.rollback()
        try:
            with as_scope(tenant.scope):
                assert all(_counts(walled).values())
                db.session.rollback()
                tenancy.name_person(person_id)
                assert set(_counts(walled).values()) == {0}
                told = db.session.scalar(
                    text("select count(*) from event where subject_id = :id"), {"id": walled}
                )
                assert told == 0
                assert db.session.scalar(text("select count(*) from service_note")) == 0
                db.session.rollback()
                tenancy.name_person(None)
                matter = stored(tenant, walled)
                wall = db.session.scalars(select(MatterWall)).one()
                deciding.lift(wall, matter, "关系已经不在", by=tenant.member())
                db.session.commit()
                tenancy.name_person(person_id)
                assert all(_counts(walled).values())
        finally:
            tenancy.name_person(None)


def _counts(matter_id: UUID) -> dict[str, int]:
    rules = {"matter": "id = :id", **dict.fromkeys(OF_SERVICES, "true")}
    rules["party_key"] = "party_id is not null"
    sent = {table: rules.get(table, "matter_id = :id") for table in TABLES}
    del sent["matter_member"]
    return {
        table: db.session.scalar(
            text(f"select count(*) from {table} where {rule}"), {"id": matter_id}
        )
        or 0
        for table, rule in sent.items()
    }


@pytest.mark.usefixtures("context")
def test_who_cannot_be_walled_off(tenant: Tenant, walled: UUID) -> None:
    with as_scope(tenant.scope):
        matter = stored(tenant, walled)
        himself = tenant.member(adviser_id=tenant.adviser_id)
        for whom, by, said in (
            (Whom("张三丰", adviser_id=tenant.adviser_id), himself, "不能把自己"),
            (Whom("李四光", adviser_id=tenant.backup_id), tenant.member(), "主办律师"),
            (Whom("张三丰", adviser_id=tenant.adviser_id), tenant.member(), "已经隔离"),
        ):
            with pytest.raises(RefusedError, match=said):
                deciding.wall_off(matter, whom, WallReason.ASKED, "申请回避", by=by)
        assert queries.team_of(matter) == [], "whoever is walled off leaves the team"
        wall = db.session.scalars(select(MatterWall)).one()
        deciding.lift(wall, matter, "已无关系", by=tenant.member())
        with pytest.raises(ConflictError, match="已经解除"):
            deciding.lift(wall, matter, "再来一次", by=tenant.member())


def test_a_walled_off_lawyer_cannot_join_again(
    as_manager: FlaskClient, tenant: Tenant, walled: UUID
) -> None:
    data = {
        "title": TITLE,
        "kind": "litigation",
        "adviser_id": str(tenant.backup_id),
        "members": [str(tenant.adviser_id)],
        "revision": "1",
    }
    answer = as_manager.post(f"/matters/{walled}", data=data)
    assert answer.status_code == 422
    assert "张三丰已被隔离" in answer.text


def test_a_check_still_looks_past_the_wall(
    as_adviser: FlaskClient, as_manager: FlaskClient, walled: UUID
) -> None:
    assert as_manager.get("/matters").status_code == 200
    data = {
        "client-role": "client", "client-kind": "person", "client-name": OPPONENT,
        "opponent-role": "opponent", "opponent-kind": "person", "opponent-name": CLIENT,
    }  # fmt: skip
    page = as_adviser.post("/matters/check", data=data).text
    assert "可能冲突：同一纠纷的双方" in page
    assert "某manager" in page, "who may decide is named"
    for word in (TITLE, NUMBER, str(walled), "李四光"):
        assert word not in page


def test_the_clients_page_leaves_it_out(
    as_adviser: FlaskClient, tenant: Tenant, app: Flask, walled: UUID
) -> None:
    client_id = client_id_of(app, tenant)
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    held = json.loads(clerk.post(f"/clients/{client_id}/download", data={"format": "json"}).text)
    assert [row["number"] for row in held["services"]] == [SERVICE]
    page = as_adviser.get(f"/clients/{client_id}")
    assert page.status_code == 200
    assert "没有关联的服务记录" in page.text
    assert "没有关联的事项" in page.text
