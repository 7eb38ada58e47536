"""What an act takes along of its row: the columns that changed, before and after."""

import itertools
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.contracts.models import Contract
from counselhub.core import history
from counselhub.core.changes import Changes, merged, of_state
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.tenancy import as_scope
from counselhub.schemes.models import Scheme
from tests.factories import Tenant


@pytest.mark.parametrize(
    ("earlier", "later", "joined"),
    [
        pytest.param({}, {"a": [1, 2]}, {"a": [1, 2]}, id="the only change"),
        pytest.param({"a": [1, 2]}, {"a": [2, 3]}, {"a": [1, 3]}, id="from first to last"),
        pytest.param({"a": [1, 2]}, {"a": [2, 1]}, {}, id="undone is no change"),
        pytest.param(
            {"a": [1, 2]}, {"b": [None, "x"]}, {"a": [1, 2], "b": [None, "x"]}, id="two columns"
        ),
    ],
)
def test_merged(earlier: Changes, later: Changes, joined: Changes) -> None:
    assert merged(earlier, later) == joined


@given(st.lists(st.integers(0, 3), min_size=2, max_size=8))
def test_steps_join_to_the_whole_way(values: list[int]) -> None:
    joined: Changes = {}
    for before, after in itertools.pairwise(values):
        if before != after:
            joined = merged(joined, {"a": [before, after]})
    whole = {} if values[0] == values[-1] else {"a": [values[0], values[-1]]}
    assert joined == whole


def _last(tenant: Tenant) -> Event:
    query = select(Event).where(Event.firm_id == tenant.firm_id).order_by(Event.id.desc())
    return db.session.scalars(query.limit(1)).one()


def test_changes_before_and_after_the_act_was_recorded(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        contract.number = "X-1"
        db.session.flush()
        history.record(contract, "change", by=tenant.member())
        contract.ends_on = date(2026, 11, 30)
        db.session.flush()
        assert _last(tenant).changes == {
            "number": [f"{tenant.code}-001", "X-1"],
            "ends_on": ["2026-12-31", "2026-11-30"],
        }
        contract.number = "X-2"
        history.record(contract, "change", by=tenant.member())
        db.session.flush()
        assert _last(tenant).changes == {"number": ["X-1", "X-2"]}


def test_a_new_row_tells_what_it_began_with(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        row = Scheme(firm_id=tenant.firm_id, code="S9", name="某方案")
        db.session.add(row)
        history.record(row, "create", by=tenant.member())
        db.session.flush()
        assert _last(tenant).changes == {"code": [None, "S9"], "name": [None, "某方案"]}
        row = Scheme(firm_id=tenant.firm_id, code="S10", name="某方案")
        db.session.add(row)
        db.session.flush()
        history.record(row, "create", by=tenant.member())
        db.session.flush()
        assert _last(tenant).changes == {"code": [None, "S10"], "name": [None, "某方案"]}


def test_what_a_rollback_undid_is_no_change(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        contract.number = "X-1"
        db.session.flush()
        db.session.rollback()
        assert contract.kind == "procurement"
        contract.kind = "engagement"
        history.record(contract, "change", by=tenant.member())
        db.session.flush()
        assert list(_last(tenant).changes) == ["kind"]


def test_a_savepoint_keeps_what_it_wrote(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        with db.session.begin_nested():
            contract.number = "X-3"
        history.record(contract, "change", by=tenant.member())
        db.session.flush()
        assert list(_last(tenant).changes) == ["number"]


def test_private_rows_and_long_texts_stay_out(app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        contact = AdviserContact(firm_id=tenant.firm_id, phone="13800000000")
        assert of_state(inspect(contact)) == {}
        adviser = db.session.get_one(Adviser, (tenant.firm_id, tenant.adviser_id))
        adviser.name, adviser.search = "长" * 201, "x"
        history.record(adviser, "change", by=tenant.member())
        db.session.flush()
        assert _last(tenant).changes == {}


def test_an_act_says_under_which_membership_and_from_where(app: Flask, tenant: Tenant) -> None:
    place = {"REMOTE_ADDR": "192.0.2.7"}
    with app.test_request_context(environ_base=place), as_scope(tenant.scope):
        row = db.session.get_one(Scheme, (tenant.firm_id, tenant.scheme_id))
        by = tenant.member(membership_id=tenant.adviser_id)
        history.record(row, "rename", by=by)
        db.session.flush()
        assert (_last(tenant).address, _last(tenant).membership_id) == (
            "192.0.2.7",
            tenant.adviser_id,
        )
