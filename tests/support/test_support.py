"""A place lets the operator in and takes that back; the operator comes, is seen and goes."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import VisitorError
from counselhub.core.permissions import Duty, Role
from counselhub.core.queueing import enqueue
from counselhub.core.tenancy import PLATFORM, as_platform, as_scope, name_visit
from counselhub.people.models import Membership
from counselhub.support import rules
from counselhub.support.kinds import ConsentState
from counselhub.support.models import SupportConsent, SupportVisit
from tests import factories
from tests.factories import Tenant, Town
from tests.factors.people import guarded
from tests.support.visits import consent, host, visiting


@pytest.mark.parametrize(
    ("minutes", "revoked", "state"),
    [
        pytest.param(119, False, ConsentState.LIVE, id="the last minute belongs to it"),
        pytest.param(120, False, ConsentState.EXPIRED, id="its end does not"),
        pytest.param(1, True, ConsentState.REVOKED, id="taken back"),
        pytest.param(200, True, ConsentState.REVOKED, id="taken back, and over since"),
    ],
)
def test_where_a_consent_stands(minutes: int, revoked: bool, state: ConsentState) -> None:
    begin = clock.now()
    now, over = begin + timedelta(minutes=minutes), rules.until(begin, 2)
    assert rules.state(over, begin if revoked else None, now) is state


def test_no_consent_lasts_longer_than_a_day() -> None:
    assert max(rules.HOURS) == 24
    with pytest.raises(ValueError, match="48"):
        rules.until(clock.now(), 48)


def rows(app: Flask, query: str, **values: object) -> list[tuple[object, ...]]:
    with app.app_context(), as_platform():
        return [tuple(row) for row in db.session.execute(text(query), values)]


def of(app: Flask, tenant: Tenant) -> SupportConsent:
    query = select(SupportConsent).where(SupportConsent.key == str(tenant.firm_id))
    with app.app_context(), as_platform():
        return db.session.scalars(query).one()


def test_a_manager_lets_the_operator_in_on_the_page(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    whom = host(app, tenant.scope, Role.CLERK)
    given = {"membership": whom, "why": "排班看不到新来的律师", "hours": "2"}
    assert as_manager.post("/support", data=given).status_code == 303
    row = of(app, tenant)
    assert (row.membership_id, row.expires_at - row.granted_at) == (whom, timedelta(hours=2))
    page = as_manager.get("/support?q=新来 排班").text
    assert "排班看不到新来的律师" in page
    assert "没有进入过" in page
    for query in ("state=revoked", "q=排班 合同"):
        assert "排班看不到新来的律师" not in as_manager.get(f"/support?{query}").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"why": " "}, "请填写", id="for no reason"),
        pytest.param({"why": "长" * 201}, "200", id="a reason too long"),
        pytest.param({"hours": "48"}, "有效", id="longer than a day"),
        pytest.param({"membership": "x"}, "有效", id="nobody"),
    ],
)
def test_the_form_tells_what_is_wrong_and_keeps_the_rest(
    as_manager: FlaskClient, change: dict[str, str], words: str
) -> None:
    given = {"membership": "", "why": "看一看排班", "hours": "4"} | change
    answer = as_manager.post("/support", data=given)
    assert answer.status_code == 422
    assert words in answer.text
    assert given["why"].strip() in answer.text


def test_somebody_of_another_place_is_not_to_be_chosen(
    app: Flask, as_manager: FlaskClient, outsider: Tenant
) -> None:
    given = {"membership": host(app, outsider.scope), "why": "看", "hours": "2"}
    assert as_manager.post("/support", data=given).status_code == 422


def test_the_operator_enters_is_seen_and_leaves(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    operator = visiting(app, tenant.scope)
    page = operator.get("/advisers").text
    assert "支持访问" in page
    assert "看排班" in page
    assert "离开支持访问" in page
    assert "/tokens" not in page
    assert operator.get("/console").status_code == 403
    assert "尚未离开" in as_manager.get("/support").text
    assert operator.post("/support/leaving").status_code == 303
    assert operator.get("/console").status_code == 200
    assert operator.get("/advisers").status_code == 403
    assert "平台人员离开" in as_manager.get("/support").text
    assert "平台人员离开" in operator.get("/console/support").text


def test_only_the_operator_enters_and_only_by_a_consent(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    one, other = host(app, tenant.scope), host(app, tenant.scope)
    where = f"/console/support/{consent(app, tenant.scope, one)}"
    assert as_manager.get(where).status_code == 403
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    assert operator.post(f"{where}/visits", data={"membership": other}).status_code == 422
    assert operator.post(f"{where}/visits").status_code == 422
    assert operator.get("/advisers").status_code == 403


def test_the_cookie_opens_nothing_in_another_session(app: Flask, tenant: Tenant) -> None:
    operator = visiting(app, tenant.scope)
    with operator.session_transaction() as mine:
        visit = mine["support"]
    for stranger in (
        factories.signed_in(app, PLATFORM, Role.OPERATOR),
        factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id),
    ):
        with stranger.session_transaction() as theirs:
            theirs["support"] = visit
        assert stranger.get("/advisers").status_code == 303  # led away, and nothing shown
    assert operator.get("/advisers").status_code == 200


def test_taken_back_it_ends_with_the_next_request(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    operator = visiting(app, tenant.scope)
    address = f"/support/{of(app, tenant).id}/revocation"
    assert as_manager.post(address).status_code == 303
    answer = operator.post(f"/assignments/{tenant.adviser_id}/withdrawal")
    assert (answer.status_code, answer.location) == (303, "/console/support")
    assert operator.get("/console").status_code == 200
    assert as_manager.post(address).status_code == 409
    ends = rows(
        app,
        "SELECT ended_why FROM support_visit v JOIN support_consent c"
        " ON c.id = v.consent_id WHERE c.key = :key",
        key=str(tenant.firm_id),
    )
    assert ends == [("revoked",)]


def test_it_ends_by_itself_in_the_middle(app: Flask, tenant: Tenant) -> None:
    operator = visiting(app, tenant.scope)
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        assert operator.get("/advisers").status_code == 200
    with app.app_context(), as_platform():
        query = text(
            "UPDATE support_consent SET granted_at = granted_at - interval '1 day',"
            " expires_at = now() - interval '1 second' WHERE key = :key"
        )
        db.session.execute(query, {"key": str(tenant.firm_id)})
        db.session.commit()
    answer = operator.get("/advisers", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/console/support"
    assert "到期自动结束" in operator.get("/console/support").text


def test_it_ends_with_the_account(app: Flask, tenant: Tenant) -> None:
    operator = visiting(app, tenant.scope)
    with app.app_context(), as_platform():
        query = select(SupportVisit).join(SupportConsent)
        visit = db.session.scalars(query.where(SupportConsent.key == str(tenant.firm_id))).one()
        found = db.session.get_one(Membership, visit.membership_id)
        found.ended_at = clock.now()
        db.session.commit()
    assert operator.get("/advisers").location == "/console/support"


def test_an_act_is_recorded_as_the_operators_in_somebodys_place(app: Flask, tenant: Tenant) -> None:
    operator = visiting(app, tenant.scope)
    done = operator.post(
        f"/communities/{tenant.town.communities[3]}/assignments",
        data={"adviser_id": tenant.backup_id, "role": "backup", "starts_on": clock.today()},
    )
    assert done.status_code == 303
    with app.app_context(), as_scope(tenant.scope):
        query = text(
            "SELECT actor_name, actor_id, detail, membership_id FROM event"
            " WHERE subject = 'assignment' ORDER BY at DESC LIMIT 1"
        )
        name, actor, detail, membership = db.session.execute(query).one()
    assert name == "某operator（平台支持，代某manager）"
    assert detail["in_place_of"] == "某manager"
    assert UUID(detail["visit"])
    asked = "SELECT p.name, m.kind FROM person p JOIN membership m ON m.person_id = p.id"
    assert rows(app, f"{asked} WHERE p.id = :id AND m.id = :m", id=actor, m=membership) == [
        ("某operator", "platform")
    ]
    auditor = factories.named(app, tenant.scope, Role.CLERK, Duty.AUDIT)
    assert "某operator（平台支持，代某manager）" in auditor.get("/audit?act=assignment.assign").text
    assert "某operator（平台支持，代某manager）" in auditor.get("/audit/export.csv").text


def test_both_sides_record_coming_and_going(app: Flask, tenant: Tenant) -> None:
    visiting(app, tenant.scope).post("/support/leaving")
    query = (
        "SELECT kind, act FROM account_event WHERE act LIKE 'support%'"
        " AND (key = :key OR kind = 'platform')"
    )
    acts = set(rows(app, query, key=str(tenant.firm_id)))
    assert acts == {
        ("firm", "support_granted"),
        ("firm", "support_begun"),
        ("firm", "support_ended"),
        ("platform", "support_begun"),
        ("platform", "support_ended"),
    }


def test_no_work_is_asked_for_in_a_visit(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        name_visit(True)
        name = next(iter(app.extensions["tasks"]))
        with pytest.raises(VisitorError):
            enqueue(name)
        name_visit(False)


def test_the_second_factor_is_asked_of_who_has_one(app: Flask, tenant: Tenant) -> None:
    whom = host(app, tenant.scope)
    address = f"/console/support/{consent(app, tenant.scope, whom)}/visits"
    someone = guarded(app, PLATFORM, Role.OPERATOR)
    operator = someone.client
    refused = operator.post(address, data={"membership": whom})
    assert refused.status_code == 422
    assert "6位验证码" in refused.text
    assert operator.post(address, data={"membership": whom, "code": "000000"}).status_code == 422
    given = {"membership": whom, "code": someone.code()}
    assert operator.post(address, data=given).status_code == 303


def test_an_old_proof_of_being_there_is_not_enough(app: Flask, tenant: Tenant) -> None:
    whom = host(app, tenant.scope)
    address = f"/console/support/{consent(app, tenant.scope, whom)}/visits"
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        answer = operator.post(address, data={"membership": whom})
    assert answer.status_code == 403
    assert "confirm_password" in answer.text


def test_an_office_may_let_the_operator_in_too(
    app: Flask, town: Town, tenant: Tenant, as_approver: FlaskClient
) -> None:
    given = {"membership": "", "why": "看公示", "hours": "1"}
    assert as_approver.post("/support", data=given).status_code == 303
    operator = visiting(app, town.scope, Role.APPROVER)
    assert operator.get("/planned-duty").status_code == 200
    assert operator.get("/review").status_code == 403
