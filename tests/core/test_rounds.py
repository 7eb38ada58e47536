"""A round through many tenants: what failed is undone and named, all else is done."""

import logging
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from counselhub.core import history, job_faults
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.job_faults import NAMED, Fault, JobFault, SomeFailedError
from counselhub.core.rounds import Round
from counselhub.core.tenancy import as_platform, current_scope
from tests.factories import Tenant, Town, number

pytestmark = pytest.mark.usefixtures("context")
PRIVATE = "某某甲 13800000000"


def note(act: str) -> None:
    scope = current_scope()
    assert scope is not None
    history.note(act, scope=scope)


def break_transaction() -> None:
    db.session.execute(text("select cast(:words as int)"), {"words": PRIVATE})


def raise_ours() -> None:
    raise ValueError(PRIVATE)


def acts(act: str) -> list[str]:
    with as_platform():
        query = select(AccountEvent.key).where(AccountEvent.act == act)
        return list(db.session.scalars(query.order_by(AccountEvent.id)))


@pytest.mark.parametrize(
    ("fail", "error"), [(break_transaction, "DataError"), (raise_ours, "ValueError")]
)
def test_one_that_fails_is_undone_and_named_and_the_others_are_done(
    tenant: Tenant,
    outsider: Tenant,
    town: Town,
    caplog: pytest.LogCaptureFixture,
    fail: Callable[[], None],
    error: str,
) -> None:
    act = uuid4().hex

    def go() -> None:
        with Round() as each:
            for scope in (tenant.scope, outsider.scope):
                with each.of(scope) as by:
                    assert (current_scope(), by.scope) == (scope, scope)
                    note(act)
                    if scope == tenant.scope:
                        fail()
                    db.session.commit()
            assert current_scope() is None
            with each.office(town.street_code):
                note(act)
                db.session.commit()

    with pytest.raises(SomeFailedError) as failed, caplog.at_level(logging.ERROR):
        go()
    assert acts(act) == [str(outsider.firm_id), town.street_code]
    (fault,) = failed.value.faults
    assert (fault.whose, fault.error) == (f"firm:{tenant.firm_id}", error)
    assert f"1: firm:{tenant.firm_id}" in str(failed.value)
    assert str(tenant.firm_id) in caplog.text
    assert error in caplog.text
    assert PRIVATE not in caplog.text + str(failed.value)


def test_a_fault_inside_a_scope_leaves_the_scope_to_what_follows(tenant: Tenant) -> None:
    act = uuid4().hex

    def go() -> None:
        with Round() as each, each.firm(tenant.firm_id):
            for fails in (True, False):
                with each.step(str(fails)):
                    note(act)
                    if fails:
                        break_transaction()
                    db.session.commit()
            assert current_scope() == tenant.scope

    with pytest.raises(SomeFailedError) as failed:
        go()
    assert [one.whose for one in failed.value.faults] == ["True"]
    assert acts(act) == [str(tenant.firm_id)]


def test_a_round_inside_a_round_adds_its_faults() -> None:
    def go() -> None:
        with Round() as each:
            with each.step("inner"), Round() as inner:
                for one in ("a", "b"):
                    with inner.step(one):
                        raise_ours()
            with each.step("c"):
                raise LookupError

    with pytest.raises(SomeFailedError) as failed:
        go()
    assert [one.whose for one in failed.value.faults] == ["a", "b", "c"]
    assert failed.value.error == "ValueError, LookupError"


def test_nothing_failed_and_nothing_is_raised(tenant: Tenant) -> None:
    with Round() as each, each.firm(tenant.firm_id):
        db.session.execute(select(1))
    assert each.faults == []


def test_what_breaks_the_round_off_is_raised_itself() -> None:
    def go() -> None:
        with Round() as each:
            with each.step("a"):
                raise_ours()
            with each.step("b"):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go()


def test_a_job_keeps_how_many_failed_and_which(app: Flask) -> None:
    faults = [Fault(f"firm:{n}", "ValueError", "here.py:1 run") for n in range(NAMED + 1)]
    job_id = 10**12 + number()
    told = job_faults.keep(job_id, SomeFailedError([*faults, faults[0]]))
    with as_platform():
        row = db.session.get_one(JobFault, job_id)
    assert row.error == "ValueError"
    where, count, named = job_faults.split(row.place)
    assert (where, count) == ("here.py:1 run", NAMED + 1)
    assert named == [*(f"firm:{n}" for n in range(NAMED)), "…"]
    assert job_faults.split("here.py:1 run") == ("here.py:1 run", 0, [])
    assert str(told) == f"{row.error} at {row.place}"
    with as_platform():
        query = select(func.count()).where(JobFault.job_id == job_id)
        assert db.session.scalar(query) == 1
