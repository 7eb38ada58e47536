"""A token is made, used, narrowed, takes its leave; its secret is nowhere."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ForbiddenError, RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import ScopeKind, as_platform
from counselhub.people.models import Membership
from counselhub.roles import ROLES
from counselhub.tokens import actions, rules
from counselhub.tokens.models import ApiToken
from tests.factories import Tenant, Town
from tests.programs import Program, member, program


def test_no_role_that_a_token_may_act_in_is_wider() -> None:
    for role, held in ROLES.items():
        narrower = rules.narrower(role, ROLES)
        assert narrower[0] is role
        assert all(ROLES[one] <= held for one in narrower)
    assert Role.ADVISER in rules.narrower(Role.MANAGER, ROLES)
    assert rules.narrower(Role.APPROVER, ROLES) == [Role.APPROVER]


def test_an_office_is_offered_only_what_its_pages_show() -> None:
    reading = ["duty:read", "statements:read", "ledgers:read"]
    assert rules.scopes_of(ScopeKind.OFFICE, ROLES[Role.APPROVER]) == reading
    assert rules.scopes_of(ScopeKind.OFFICE, ROLES[Role.CHECKER]) == [*reading, "ledgers:write"]


def test_a_firm_has_no_scope_of_the_offices_ledger() -> None:
    firms = rules.scopes_of(ScopeKind.FIRM, ROLES[Role.MANAGER])
    assert "ledgers:read" in firms
    assert "ledgers:write" not in firms


def form(**changes: object) -> dict[str, object]:
    last = clock.today() + timedelta(days=30)
    given = {"name": "财务系统", "role": "clerk", "scopes": ["places:read"], "expires_on": last}
    return given | changes


def test_it_is_made_on_the_page_and_shown_once(app: Flask, as_manager: FlaskClient) -> None:
    page = as_manager.post("/tokens", data=form())
    found = re.search(r'value="(chk_[\w-]{43})"', page.text)
    assert found is not None
    secret = found[1]
    assert Program(app.test_client(), secret).get("/places").status_code == 200
    listed = as_manager.get("/tokens?q=财务").text
    assert "财务系统" in listed
    assert secret not in listed
    with app.app_context(), as_platform():
        kept = db.session.execute(text("select t::text from api_token t")).scalars()
        assert not [row for row in kept if secret in row]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"scopes": []}, id="good for nothing"),
        pytest.param({"scopes": ["places:burn"]}, id="no such scope"),
        pytest.param({"role": "operator"}, id="a role that is not the member's"),
        pytest.param({"expires_on": "2020-01-01"}, id="over already"),
        pytest.param({"expires_on": "2099-01-01"}, id="too long"),
        pytest.param({"name": " "}, id="for no purpose"),
    ],
)
def test_the_form_refuses(as_manager: FlaskClient, change: dict[str, object]) -> None:
    assert as_manager.post("/tokens", data=form(**change)).status_code == 422


def test_the_action_refuses_a_wider_role_itself(app: Flask, town: Town) -> None:
    by = member(app, town.scope, Role.APPROVER)
    with pytest.raises(ForbiddenError):
        program(app, by, role=Role.CHECKER)
    for scope in ("advisers:read", "ledgers:write"):
        with pytest.raises(RefusedError):
            program(app, by, [scope])


def test_it_ends_when_it_is_revoked(app: Flask, tenant: Tenant, as_manager: FlaskClient) -> None:
    by = member(app, tenant.scope, Role.MANAGER)
    asks = program(app, by)
    assert asks.get("/places").status_code == 200
    with app.app_context(), as_platform():
        token = db.session.scalar(
            select(ApiToken).where(ApiToken.digest == actions.digest(asks.secret))
        )
        assert token is not None
        assert token.last_used_on == clock.today()
        address = f"/tokens/{token.id}/revocation"
    assert as_manager.post(address).status_code == 303
    assert asks.get("/places").status_code == 401
    assert as_manager.post(address).status_code == 409


def of_office(**changes: object) -> dict[str, object]:
    """A token of a checker."""
    return form(role="checker", scopes=["ledgers:read", "ledgers:write"], **changes)


def address_of(app: Flask, client: FlaskClient, given: dict[str, object]) -> str:
    """Make a token on the page; return where it is taken back."""
    page = client.post("/tokens", data=given)
    found = re.search(r'value="(chk_[\w-]{43})"', page.text)
    assert found is not None, page.status_code
    with app.app_context(), as_platform():
        query = select(ApiToken.id).where(ApiToken.digest == actions.digest(found[1]))
        return f"/tokens/{db.session.scalar(query)}/revocation"


def test_a_checker_takes_back_the_own_ones_only(
    app: Flask, as_checker: FlaskClient, as_approver: FlaskClient
) -> None:
    """The list is the place's; who answers for the office takes back every one."""
    assert "导入台账" in as_checker.get("/tokens/new").text
    assert "导入台账" not in as_approver.get("/tokens/new").text
    own = address_of(app, as_checker, of_office(name="街道平台"))
    other = address_of(app, as_checker, of_office(name="旧平台"))
    theirs = address_of(
        app, as_approver, form(name="财政系统", role="approver", scopes=["statements:read"])
    )
    page = as_checker.get("/tokens").text
    assert "财政系统" in page
    assert own in page
    assert theirs not in page
    assert "您能撤销自己建的" in page
    refused = as_checker.post(theirs)
    assert refused.status_code == 403
    assert "只能撤销自己建的令牌" in refused.text
    assert as_checker.post(own).status_code == 303
    assert {other, theirs} == set(
        re.findall(r"/tokens/[\w-]+/revocation", as_approver.get("/tokens").text)
    )
    assert as_approver.post(other).status_code == 303
    assert as_approver.post(theirs).status_code == 303


