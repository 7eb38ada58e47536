"""Entering and mending service records, on the real database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, FrozenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.services import actions
from counselhub.services.actions import Entry
from counselhub.services.kinds import ServiceKind
from counselhub.services.models import ServiceNote, ServiceRecord
from tests.factories import Tenant
from tests.services.conftest import DAY, NOON, STATEMENT, MakeRecord


@pytest.fixture
def adviser(context: None, tenant: Tenant) -> Iterator[Member]:
    """The firm's first adviser, acting on 8 October 2026."""
    with as_scope(tenant.scope), clock.frozen(NOON):
        yield tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)


def entry(tenant: Tenant, **given: object) -> Entry:
    return Entry(
        **{
            "kind": ServiceKind.CONSULTATION,
            "day": DAY,
            "community_code": tenant.town.communities[0],
            "adviser_id": None,
            "persons": 1,
            "content": "邻里漏水",
        }
        | given
    )


def test_a_record_is_numbered_by_day(adviser: Member, tenant: Tenant) -> None:
    numbers = [actions.add(entry(tenant), by=adviser).record.number for _ in range(3)]
    assert numbers == ["FW20261008-0001", "FW20261008-0002", "FW20261008-0003"]
    yesterday = actions.add(entry(tenant, day=date(2026, 10, 7)), by=adviser).record
    assert yesterday.number == "FW20261007-0001"
    assert (yesterday.count, yesterday.street_code) == (1, tenant.town.street_code)


@pytest.mark.parametrize(
    ("there", "following"),
    [
        pytest.param(["FW20261008-0041"], "FW20261008-0042", id="after the highest"),
        pytest.param(["FW20261008-A9", "甲-1"], "FW20261008-0001", id="others' shapes"),
        pytest.param(["FW20261008-9999"], "FW20261008-10000", id="a digit more"),
        pytest.param(
            ["FW20261008-9999", "FW20261008-10000"], "FW20261008-10001", id="past a digit more"
        ),
    ],
)
def test_the_next_number(
    adviser: Member, tenant: Tenant, make_record: MakeRecord, there: list[str], following: str
) -> None:
    for number in there:
        make_record(number)
    assert actions.add(entry(tenant), by=adviser).record.number == following


def test_many_at_once_get_numbers_of_their_own(app: Flask, tenant: Tenant) -> None:
    together = Barrier(4)
    member = tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)

    def enter() -> list[str]:
        numbers = []
        together.wait()
        for _ in range(5):
            with app.test_request_context(), as_scope(tenant.scope), clock.frozen(NOON):
                numbers.append(actions.add(entry(tenant), by=member).record.number)
                db.session.commit()
        return numbers

    with ThreadPoolExecutor(4) as pool:
        tasks = [pool.submit(enter) for _ in range(4)]
        numbers = sorted(number for task in tasks for number in task.result())
    assert numbers == [f"FW20261008-{serial:04d}" for serial in range(1, 21)]


WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)


def test_a_number_that_came_meanwhile_is_passed_over(app: Flask, tenant: Tenant) -> None:
    """A workbook brings its numbers without asking for one: the entry meets it as it is written."""
    member = tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)

    def enter() -> tuple[str, int]:
        with app.test_request_context(), as_scope(tenant.scope), clock.frozen(NOON):
            made = actions.add(entry(tenant), by=member).record
            db.session.commit()
            return made.number, len(history.of(made))

    with app.test_request_context(), as_scope(tenant.scope), ThreadPoolExecutor(1) as pool:
        brought = ServiceRecord(
            number="FW20261008-0001",
            day=DAY,
            kind="consultation",
            community_code=tenant.town.communities[0],
            street_code=tenant.town.street_code,
            adviser_id=tenant.adviser_id,
            created_at=NOON,
        )
        db.session.add(brought)
        db.session.flush()
        entered = pool.submit(enter)
        while not db.session.scalar(WAITING):
            assert not entered.done(), entered.result()
        db.session.commit()
        assert entered.result() == ("FW20261008-0002", 1)
        kept = select(ServiceNote.content).join(ServiceNote.service)
        assert db.session.scalars(kept).all() == ["邻里漏水"]


