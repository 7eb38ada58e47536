"""The pages of hooks: made, shown once, changed, told of trouble; and what each refuses."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from counselhub.core import clock, sealing
from counselhub.core.data_keys import DataKey
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform
from counselhub.hooks import seals
from counselhub.hooks.models import Hook
from tests import factories
from tests.factories import Tenant
from tests.hooks.conftest import Made, act, deliveries, hook_now, make_hook, send
from tests.hooks.receiver import Receiver, is_signed


def form(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {"name": "财务系统", "address": "http://127.0.0.1:9/in"}
    return given | {"chosen": ["contract.changed", "service.recorded"]} | changes


@pytest.fixture
def hook(app: Flask, manager: Member, receiver: Receiver) -> Made:
    """A hook at the receiver."""
    return make_hook(app, manager, receiver.address)


def test_it_is_made_on_the_page_and_its_secret_shown_once(
    app: Flask, tenant: Tenant, manager: Member, as_manager: FlaskClient, receiver: Receiver
) -> None:
    page = as_manager.post("/hooks", data=form(address=receiver.address))
    found = re.search(r'value="(whsec_[\w=-]{44})"', page.text)
    assert found is not None
    secret = found[1]
    act(app, tenant, manager)
    send(app)
    assert is_signed(*receiver.arrived[0], secret)
    with app.app_context(), as_platform():
        row = db.session.scalars(select(Hook).where(Hook.key == tenant.scope.key)).one()
        kept = db.session.execute(text("select t::text from hook t")).scalars()
        assert not [one for one in kept if secret in one]
    for path in ("/hooks?q=财务", f"/hooks/{row.id}", f"/hooks/{row.id}/edit"):
        listed = as_manager.get(path).text
        assert "财务系统" in listed
        assert secret not in listed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"chosen": []}, "请至少选择一种事件", id="told of nothing"),
        pytest.param({"chosen": ["ping"]}, "ping", id="what nobody may choose"),
        pytest.param({"name": " "}, "请填写", id="for no purpose"),
        pytest.param({"address": "example.cn"}, "完整的网址", id="no address"),
        pytest.param({"address": "https://u:p@example.cn/"}, "用户名和密码", id="a password"),
        pytest.param({"address": "https://a.cn/" + "x" * 600}, "500", id="too long"),
    ],
)
def test_the_form_refuses_at_the_field_and_loses_nothing(
    as_manager: FlaskClient, change: dict[str, object], words: str
) -> None:
    page = as_manager.post("/hooks", data=form(**change))
    assert page.status_code == 422
    assert words in page.text
    for name in {"name", "address"} - set(change):
        assert str(form()[name]) in page.text


@pytest.mark.parametrize("address", ["http://example.cn/", "https://10.0.0.1/", "https://hooks/"])
def test_production_takes_only_the_open_network_by_https(
    app: Flask, as_manager: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "HOOKS_INSIDE", False)
    assert as_manager.post("/hooks", data=form(address=address)).status_code == 422


def test_an_office_is_offered_only_what_its_tokens_read(as_approver: FlaskClient) -> None:
    page = as_approver.get("/hooks/new").text
    assert "statement.signed" in page
    assert "service.recorded" not in page
    assert as_approver.post("/hooks", data=form()).status_code == 422


def test_there_is_an_end_to_them(app: Flask, manager: Member, as_manager: FlaskClient) -> None:
    for _number in range(20):
        make_hook(app, manager, "http://127.0.0.1:9/")
    page = as_manager.post("/hooks", data=form())
    assert page.status_code == 422
    assert "20" in page.text


def test_a_change_counts_from_now_and_a_stale_one_is_refused(
    app: Flask, as_manager: FlaskClient, hook: Made
) -> None:
    seen = hook_now(app, hook).revision
    data = form(revision=seen, chosen=["duty.finished"])
    assert as_manager.post(f"/hooks/{hook.id}", data=data).status_code == 303
    assert hook_now(app, hook).chosen == ["duty.finished"]
    late = as_manager.post(f"/hooks/{hook.id}", data=data | {"name": "迟到的"})
    assert late.status_code == 409
    assert "财务系统" in late.text
    assert hook_now(app, hook).name == "财务系统"


def test_pausing_twice_shows_it_as_it_is(as_manager: FlaskClient, hook: Made) -> None:
    path = f"/hooks/{hook.id}"
    assert as_manager.post(f"{path}/pause").status_code == 303
    again = as_manager.post(f"{path}/pause")
    assert again.status_code == 409
    assert "由本单位暂停" in again.text
    assert as_manager.post(f"{path}/resumption").status_code == 303
    assert as_manager.post(f"{path}/resumption").status_code == 409


def test_a_trial_is_sent_shown_and_sent_again(
    app: Flask, as_manager: FlaskClient, hook: Made, receiver: Receiver
) -> None:
    receiver.status, receiver.body = 400, "<b>坏</b>".encode()
    there = as_manager.post(f"/hooks/{hook.id}/trials").location
    assert send(app) == 1
    page = as_manager.get(there).text
    assert "&lt;b&gt;坏&lt;/b&gt;" in page
    assert '"kind": "ping"' in page.replace("&#34;", '"')
    assert as_manager.post(f"{there}/replay").status_code == 409, "it waits anyway"
    receiver.status = 200
    with app.app_context(), as_platform():
        db.session.execute(text("update hook_delivery set due_at = now()"))
        db.session.execute(text("update hook_pulse set rests_until = null"))
        db.session.commit()
    send(app)
    assert as_manager.post(f"{there}/replay").status_code == 303
    assert send(app) == 1
    assert len(set(receiver.ids)) == 1
    assert len(receiver.ids) == 3


def test_the_log_is_found_by_state_kind_and_id(
    app: Flask, tenant: Tenant, manager: Member, as_manager: FlaskClient, hook: Made
) -> None:
    act(app, tenant, manager)
    (row,) = deliveries(app, hook)
    path = f"/hooks/{hook.id}"
    for query in ("state=waiting", "kind=contract.changed", f"q={str(row.subject_id)[:8]}"):
        assert str(row.id) in as_manager.get(f"{path}?{query}").text, query
    for query in ("state=dead", "kind=ping", "q=ffffffff"):
        assert str(row.id) not in as_manager.get(f"{path}?{query}").text, query


def test_it_is_removed_with_its_log(
    app: Flask, tenant: Tenant, manager: Member, as_manager: FlaskClient, hook: Made
) -> None:
    act(app, tenant, manager)
    assert as_manager.post(f"/hooks/{hook.id}/removal").status_code == 303
    assert deliveries(app, hook) == []
    assert as_manager.get(f"/hooks/{hook.id}").status_code == 404
    told = as_manager.get("/hooks").text
    assert "还没有事件推送" in told


def test_another_place_finds_nothing(
    app: Flask,
    tenant: Tenant,
    manager: Member,
    hook: Made,
    as_outsider: FlaskClient,
    as_approver: FlaskClient,
) -> None:
    act(app, tenant, manager)
    (row,) = deliveries(app, hook)
    own = as_outsider.post("/hooks", data=form())
    found = re.search(r"/hooks/([0-9a-f-]{36})", own.text)
    assert found is not None
    for client in (as_outsider, as_approver):
        for path in ("", "/edit", f"/deliveries/{row.id}"):
            assert client.get(f"/hooks/{hook.id}{path}").status_code == 404
        for path in ("", "/pause", "/secret", "/removal", "/trials", "/replays"):
            assert client.post(f"/hooks/{hook.id}{path}", data=form()).status_code == 404
    mixed = f"/hooks/{found[1]}/deliveries/{row.id}"
    assert as_outsider.get(mixed).status_code == 404, "an own hook opens nobody else's log"
    assert as_outsider.post(f"{mixed}/replay").status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.ADVISER, Role.FINANCE])
def test_only_who_manages_programs(app: Flask, tenant: Tenant, role: Role) -> None:
    client = factories.signed_in(app, tenant.scope, role)
    assert client.get("/hooks").status_code == 403


@pytest.fixture
def both(app: Flask) -> Iterator[sealing.KeyRing]:
    """The ring with a new key before the former ones."""
    former = app.extensions["data_keys"]
    new = sealing.parse(sealing.new_key("knew"))
    app.extensions["data_keys"] = sealing.KeyRing({**new.keys, **former.keys})
    yield app.extensions["data_keys"]
    app.extensions["data_keys"] = former
    with app.app_context(), as_platform():  # nobody after us holds the new one
        seals.reseal(sealing.KeyRing({**former.keys, **new.keys}))
        is_new = DataKey.id.in_(list(new.keys))
        db.session.execute(update(DataKey).where(is_new).values(retired_at=clock.now()))
        db.session.commit()


def test_secrets_are_sealed_anew(
    app: Flask, as_manager: FlaskClient, hook: Made, both: sealing.KeyRing
) -> None:
    as_manager.post(f"/hooks/{hook.id}/secret")
    seen = hook_now(app, hook)
    with app.app_context(), as_platform():
        now = clock.now()
        before = seals.opened(db.session.get_one(Hook, hook.id), now)
        assert seals.reseal(both) == (1, set()), "the newer one stands under the new key already"
        row = db.session.scalars(select(Hook).where(Hook.id == hook.id)).one()
        assert {sealing.key_of(row.sealed), sealing.key_of(row.sealed_before or "")} == {"knew"}
        assert seals.opened(row, now) == before
        assert before[1] == hook.secret
        assert row.revision == seen.revision, "who has the page open is not refused"


def test_what_does_not_open_stays_and_its_key_is_needed(
    app: Flask, hook: Made, both: sealing.KeyRing
) -> None:
    with app.app_context(), as_platform():
        kept = "v1.gone.x"
        db.session.execute(update(Hook).where(Hook.id == hook.id).values(sealed=kept))
        assert seals.reseal(both) == (0, {"gone"})
        assert db.session.get_one(Hook, hook.id).sealed == kept
