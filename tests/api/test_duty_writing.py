"""Duty by programs: what the desk does on its pages, and never a sign-in."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.api.operations import OPERATIONS
from counselhub.closing import actions as closing
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import as_scope
from tests.api.duty import SESSIONS, SHIFTS, change, entry, pointers, shift
from tests.api.test_writing import at_once, post
from tests.factories import Tenant
from tests.programs import Program, member, program

pytestmark = pytest.mark.usefixtures("noon")


def close(app: Flask, tenant: Tenant) -> None:
    """Close October of the whole street, as a submitted statement does."""
    places = [*tenant.town.communities, tenant.town.street_code]
    with app.test_request_context(), as_scope(tenant.scope):
        closing.close(
            tenant.firm_id,
            tenant.town.street_code,
            date(2026, 10, 1),
            places,
            statement_id=uuid4(),
            number="JS-接口",
        )
        db.session.commit()


def test_a_missed_session_is_told_as_added_by_hand(
    app: Flask, asks: Program, tenant: Tenant, session: dict[str, Any]
) -> None:
    assert (session["source"], session["status"]) == ("manual", "closed")
    assert session["signed_in_at"] == "2026-10-07T09:00:00+08:00"
    assert session == asks.get(f"{SESSIONS}/{session['id']}").json
    assert "手机没电" not in str(session)
    with app.test_request_context(), as_scope(tenant.scope):
        event = db.session.scalars(select(Event).where(Event.subject_id == session["id"])).one()
        assert (event.act, event.detail["reason"]) == ("add", "phone")
        assert "令牌：测试程序" in event.actor_name


def test_no_program_signs_in_or_out() -> None:
    """Presence is proven by who is there: nothing here asks for the permission that taps do."""
    asked = {permission for one in OPERATIONS for permission in one.permissions}
    assert Permission.DUTY_MANAGE in asked
    assert Permission.DUTY_LOG not in asked


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        pytest.param({"day": "2026-10-09"}, "/body/signed_in", id="to come"),
        pytest.param({"signed_out": "08:00"}, "/body/signed_out", id="out before in"),
        pytest.param(
            {"day": "2026-10-08", "signed_out": "23:00"}, "/body/signed_out", id="not yet"
        ),
        pytest.param({"signed_in": "9:00"}, "/body/signed_in", id="no time"),
        pytest.param({"adviser_id": str(uuid4())}, "/body/adviser_id", id="nobody"),
        pytest.param(
            {"substitute_for_id": str(uuid4())}, "/body/substitute_for_id", id="for nobody"
        ),
        pytest.param({"community_code": "1" * 12}, "/body/community_code", id="nowhere"),
        pytest.param({"remark": " "}, "/body/remark", id="for no reason"),
        pytest.param({"reason": "because"}, "/body/reason", id="no such reason"),
    ],
)
def test_a_fault_of_a_session_names_its_field(
    asks: Program, tenant: Tenant, given: dict[str, object], pointer: str
) -> None:
    answer = post(asks, SESSIONS, entry(tenant, **given))
    assert answer.status_code == 422, answer.text
    assert pointer in pointers(answer)


def test_nobody_is_in_two_places(asks: Program, tenant: Tenant, session: dict[str, Any]) -> None:
    elsewhere = entry(tenant, community_code=tenant.town.communities[1], signed_in="10:00")
    answer = post(asks, SESSIONS, elsewhere)
    assert answer.status_code == 409
    assert "09:00–11:00" in answer.get_json(force=True)["detail"]


def test_nobody_adds_corrects_or_voids_the_own_session(
    app: Flask, tenant: Tenant, session: dict[str, Any]
) -> None:
    """Another manager could decide on it; a colleague's session is theirs to change."""
    own = program(app, member(app, tenant.scope, Role.MANAGER, tenant.adviser_id))
    member(app, tenant.scope, Role.MANAGER)
    path, why = f"{SESSIONS}/{session['id']}", {"reason": "other", "remark": "改"}
    added = post(own, SESSIONS, entry(tenant, signed_in="14:00", signed_out="15:00"))
    for answer in (added, change(own, path, why | {"signed_out": "10:00"})):
        assert answer.status_code == 422
        assert pointers(answer) == {"/body/adviser_id"}
    voided = post(own, f"{path}/voiding", {"reason": "重复"})
    assert (voided.status_code, pointers(voided)) == (422, set())
    assert "自己的值班记录不能自己更正、补录或作废" in voided.get_json(force=True)["detail"]
    assert own.get(path).json == session
    theirs = post(own, SESSIONS, entry(tenant, adviser_id=str(tenant.backup_id)))
    assert theirs.status_code == 201
    gone = post(own, f"{SESSIONS}/{theirs.json['id']}/voiding", {"reason": "重复"})
    assert gone.json["status"] == "voided"


def test_a_correction_keeps_what_is_left_out(asks: Program, session: dict[str, Any]) -> None:
    path, why = f"{SESSIONS}/{session['id']}", {"reason": "no_sign_out", "remark": "签退晚点"}
    told = change(asks, path, why | {"signed_out": "11:45"})
    assert told.status_code == 200, told.text
    assert told.json == session | {
        "signed_out_at": "2026-10-07T11:45:00+08:00",
        "is_corrected": True,
        "revision": told.json["revision"],
    }
    assert told.headers["ETag"] == asks.get(path).headers["ETag"]
    assert change(asks, path, why | {"signed_out": None}).json["signed_out_at"] is None
    assert pointers(change(asks, path, {"signed_out": "11:50"})) == {
        "/body/reason",
        "/body/remark",
    }