def test_words_stay_on_the_firms_own_table(adviser: Member, tenant: Tenant) -> None:
    made = actions.add(entry(tenant), by=adviser).record
    note = db.session.scalar(select(ServiceNote).where(ServiceNote.service_id == made.id))
    assert note
    assert note.content == "邻里漏水"
    assert actions.add(entry(tenant, content=""), by=adviser).record.note is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"day": date(2026, 10, 9)}, "不能晚于今天", id="tomorrow"),
        pytest.param({"community_code": "000000000000"}, "本所服务的社区", id="no such place"),
    ],
)
def test_bad_entries_are_refused(
    adviser: Member, tenant: Tenant, given: dict[str, object], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        actions.add(entry(tenant, **given), by=adviser)


def test_a_community_that_the_firm_does_not_serve(adviser: Member, tenant: Tenant) -> None:
    with pytest.raises(RefusedError, match="本所服务的社区"):
        actions.add(entry(tenant, community_code=tenant.town.communities[3]), by=adviser)

    for model in (ServiceRecord, ServiceNote, history.Event):
        found = db.session.scalar(select(func.count()).select_from(model))
        assert found == 0, model  # neither words nor an act without their record


def test_what_was_entered_is_what_the_database_holds(adviser: Member, tenant: Tenant) -> None:
    made = actions.add(entry(tenant, minutes=30), by=adviser).record
    found = stored(made)
    assert found is not made
    for column in made.__table__.columns:
        assert getattr(found, column.name) == getattr(made, column.name), column
    assert found.note
    assert found.note.content == "邻里漏水"
    (act,) = history.of(made)
    assert (act.act, act.street_code) == ("add", made.street_code)
    told = {"kind": "consultation", "persons": 1, "minutes": 30, "day": "2026-10-08"}
    assert {name: act.changes[name] for name in told} == {k: [None, v] for k, v in told.items()}
    assert not any("漏水" in str(value) for value in act.changes.values())


def test_nobody_enters_in_a_colleagues_name(adviser: Member, tenant: Tenant) -> None:
    with pytest.raises(ForbiddenError):
        actions.add(entry(tenant, adviser_id=tenant.backup_id), by=adviser)
    clerk = tenant.member(Role.CLERK)
    made = actions.add(entry(tenant, adviser_id=tenant.backup_id), by=clerk).record
    assert made.adviser_id == tenant.backup_id
    with pytest.raises(RefusedError, match="请选择提供服务的律师"):
        actions.add(entry(tenant), by=clerk)


def stored(made: ServiceRecord) -> ServiceRecord:
    """The row of a record that was just entered, as the pages fetch it."""
    return db.session.get_one(ServiceRecord, (made.firm_id, made.id))


def test_a_change_keeps_its_number_and_what_was(adviser: Member, tenant: Tenant) -> None:
    record = stored(actions.add(entry(tenant), by=adviser).record)
    changed = entry(tenant, kind=ServiceKind.MEDIATION, content="", persons=3)
    actions.change(record, changed, revision=1, by=adviser)
    assert (record.number, record.kind, record.note) == (
        "FW20261008-0001",
        "mediation",
        None,
    )
    added, told = history.of(record)
    assert (added.act, added.changes["kind"]) == ("add", [None, "consultation"])
    assert told.detail["before"]["kind"] == "consultation"
    assert told.changes["kind"] == ["consultation", "mediation"]
    with pytest.raises(ConflictError, match="别人已经改动"):
        actions.change(record, changed, revision=1, by=adviser)


def test_a_changed_note_alone_makes_the_page_stale(adviser: Member, tenant: Tenant) -> None:
    record = stored(actions.add(entry(tenant), by=adviser).record)
    actions.change(record, entry(tenant, content="改了内容"), revision=1, by=adviser)
    assert record.revision == 2


def test_a_removed_record_is_gone_with_its_words(adviser: Member, tenant: Tenant) -> None:
    record = stored(actions.add(entry(tenant), by=adviser).record)
    actions.remove(record, by=adviser)
    for model in (ServiceRecord, ServiceNote):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_a_closed_month_is_named(
    adviser: Member,
    tenant: Tenant,
    make_record: MakeRecord,
    close_october: Callable[[], None],
) -> None:
    made = make_record()
    close_october()
    record = db.session.scalar(select(ServiceRecord).where(ServiceRecord.id == made))
    assert record
    with pytest.raises(FrozenError, match=STATEMENT):
        actions.add(entry(tenant), by=adviser)
    with pytest.raises(FrozenError, match=STATEMENT):
        actions.change(record, entry(tenant), revision=1, by=adviser)
    with pytest.raises(FrozenError, match=STATEMENT):
        actions.remove(record, by=adviser)
