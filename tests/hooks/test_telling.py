"""What is written with an act: for whom, once, and not at all when the act is taken back."""

import json

import pytest
from flask import Flask
from sqlalchemy import select, text

from counselhub.api.operations import OPERATIONS
from counselhub.audit.wording import ACTS
from counselhub.contracts.models import Contract
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.hooks.kinds import CHOSEN, OF_ACTS, PATHS, HookKind
from counselhub.statements.states import STATEMENT_FLOW
from tests.factories import Tenant
from tests.hooks.conftest import act, deliveries, make_hook, send
from tests.hooks.receiver import Receiver, is_signed
from tests.programs import member


def test_the_database_names_what_the_code_names(app: Flask) -> None:
    with app.app_context():
        for subject, acts in ACTS.items():
            for one in acts:
                named = db.session.scalar(
                    text("select hook_kind(:s, :a)"), {"s": subject, "a": one}
                )
                assert named == OF_ACTS.get((subject, one)), (subject, one)


def test_what_is_told_is_known_elsewhere() -> None:
    assert set(OF_ACTS.values()) == set(CHOSEN)
    for subject, one in OF_ACTS:
        assert one in ACTS[subject] or one in STATEMENT_FLOW, (subject, one)
    read = {one.path for one in OPERATIONS if one.method == "GET"}
    for subject in {subject for subject, _act in OF_ACTS}:
        assert any(path.startswith(f"{PATHS[subject]}<") for path in read), subject


def test_an_act_is_told_signed_and_thin(
    app: Flask, tenant: Tenant, manager: Member, receiver: Receiver
) -> None:
    hook = make_hook(app, manager, receiver.address)
    act(app, tenant, manager)
    assert send(app) == 1
    ((headers, body),) = receiver.arrived
    assert is_signed(headers, body, hook.secret)
    assert not is_signed(headers, body + b" ", hook.secret)
    (row,) = deliveries(app, hook)
    assert headers["CounselHub-Event"] == "contract.changed"
    assert headers["CounselHub-Delivery"] == str(row.id)
    assert headers["Content-Type"] == "application/json"
    (told,) = receiver.told
    assert told == {
        "id": str(row.event_id),
        "kind": "contract.changed",
        "time": told["time"],
        "sequence": 1,
        "firm_id": str(tenant.firm_id),
        "thing_id": str(row.subject_id),
        "address": f"/api/v1/contracts/{row.subject_id}",
    }
    assert told["time"].endswith("+08:00")
    assert (row.state, row.tries) == ("sent", 1)


def test_what_is_taken_back_was_never_told(app: Flask, tenant: Tenant, manager: Member) -> None:
    hook = make_hook(app, manager, "http://127.0.0.1:9/")
    with app.test_request_context(), as_scope(tenant.scope):
        row = db.session.scalars(select(Contract).limit(1)).one()
        history.record(row, "change", by=manager)
        db.session.flush()
        with as_platform():
            query = text("select count(*) from hook_delivery")
            assert db.session.scalar(query) == 1
        db.session.rollback()
    assert deliveries(app, hook) == []


def test_only_what_was_chosen_is_told(app: Flask, tenant: Tenant, manager: Member) -> None:
    hook = make_hook(app, manager, "http://127.0.0.1:9/", [HookKind.DUTY_FINISHED])
    act(app, tenant, manager)
    assert deliveries(app, hook) == []


def test_nobody_else_is_told(app: Flask, tenant: Tenant, outsider: Tenant, manager: Member) -> None:
    own = make_hook(app, manager, "http://127.0.0.1:9/own")
    other = make_hook(app, member(app, outsider.scope, Role.MANAGER), "http://127.0.0.1:9/other")
    office = make_hook(app, member(app, tenant.town.scope, Role.APPROVER), "http://127.0.0.1:9/of")
    act(app, tenant, manager)
    assert [len(deliveries(app, one)) for one in (own, other, office)] == [1, 0, 0]


@pytest.mark.parametrize(("street", "told"), [("own", 1), ("blank", 0), ("another", 0)])
def test_an_office_is_told_what_its_record_shows(
    app: Flask, tenant: Tenant, manager: Member, street: str, told: int
) -> None:
    office = make_hook(app, member(app, tenant.town.scope, Role.APPROVER), "http://127.0.0.1:9/")
    code = {"own": tenant.town.street_code, "blank": None, "another": "110101001"}[street]
    values = history.entry(tenant.firm_id, "statement", "submit", by=manager, street_code=code)
    with app.test_request_context(), as_scope(tenant.scope):
        insert = text(history.INSERT_ENTRIES.format("cast(:entries as jsonb)"))
        db.session.execute(insert, {"entries": json.dumps([values], default=str)})
        db.session.commit()
    found = deliveries(app, office)
    assert [one.kind for one in found] == ["statement.submitted"] * told
    assert all(one.firm_id == tenant.firm_id for one in found)


def test_the_log_is_nobodys_but_the_platforms(
    app: Flask, tenant: Tenant, outsider: Tenant, manager: Member
) -> None:
    make_hook(app, manager, "http://127.0.0.1:9/")
    act(app, tenant, manager)
    for scope in (tenant.scope, outsider.scope, tenant.town.scope):
        with app.app_context(), as_scope(scope):
            for table in ("hook", "hook_pulse", "hook_delivery", "hook_attempt"):
                assert db.session.scalar(text(f"select count(*) from {table}")) == 0


def test_a_storm_of_acts_is_one_job(app: Flask, tenant: Tenant, manager: Member) -> None:
    hook = make_hook(app, manager, "http://127.0.0.1:9/")
    query = text("select count(*) from jobs.procrastinate_jobs where task_name = 'send_hooks'")
    with app.app_context():
        before = db.session.scalar(query) or 0
    act(app, tenant, manager, many=50)
    assert len(deliveries(app, hook)) == 50
    with app.app_context():
        assert db.session.scalar(query) == before + 1
