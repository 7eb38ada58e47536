"""Every job of the timetable: a fault with one tenant holds up no other; done again, it adds none.

The fault is the database's own: what follows in the same transaction would fail too.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from counselhub.attendance import fetching
from counselhub.core import clock
from counselhub.core.db import Base, db
from counselhub.core.job_faults import SomeFailedError
from counselhub.core.members import by_itself
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import current_scope
from counselhub.timetable import TIMETABLE
from tests import factories
from tests.factories import Tenant
from tests.isolation import world as worlds

pytestmark = pytest.mark.sweeping

OF_FIRMS = {
    "end_pairings": "counselhub.pairings.actions.expire",
    "settle_duty": "counselhub.cover.actions.expire",
    "referral_limits": "counselhub.referrals.hourly._look_after",
    "packet_terms": "counselhub.packets.nightly._end_over",
    "fetch_punches": "counselhub.attendance.fetching.fetch_firm",
    "compare_punches": "counselhub.attendance.keeping._span",
    "contract_days": "counselhub.instalments.plan_actions.pass_days",
    "cut_off": "counselhub.overdue.actions.pass_days",
    "adjust_corrections": "counselhub.earlier.correction_actions._settle_firm",
    "check_books": "counselhub.books.queries.books",
    "billing_days": "counselhub.billing.nightly.pass_day",
    "remind": "counselhub.reminders.actions.remind",
}
"""Jobs that go through firms, and what each does for one."""
OF_OFFICES = {
    "premises_days": "counselhub.premises.issue_actions.pass_days",
    "check_books": "counselhub.books.queries.books",
}
"""Jobs that go through streets whose offices have accounts."""
ELSEWHERE = {
    "retention": "retention/test_faults.py",
    "stripe_events": "billing/test_faults.py",
    "delete_departed": "billing/test_leaving.py",
    "rehearse_packs": "packs/test_faults.py",
}
"""What each does for one happens only when something waits: proven there."""
NO_ROUND = {
    "set_out_notices": "asks for one task a channel",
    "due_hooks": "asks for one task",
}
JOBS = {job.name: job for job in TIMETABLE}


def test_no_job_is_forgotten() -> None:
    assert set(JOBS) == {*OF_FIRMS, *OF_OFFICES, *ELSEWHERE, *NO_ROUND}
    assert all((Path(__file__).parent / one).exists() for one in ELSEWHERE.values())


@pytest.fixture(autouse=True)
def service(app: Flask) -> Iterator[None]:
    """What the worker works in; the day does not turn meanwhile."""
    with clock.frozen(clock.now()), app.app_context(), by_itself():
        yield


class Broken:
    """A step that meets a fault for one tenant; `done` keeps for whom it was done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, target: str, whose: str) -> None:
        self.whose, self.done = whose, list[str]()
        module, _dot, name = target.rpartition(".")
        self.step: Callable[..., Any] = import_module(module).__dict__[name]
        monkeypatch.setattr(target, self)

    def __call__(self, *given: Any, **named: Any) -> Any:
        scope = current_scope()
        met = [scope.key if scope else "", *map(str, given)]
        if self.whose in met:
            db.session.execute(text("select 1 / 0"))
        outcome = self.step(*given, **named)
        self.done += met
        return outcome


@pytest.mark.parametrize(("job", "step"), OF_FIRMS.items(), ids=OF_FIRMS)
def test_a_fault_with_one_firm_holds_up_no_other(
    tenant: Tenant, outsider: Tenant, monkeypatch: pytest.MonkeyPatch, job: str, step: str
) -> None:
    first, last = sorted((tenant, outsider), key=lambda one: one.code)
    broken = Broken(monkeypatch, step, str(first.firm_id))
    with pytest.raises(SomeFailedError) as failed:
        JOBS[job].run()
    told = [(one.whose, one.error) for one in failed.value.faults]
    assert told == [(f"firm:{first.firm_id}", "DataError")]
    assert str(last.firm_id) in broken.done
    assert str(first.firm_id) not in broken.done


@pytest.mark.parametrize(("job", "step"), OF_OFFICES.items(), ids=OF_OFFICES)
def test_a_fault_with_one_office_holds_up_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch, job: str, step: str
) -> None:
    towns = [factories.town(app) for _each in range(2)]
    for town in towns:
        factories.signed_in(app, town.scope, Role.CHECKER)
    first, last = sorted(town.street_code for town in towns)
    broken = Broken(monkeypatch, step, first)
    with pytest.raises(SomeFailedError) as failed:
        JOBS[job].run()
    assert [one.whose for one in failed.value.faults] == [f"office:{first}"]
    assert last in broken.done
    assert first not in broken.done


def rows(urls: DatabaseUrls) -> dict[str, int]:
    """How many rows every table has, past row security, which binds its owner too."""
    db.session.rollback()  # a lock of the session's own would be waited for
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        found = {}
        for name in Base.metadata.tables:
            connection.execute(text(f'alter table "{name}" no force row level security'))
            found[name] = connection.execute(text(f'select count(*) from "{name}"')).scalar_one()
        connection.rollback()
    engine.dispose()
    return found


def test_a_job_that_is_done_again_adds_nothing(
    app: Flask,
    urls: DatabaseUrls,
    tenant: Tenant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Acts and notices too: with a firm that has a row of every kind."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    monkeypatch.setitem(app.config, "DINGTALK", "http://127.0.0.1:9")
    monkeypatch.setattr(fetching.fetch_all, "__kwdefaults__", {"waits": ()})
    worlds.furnish(app, tenant)
    added = {}
    for job in TIMETABLE:
        job.run()
    assert all(rows(urls)[name] for name in ("event", "account_event", "notice", "delivery"))
    for job in TIMETABLE:
        before = rows(urls)
        job.run()
        after = rows(urls)
        if more := {name: count for name, count in after.items() if count != before[name]}:
            added[job.name] = more
    assert added == {}