def test_the_description_is_of_what_the_readers_programs_may_do(
    as_checker: FlaskClient, as_approver: FlaskClient, as_manager: FlaskClient
) -> None:
    pages = [one.get("/api/v1/docs").text for one in (as_checker, as_approver, as_manager)]
    assert ["POST /api/v1/ledgers/imports" in page for page in pages] == [True, False, False]
    assert ["amount_fen" in page for page in pages] == [True, False, False]
    assert ["GET /api/v1/statements</code>" in page for page in pages] == [True, True, True]
    assert ["POST /api/v1/advisers</code>" in page for page in pages] == [False, False, True]


def test_a_checker_keeps_the_offices_hooks(as_checker: FlaskClient) -> None:
    """They are the office's, whoever made them."""
    assert as_checker.get("/hooks").status_code == 200
    assert "结算单已提交" in as_checker.get("/hooks/new").text


def test_it_ends_with_its_day(app: Flask, tenant: Tenant) -> None:
    asks = program(app, member(app, tenant.scope, Role.MANAGER), days=1)
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert asks.get("/places").status_code == 200
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert asks.get("/places").status_code == 401


@pytest.mark.parametrize("change", [{"ended": True}, {"role": "finance"}])
def test_it_is_never_more_than_its_member(
    app: Flask, tenant: Tenant, change: dict[str, object]
) -> None:
    by = member(app, tenant.scope, Role.MANAGER)
    asks = program(app, by)
    assert asks.get("/places").status_code == 200
    with app.app_context(), as_platform():
        found = db.session.get(Membership, by.membership_id)
        assert found is not None
        if "ended" in change:
            found.ended_at = clock.now()
        else:
            found.role = str(change["role"])
        db.session.commit()
    assert asks.get("/places").status_code == 401


def test_a_narrower_role_sees_less(app: Flask, tenant: Tenant) -> None:
    by = member(app, tenant.scope, Role.MANAGER)
    lesser = program(app, by, role=Role.FINANCE)
    assert lesser.get("/statements").status_code == 200
    assert lesser.get("/contracts").status_code == 403


def test_making_one_is_told_in_the_record(app: Flask, as_manager: FlaskClient) -> None:
    as_manager.post("/tokens", data=form(name="档案系统"))
    query = text("select act, detail->>'token' from account_event where act = 'token_made'")
    with app.app_context(), as_platform():
        assert ("token_made", "档案系统") in {tuple(row) for row in db.session.execute(query)}
