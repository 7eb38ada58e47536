"""Referrals by programs: the desk's steps, and never a lawyer's own word."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.permissions import Role
from tests import factories
from tests.api.test_writing import adviser, at_once, post
from tests.factories import Tenant
from tests.programs import Program, member, program

WORDS = "九人欠薪，包工头失联"


@pytest.fixture
def asks(app: Flask, tenant: Tenant) -> Program:
    """A program of the firm's clerk, good for everything."""
    return program(app, member(app, tenant.scope, Role.CLERK))


@pytest.fixture
def service(asks: Program, tenant: Tenant) -> str:
    """A service of the first lawyer, by id."""
    body = {
        "kind": "consultation",
        "dispute_kind": "labour",
        "day": str(clock.today()),
        "community_code": tenant.town.communities[0],
        "adviser_id": str(tenant.adviser_id),
    }
    return str(post(asks, "/services", body).json["id"])


def plea(service: str, **given: object) -> dict[str, object]:
    return {"service_id": service, "speciality": "labour", "words": WORDS} | given


@pytest.fixture
def referral(asks: Program, service: str) -> dict[str, Any]:
    """A referral that waits for the desk."""
    made = post(asks, "/referrals", plea(service))
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json
    return told


@pytest.fixture
def path(referral: dict[str, Any]) -> str:
    return f"/referrals/{referral['id']}"


@pytest.fixture
def accepted(app: Flask, asks: Program, tenant: Tenant, path: str) -> str:
    """A referral that the second lawyer has taken on the page, by its address."""
    assert move(asks, path, "triage").status_code == 200
    formed = post(asks, f"{path}/formation", {"asked": [str(tenant.backup_id)]})
    assert formed.status_code == 200, formed.text
    lawyer = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    assert lawyer.post(f"{path}/acceptance").status_code == 303
    return path


def move(asks: Program, path: str, act: str, **given: object) -> Any:
    return post(asks, f"{path}/moves", {"act": act, **given})


def pointers(answer: Any) -> set[str]:
    return {one["pointer"] for one in answer.get_json(force=True).get("errors", [])}


def test_a_service_is_referred_once(asks: Program, service: str, referral: dict[str, Any]) -> None:
    assert (referral["status"], referral["urgency"]) == ("asked", "normal")
    assert referral == asks.get(f"/referrals/{referral['id']}").json
    assert WORDS not in str(referral)
    again = post(asks, "/referrals", plea(service))
    assert again.status_code == 409
    assert referral["number"] in again.get_json(force=True)["detail"]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        pytest.param({"service_id": str(uuid4())}, "/body/service_id", id="no service"),
        pytest.param({"speciality": "magic"}, "/body/speciality", id="no kind"),
        pytest.param({"words": ""}, "/body/words", id="without words"),
    ],
)
def test_a_fault_of_a_referral_names_its_field(
    asks: Program, service: str, given: dict[str, object], pointer: str
) -> None:
    answer = post(asks, "/referrals", plea(service, **given))
    assert answer.status_code == 422
    assert pointer in pointers(answer)


def test_what_is_asked_for_is_changed_until_somebody_is_asked(
    asks: Program, tenant: Tenant, path: str
) -> None:
    seen = asks.get(path).headers["ETag"]
    body = {"urgency": "urgent"}
    told = asks.ask("PATCH", path, json=body, headers={"If-Match": seen})
    assert told.status_code == 200, told.text
    assert (told.json["urgency"], told.json["speciality"]) == ("urgent", "labour")
    assert told.headers["ETag"] == asks.get(path).headers["ETag"] != seen
    assert asks.ask("PATCH", path, json=body, headers={"If-Match": seen}).status_code == 412
    assert asks.ask("PATCH", path, json=body).status_code == 428
    move(asks, path, "triage")
    post(asks, f"{path}/formation", {"asked": [str(tenant.backup_id)]})
    now = asks.get(path).headers["ETag"]
    late = asks.ask("PATCH", path, json=body, headers={"If-Match": now})
    assert late.status_code == 409


def test_two_changes_at_once_are_one(app: Flask, asks: Program, path: str) -> None:
    for round_ in range(3):
        seen = asks.get(path).headers["ETag"]

        def change(own: Program, seen: str = seen) -> int:
            body = {"words": uuid4().hex}
            return own.ask("PATCH", path, json=body, headers={"If-Match": seen}).status_code

        assert at_once(app, asks, 2, change) == [200, 412], round_


def test_the_desk_s_way_to_a_team(asks: Program, tenant: Tenant, path: str) -> None:
    early = post(asks, f"{path}/formation", {})
    assert early.status_code == 409
    settled = move(asks, path, "triage", urgency="pressing")
    assert (settled.json["status"], settled.json["urgency"]) == ("triaged", "pressing")
    assert settled.headers["ETag"] == asks.get(path).headers["ETag"]
    assert move(asks, path, "triage").status_code == 409
    nobody = post(asks, f"{path}/formation", {"asked": [str(uuid4())]})
    assert (nobody.status_code, pointers(nobody)) == (422, {"/body/asked"})
    asker = post(asks, f"{path}/formation", {"asked": [str(tenant.adviser_id)]})
    assert (asker.status_code, pointers(asker)) == (422, {"/body/asked"})
    team = post(asks, f"{path}/formation", {"team_id": str(uuid4())})
    assert (team.status_code, pointers(team)) == (422, {"/body/team_id"})
    suggested = post(asks, f"{path}/formation", {})
    assert suggested.json["status"] == "formed", suggested.text
    assert suggested.json["receiver_id"] is None
    assert move(asks, path, "recall").json["status"] == "triaged"
    assert pointers(move(asks, path, "withdraw")) == {"/body/words"}
    assert move(asks, path, "withdraw", words="已和解").json["status"] == "withdrawn"
    assert move(asks, path, "recall").status_code == 409


