"""What the firm sees and does: the list, links, disputes, and what a correction takes away."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.clients import rotation
from counselhub.confirmations import seals
from counselhub.confirmations.models import ConfirmationLink, ConfirmationRequest
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.retention import actions as retention
from counselhub.retention.kinds import Kept
from tests import factories
from tests.confirmations.conftest import Visit, said
from tests.counting import statements
from tests.duty.conftest import DAY, MakeSession, load
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon")
Ask = Callable[..., Visit]
LIST = "/duty/confirmations?month=2026-10"


def confirm(stranger: FlaskClient, visit: Visit) -> None:
    assert stranger.post(f"/witness/{visit.token}", data=said(visit)).status_code == 303


def correction(tenant: Tenant, begin: str, **more: str) -> dict[str, str]:
    return {
        "adviser_id": str(tenant.adviser_id),
        "community_code": tenant.town.communities[0],
        "day": DAY.isoformat(),
        "signed_in": begin,
        "signed_out": "11:00",
        "community_confirmed": "y",
        "reason": "phone",
        "remark": "按登记本",
    } | more


def test_a_lawyer_makes_a_link_that_is_shown_once(
    app: Flask, as_adviser: FlaskClient, make_session: MakeSession
) -> None:
    session_id = make_session()
    page = as_adviser.post(f"/duty/sessions/{session_id}/confirmation")
    assert page.status_code == 200
    assert "/witness/" in page.text
    assert "data:image/svg+xml" in page.text
    assert "/witness/" not in as_adviser.get(f"/duty/sessions/{session_id}").text
    with app.app_context(), as_platform():
        digests = list(db.session.scalars(select(ConfirmationLink.digest)))
    assert not any(digest in page.text for digest in digests)


def test_a_new_link_ends_the_old(as_manager: FlaskClient, stranger: FlaskClient, ask: Ask) -> None:
    visit = ask()
    assert as_manager.post(f"/duty/sessions/{visit.session_id}/confirmation").status_code == 200
    assert "撤回" in stranger.get(f"/witness/{visit.token}").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"end": None}, "签退以后", id="still running"),
        pytest.param({"status": "voided"}, "签退以后", id="voided"),
        pytest.param({"community_confirmed": True}, "已经确认过", id="confirmed"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    as_manager: FlaskClient, make_session: MakeSession, given: dict[str, object], words: str
) -> None:
    refused = as_manager.post(f"/duty/sessions/{make_session(**given)}/confirmation")
    assert refused.status_code == 409
    assert words in refused.text


def test_others_ask_nothing(app: Flask, tenant: Tenant, as_outsider: FlaskClient, ask: Ask) -> None:
    visit = ask()
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    for client in (as_outsider, colleague):
        assert client.post(f"/duty/sessions/{visit.session_id}/confirmation").status_code == 404
        assert client.post(f"/duty/confirmations/{visit.request_id}/revocation").status_code == 404
    month = {"month": "2026-10", "community": tenant.town.communities[0]}
    assert colleague.post("/duty/confirmations/months", data=month).status_code == 403


def test_a_month_without_anything_to_confirm_is_refused(
    as_manager: FlaskClient, tenant: Tenant
) -> None:
    month = {"month": "2026-10", "community": tenant.town.communities[1]}
    refused = as_manager.post("/duty/confirmations/months", data=month)
    assert (refused.status_code, "没有待确认" in refused.text) == (422, True)
    assert as_manager.post("/duty/confirmations/months", data={"month": "x"}).status_code == 404


def test_a_correction_loses_the_confirmation(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, stranger: FlaskClient, ask: Ask
) -> None:
    visit = ask()
    confirm(stranger, visit)
    address = f"/duty/sessions/{visit.session_id}"
    as_manager.post(address, data=correction(tenant, "09:00", remark="补写备注"))
    assert "社区已确认</span>" in as_manager.get(address).text  # a remark changes nothing of it
    assert as_manager.post(address, data=correction(tenant, "08:00")).status_code == 303
    page = as_manager.get(address).text
    assert "确认后又有改动，需重新确认" in page
    assert "改动后社区确认失效" in page
    with app.app_context(), as_scope(tenant.scope):
        assert load(UUID(visit.session_id)).community_confirmed is None
    as_manager.post(address, data=correction(tenant, "08:00"))  # ticked anew: signed on paper
    assert "社区已确认</span>" in as_manager.get(address).text


def test_a_dispute_is_dealt_with_once(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_adviser: FlaskClient,
    stranger: FlaskClient, ask: Ask,
) -> None:  # fmt: skip
    visit = ask()
    words = {f"words-{visit.session_id}": "没有来"}
    stranger.post(f"/witness/{visit.token}", data=said(visit, "disputed", **words))
    page = as_manager.get(f"/duty/sessions/{visit.session_id}").text
    start = page.index("/duty/answers/")
    address = page[start : page.index('"', start)]
    assert as_adviser.post(address, data={"settled": "来过"}).status_code == 403
    assert as_manager.post(address, data={"settled": ""}).status_code == 422
    own = factories.signed_in(app, tenant.scope, Role.TEAM_LEADER, adviser_id=tenant.adviser_id)
    assert "要由另一位同事处理" in own.post(address, data={"settled": "来过"}).text
    assert as_manager.post(address, data={"settled": "已与社区核对"}).status_code == 303
    assert as_manager.post(address, data={"settled": "再来"}).status_code == 409
    listed = as_manager.get(f"{LIST}&state=settled").text
    assert "没有来" in listed
    assert "已与社区核对" in listed


@pytest.mark.parametrize("query", ["", "&state=open", "&q=甲", "&sort=adviser"])
def test_the_list_asks_the_database_at_most_eight_times(
    as_manager: FlaskClient, make_session: MakeSession, query: str
) -> None:
    for days in range(4):
        make_session(day=DAY - timedelta(days=days))
    with statements() as asked:
        page = as_manager.get(LIST + query)
    assert page.text.count("请社区确认") == 4
    assert len(asked) <= 8, asked


def test_an_empty_list_teaches(as_manager: FlaskClient) -> None:
    assert "律师签退以后" in as_manager.get("/duty/confirmations?month=2026-01").text
    assert "清除条件" in as_manager.get(f"{LIST}&q=无此人").text


@pytest.mark.sweeping
def test_names_are_sealed_anew_and_go_in_time(
    app: Flask, tenant: Tenant, stranger: FlaskClient, ask: Ask
) -> None:
    confirm(stranger, ask())
    with app.app_context():
        rotation.rotate()
        with as_scope(tenant.scope):
            request = db.session.scalars(select(ConfirmationRequest)).one()
            assert seals.masked(request) == "王**"
        sweep = retention.Sweep(Kept.CONFIRMER, 730, DAY + timedelta(days=2))
        retention.sweep(sweep)
        with as_scope(tenant.scope):
            db.session.refresh(request)
            assert (request.name_sealed, request.address_digest) == (None, None)
            assert (request.status, request.office) == ("answered", "staff")
