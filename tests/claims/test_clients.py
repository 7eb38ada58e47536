"""Whom a claim names: chosen, written, taken off, kept and erased."""

import re
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.clients import actions as clients
from counselhub.clients.actions import ClientEntry
from counselhub.clients.queries import client_of_claim
from counselhub.closing import actions as closing
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.claims.conftest import LIST, claim_of, entry, put
from tests.counting import statements
from tests.factories import Tenant


@pytest.fixture
def known(app: Flask, tenant: Tenant) -> UUID:
    """A client of the firm."""
    with app.test_request_context(), as_scope(tenant.scope):
        made = clients.known_or_new(ClientEntry("甄有其", "13800000027"), by=tenant.member())
        db.session.commit()
        return made.id


def named(app: Flask, tenant: Tenant, address: str) -> str:
    """The id of the client whom a claim names, "" for nobody."""
    with app.app_context(), as_scope(tenant.scope):
        return str(client_of_claim(UUID(address.rpartition("/")[2])) or "")


def test_a_claim_names_a_client_who_shows_it(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, known: UUID
) -> None:
    form = as_manager.get("/claims/new").text
    assert "甄** 138****0027 · 10-20登记" in form
    assert "甄有其" not in form
    saved = as_manager.post("/claims", data=entry(tenant, client_id=str(known)))
    assert saved.status_code == 303
    claim = claim_of(as_manager)
    assert re.search(f'<option selected value="{known}">', as_manager.get(claim).text)
    page = as_manager.get(f"/clients/{known}").text
    for word in ("AJ-1", "结案 · 简易", claim, "关联案件"):
        assert word in page, word
    held = as_manager.post(f"/clients/{known}/download", data={"format": "json"}).json
    assert held is not None
    assert [one["number"] for one in held["cases"]] == ["AJ-1"]


def test_whom_a_claim_names_is_written_changed_and_taken_off(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, known: UUID, address: str
) -> None:
    """By choosing, by the phone of somebody known, by writing somebody new; then nobody."""
    by_phone = {"client_phone": "138 0000 0027"}
    assert as_manager.post(address, data=entry(tenant, **by_phone)).status_code == 303
    assert named(app, tenant, address) == str(known)
    kept = {"client_id": str(known), "client_seen": str(known)}
    assert as_manager.post(address, data=entry(tenant, **kept)).status_code == 303
    assert named(app, tenant, address) == str(known)
    somebody = kept | {"client_name": "贾如真", "client_informed": "y"}
    assert as_manager.post(address, data=entry(tenant, **somebody)).status_code == 303
    new = named(app, tenant, address)
    assert new not in ("", str(known))
    assert (
        as_manager.post(address, data=entry(tenant, client_id="", client_seen=new)).status_code
        == 303
    )
    assert named(app, tenant, address) == ""
    assert "取消关联案件" in as_manager.get(f"/clients/{known}").text


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        pytest.param({"client_id": "x"}, 422, "UUID", id="no id"),
        pytest.param({"client_id": str(UUID(int=1))}, 404, "", id="nobody's client"),
        pytest.param({"client_phone": "1"}, 422, "请填写手机号", id="no phone"),
        pytest.param(
            {"client_id": "known", "client_name": "贾如真"}, 422, "不要两样都填", id="two at once"
        ),
        pytest.param({"client_seen": "known"}, 409, "刚被别人改过", id="named meanwhile"),
    ],
)
def test_a_wrong_client_is_refused(
    app: Flask,
    as_manager: FlaskClient,
    tenant: Tenant,
    known: UUID,
    address: str,
    given: dict[str, str],
    status: int,
    words: str,
) -> None:
    sent = {name: str(known) if value == "known" else value for name, value in given.items()}
    answer = as_manager.post(address, data=entry(tenant, number="AJ-7", **sent))
    assert answer.status_code == status
    assert words in answer.text
    assert named(app, tenant, address) == ""
    assert 'value="AJ-1"' in as_manager.get(address).text, "nothing of it was saved"


def test_another_firms_client_is_nobody(
    as_outsider: FlaskClient, outsider: Tenant, known: UUID
) -> None:
    assert "甄**" not in as_outsider.get("/claims/new").text
    answer = as_outsider.post("/claims", data=entry(outsider, client_id=str(known)))
    assert answer.status_code == 404


def test_a_leader_keeps_a_client_whom_only_others_see(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, known: UUID, address: str
) -> None:
    as_manager.post(address, data=entry(tenant, client_id=str(known)))
    leader = factories.signed_in(app, tenant.scope, Role.TEAM_LEADER, adviser_id=tenant.backup_id)
    page = leader.get(address).text
    assert "已登记，您看不到是谁" in page
    assert "甄**" not in page
    kept = {"client_id": str(known), "client_seen": str(known), "form": "written"}
    assert leader.post(address, data=entry(tenant, **kept)).status_code == 303
    assert named(app, tenant, address) == str(known)


def test_a_lawyer_sees_the_client_of_the_own_case(
    as_manager: FlaskClient, as_adviser: FlaskClient, tenant: Tenant, known: UUID, address: str
) -> None:
    assert as_adviser.get(f"/clients/{known}").status_code == 404
    as_manager.post(address, data=entry(tenant, client_id=str(known)))
    page = as_adviser.get(f"/clients/{known}")
    assert page.status_code == 200
    assert "AJ-1" in page.text


def test_a_client_may_be_named_after_the_month_was_closed(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, known: UUID, address: str
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        month, places = date(2026, 10, 1), tenant.town.communities
        street, number = tenant.town.street_code, "JS-2026-10"
        closing.close(tenant.firm_id, street, month, places, statement_id=uuid7(), number=number)
        db.session.commit()
    assert as_manager.post(address, data=entry(tenant, client_id=str(known))).status_code == 303
    assert named(app, tenant, address) == str(known)


def test_erasure_keeps_the_claim_and_its_figures(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, known: UUID, address: str
) -> None:
    put(as_manager, address, "register", "minutes")
    given = entry(tenant, client_id=str(known), fulfilled="y")
    as_manager.post(address, data=given)
    asked = as_manager.get(f"/clients/{known}/erasure").text
    assert "1 件以案定补" in asked
    erased = as_manager.post(f"/clients/{known}/erasure", data={"reason": "request", "sure": "y"})
    assert erased.status_code == 303
    assert "结案 1 件，1 件" in as_manager.get(LIST).text
    assert named(app, tenant, address) == str(known)
    page = as_manager.get(address).text
    assert "已删除" in page
    assert "138****" not in page
    assert "AJ-1" in as_manager.get(f"/clients/{known}").text


def test_the_form_asks_the_database_at_most_eight_times(
    as_manager: FlaskClient, known: UUID, address: str
) -> None:
    with statements() as asked:
        assert as_manager.get(address).status_code == 200
    assert len(asked) <= 8, asked
    with statements() as asked:
        assert as_manager.get(f"/clients/{known}").status_code == 200
    assert len(asked) <= 8, asked