def test_the_steps_of_what_is_handled(asks: Program, tenant: Tenant, accepted: str) -> None:
    assert asks.get(accepted).json["receiver_id"] == str(tenant.backup_id)
    assert move(asks, accepted, "resume").status_code == 409
    assert move(asks, accepted, "pause", words="等工资表").json["due_at"] is None
    assert move(asks, accepted, "pause", words="等工资表").status_code == 409
    assert move(asks, accepted, "resume").json["due_at"] is not None
    assert move(asks, accepted, "escalate", words="情绪激动").status_code == 200
    assert move(asks, accepted, "settle_escalation", words="已安抚").status_code == 200
    assert move(asks, accepted, "confer").json["status"] == "conferring"
    back = move(asks, accepted, "send_back", words="需要别的专长").json
    assert (back["status"], back["receiver_id"]) == ("triaged", None)


@pytest.mark.parametrize("act", ["accept", "decline", "conclude", "ask_takeover"])
def test_a_lawyer_s_own_word_is_no_program_s(asks: Program, path: str, act: str) -> None:
    answer = move(asks, path, act, words="代办")
    assert (answer.status_code, pointers(answer)) == (422, {"/body/act"})


def test_a_transfer_is_asked_for_and_answered_in_person(
    app: Flask, asks: Program, tenant: Tenant, accepted: str
) -> None:
    third = post(asks, "/advisers", adviser()).json["id"]
    itself = post(asks, f"{accepted}/handovers", {"to_id": str(tenant.backup_id), "words": "出差"})
    assert (itself.status_code, pointers(itself)) == (422, {"/body/to_id"})
    made = post(asks, f"{accepted}/handovers", {"to_id": third, "words": "出差"})
    assert made.status_code == 201, made.text
    assert (made.json["kind"], made.json["status"]) == ("transfer", "asked")
    one = f"/referrals/handovers/{made.json['id']}"
    assert asks.get(one).json == made.json
    assert asks.everything(f"{accepted}/handovers") == [made.json]
    twice = post(asks, f"{accepted}/handovers", {"to_id": third, "words": "出差"})
    assert twice.status_code == 409
    taker = program(app, member(app, tenant.scope, Role.MANAGER, third))
    assert move(taker, one, "agree").status_code == 403, "who takes it must want it himself"
    gone = move(asks, one, "take_back")
    assert (gone.status_code, gone.json["status"]) == (200, "withdrawn")
    assert move(asks, one, "take_back").status_code == 409
    assert asks.get(accepted).json["receiver_id"] == str(tenant.backup_id)


def test_the_desk_answers_for_a_giver_who_is_away(
    app: Flask, asks: Program, tenant: Tenant, accepted: str
) -> None:
    third = post(asks, "/advisers", adviser()).json["id"]
    lawyer = factories.signed_in(app, tenant.scope, Role.MANAGER, adviser_id=third)
    assert lawyer.post(f"{accepted}/takeover", data={"words": "我熟悉"}).status_code == 303
    asked = asks.everything(f"{accepted}/handovers")[0]
    assert asked["kind"] == "takeover"
    told = move(asks, f"/referrals/handovers/{asked['id']}", "agree")
    assert (told.status_code, told.json["status"]) == (200, "agreed")
    assert asks.get(accepted).json["receiver_id"] == third


def test_a_lawyer_does_only_what_is_the_own(app: Flask, tenant: Tenant, path: str) -> None:
    asker = program(app, member(app, tenant.scope, Role.ADVISER, tenant.adviser_id))
    other = program(app, member(app, tenant.scope, Role.ADVISER, tenant.backup_id))
    assert move(other, path, "withdraw", words="不办了").status_code == 404
    assert move(asker, path, "triage").status_code == 403
    assert post(asker, f"{path}/formation", {}).status_code == 403
    assert move(asker, path, "withdraw", words="已和解").json["status"] == "withdrawn"


def test_another_firm_finds_nothing(
    app: Flask, asks: Program, outsider: Tenant, service: str, accepted: str
) -> None:
    third = post(asks, "/advisers", adviser()).json["id"]
    made = post(asks, f"{accepted}/handovers", {"to_id": third, "words": "出差"}).json
    other = program(app, member(app, outsider.scope, Role.MANAGER))
    assert pointers(post(other, "/referrals", plea(service))) == {"/body/service_id"}
    assert move(other, accepted, "confer").status_code == 404
    assert post(other, f"{accepted}/formation", {}).status_code == 404
    headers = {"If-Match": '"1-0000000000000000"'}
    changed = other.ask("PATCH", accepted, json={"words": "改"}, headers=headers)
    assert changed.status_code == 404
    assert other.get(f"{accepted}/handovers").status_code == 404
    body = {"to_id": third, "words": "出差"}
    assert post(other, f"{accepted}/handovers", body).status_code == 404
    one = f"/referrals/handovers/{made['id']}"
    assert other.get(one).status_code == 404
    assert move(other, one, "take_back").status_code == 404


def test_the_same_step_sent_twice_is_done_once(asks: Program, path: str) -> None:
    key = uuid4().hex
    first, again = (post(asks, f"{path}/moves", {"act": "triage"}, key) for _ in range(2))
    assert (first.status_code, first.data) == (200, again.data)