def test_a_correction_needs_what_was_read(asks: Program, session: dict[str, Any]) -> None:
    path = f"{SESSIONS}/{session['id']}"
    seen = asks.get(path).headers["ETag"]
    body = {"signed_out": "11:30", "reason": "other", "remark": "核对"}
    assert asks.ask("PATCH", path, json=body).status_code == 428
    assert change(asks, path, body, seen).status_code == 200
    assert change(asks, path, body | {"signed_out": "10:30"}, seen).status_code == 412
    assert asks.get(path).json["signed_out_at"] == "2026-10-07T11:30:00+08:00"


def test_two_corrections_at_once_are_one(
    app: Flask, asks: Program, session: dict[str, Any]
) -> None:
    path = f"{SESSIONS}/{session['id']}"
    for round_ in range(3):
        seen = asks.get(path).headers["ETag"]

        def correct(own: Program, seen: str = seen) -> int:
            body = {"reason": "other", "remark": uuid4().hex}
            return int(change(own, path, body, seen).status_code)

        assert at_once(app, asks, 2, correct) == [200, 412], round_


def test_a_session_is_voided_once(asks: Program, session: dict[str, Any]) -> None:
    path = f"{SESSIONS}/{session['id']}"
    assert pointers(post(asks, f"{path}/voiding", {"reason": ""})) == {"/body/reason"}
    told = post(asks, f"{path}/voiding", {"reason": "重复"})
    assert (told.status_code, told.json["status"]) == (200, "voided")
    assert told.json == asks.get(path).json
    assert post(asks, f"{path}/voiding", {"reason": "重复"}).status_code == 409
    body = {"signed_out": "10:00", "reason": "other", "remark": "再改"}
    assert change(asks, path, body).status_code == 409


def test_a_closed_month_stays(
    app: Flask,
    asks: Program,
    tenant: Tenant,
    session: dict[str, Any],
    planned: dict[str, Any],
) -> None:
    close(app, tenant)
    body = {"signed_out": "10:00", "reason": "other", "remark": "晚了"}
    shift_path = f"{SHIFTS}/{planned['id']}"
    refused = [
        post(asks, SESSIONS, entry(tenant, signed_in="14:00", signed_out="15:00")),
        change(asks, f"{SESSIONS}/{session['id']}", body),
        post(asks, f"{SESSIONS}/{session['id']}/voiding", {"reason": "晚了"}),
        post(asks, SHIFTS, shift(tenant, day="2026-10-20")),
        change(asks, shift_path, {"ends": "09:00"}),
        change(asks, shift_path, None, method="DELETE"),
    ]
    for answer in refused:
        assert answer.status_code == 409, answer.text
        assert "JS-接口" in answer.get_json(force=True)["detail"]
    assert asks.get(shift_path).json == planned


def test_a_lawyer_plans_and_corrects_nothing(
    app: Flask, tenant: Tenant, session: dict[str, Any], planned: dict[str, Any]
) -> None:
    own = program(app, member(app, tenant.scope, Role.ADVISER, tenant.adviser_id))
    path = f"{SESSIONS}/{session['id']}"
    seen = own.get(path).headers["ETag"]
    assert post(own, SESSIONS, entry(tenant)).status_code == 403
    assert change(own, path, {"reason": "other", "remark": "改"}, seen).status_code == 403
    assert post(own, f"{path}/voiding", {"reason": "改"}).status_code == 403
    assert post(own, SHIFTS, shift(tenant)).status_code == 403
    assert own.get(f"{SHIFTS}/{planned['id']}").status_code == 403
    assert planned in own.everything(f"{SHIFTS}?from=2026-10-08&to=2026-10-08")


def test_another_firm_finds_nothing(
    app: Flask, outsider: Tenant, session: dict[str, Any], planned: dict[str, Any]
) -> None:
    other = program(app, member(app, outsider.scope, Role.MANAGER))
    body = {"reason": "other", "remark": "改", "signed_out": "10:00"}
    any_etag = '"1-0000000000000000"'
    assert change(other, f"{SESSIONS}/{session['id']}", body, any_etag).status_code == 404
    assert post(other, f"{SESSIONS}/{session['id']}/voiding", {"reason": "改"}).status_code == 404
    path = f"{SHIFTS}/{planned['id']}"
    assert change(other, path, {"ends": "09:00"}, any_etag).status_code == 404
    assert change(other, path, None, any_etag, "DELETE").status_code == 404
    stranger = entry(outsider, adviser_id=session["adviser_id"])
    assert pointers(post(other, SESSIONS, stranger)) == {"/body/adviser_id"}


def test_the_same_session_sent_twice_is_added_once(asks: Program, tenant: Tenant) -> None:
    key = uuid4().hex
    first, again = (post(asks, SESSIONS, entry(tenant), key) for _ in range(2))
    assert (first.status_code, first.data) == (201, again.data)
    assert len(asks.everything(f"{SESSIONS}?from=2026-10-07&to=2026-10-07")) == 1


def test_a_token_that_only_reads_changes_nothing(
    app: Flask, tenant: Tenant, session: dict[str, Any]
) -> None:
    reads = program(app, member(app, tenant.scope, Role.CLERK), ["duty:read"])
    answer = post(reads, SESSIONS, entry(tenant))
    assert answer.status_code == 403
    assert "duty:write" in answer.get_json(force=True)["detail"]
