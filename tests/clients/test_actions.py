"""Clients on the real database: one is known again, mended, shown for a reason, erased."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from counselhub.clients import actions, erasure, queries, seals
from counselhub.clients.actions import ClientEntry
from counselhub.clients.kinds import EraseReason, UnmaskReason
from counselhub.clients.models import Client, ServiceClient
from counselhub.clients.seals import Person
from counselhub.closing import actions as closing
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_scope
from counselhub.services import actions as services
from counselhub.services.models import ServiceRecord
from tests.clients.conftest import NAME, PHONE, SHOWN_NAME, SHOWN_PHONE, service, stored
from tests.factories import Tenant


@pytest.fixture(autouse=True)
def inside(context: None, tenant: Tenant) -> Iterator[None]:
    """Each test works inside the firm."""
    with as_scope(tenant.scope):
        yield
        db.session.rollback()


def record(tenant: Tenant, content: str = "", **given: object) -> ServiceRecord:
    made = service(tenant, content, **given)
    db.session.add(made)
    db.session.flush()
    return made


def attached(tenant: Tenant, name: str = NAME, phone: str = PHONE) -> Client:
    entry = ClientEntry(name, phone)
    return actions.attach(record(tenant), entry, by=tenant.member())


def test_what_is_stored_tells_nothing(tenant: Tenant) -> None:
    made = attached(tenant)
    row = db.session.execute(text("select * from client where id = :id"), {"id": made.id}).one()
    assert not {NAME, PHONE, PHONE[-4:], NAME[0]} & set(map(str, row))
    assert PHONE not in str(row)
    assert NAME not in str(row)
    assert seals.opened(made) == Person(NAME, PHONE)
    assert (seals.masked(made).name, seals.masked(made).phone) == (SHOWN_NAME, SHOWN_PHONE)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param((NAME, PHONE), (NAME, PHONE), True, id="again"),
        pytest.param((NAME, PHONE), ("", PHONE), True, id="this time without the name"),
        pytest.param(("", PHONE), (NAME, PHONE), True, id="now with the name"),
        pytest.param((NAME, PHONE), ("甄有二", PHONE), False, id="somebody else on that phone"),
        pytest.param((NAME, PHONE), (NAME, "13800000028"), False, id="a namesake"),
        pytest.param((NAME, ""), (NAME, ""), False, id="names alone tell nobody apart"),
    ],
)
def test_a_client_is_known_again_by_phone_and_name(
    tenant: Tenant, first: tuple[str, str], second: tuple[str, str], same: bool
) -> None:
    one, two = attached(tenant, *first), attached(tenant, *second)
    assert (one.id == two.id) is same
    if same:
        assert seals.opened(two) == Person(NAME, PHONE)


def test_somebody_must_be_named(tenant: Tenant) -> None:
    with pytest.raises(RefusedError, match="至少一项"):
        attached(tenant, "", "")


def test_a_ciphertext_moved_to_another_row_does_not_open(tenant: Tenant) -> None:
    mine, other = attached(tenant), attached(tenant, "贾如真", "13800000028")
    other.name_sealed = mine.name_sealed
    assert seals.opened(other).name is None
    assert seals.masked(other).is_unreadable
    assert seals.masked(other).phone == "138****0028"


def test_to_look_is_on_record_with_its_reason(tenant: Tenant) -> None:
    made = attached(tenant)
    full = actions.unmask(made, UnmaskReason.CONTACT, "回电", by=tenant.member())
    assert full == Person(NAME, PHONE)
    event = history.of(made)[-1]
    assert (event.act, event.detail) == ("unmask", {"reason": "contact", "words": "回电"})
    assert event.street_code is None


def test_another_reason_needs_words(tenant: Tenant) -> None:
    made = attached(tenant)
    with pytest.raises(RefusedError, match="请写明原因"):
        actions.unmask(made, UnmaskReason.OTHER, "", by=tenant.member())
    assert "unmask" not in {event.act for event in history.of(made)}


def test_a_correction_keeps_what_is_left_blank(tenant: Tenant) -> None:
    made = attached(tenant)
    actions.correct(made, ClientEntry(phone="13800000029"), revision=1, by=tenant.member())
    assert seals.opened(made) == Person(NAME, "13800000029")
    assert queries_find(tenant, "13800000029") == [made.id]
    assert queries_find(tenant, PHONE) == []
    with pytest.raises(ConflictError):
        actions.correct(made, ClientEntry("甄二"), revision=99, by=tenant.member())


def queries_find(tenant: Tenant, phone: str) -> list[UUID]:
    from flask import g

    g.member = tenant.member()
    return [row.id for row in queries.by_phone(phone, tenant.firm_id)]


def test_an_erased_client_keeps_the_counts_and_nothing_else(tenant: Tenant) -> None:
    made = attached(tenant)
    actions.erase(made, EraseReason.REQUEST, revision=None, by=tenant.member())
    db.session.flush()
    assert (made.name_sealed, made.phone_sealed, made.phone_digest) == (None, None, None)
    assert len(queries.links_of(made)) == 1
    assert queries_find(tenant, PHONE) == []
    for again in (
        lambda: actions.unmask(made, UnmaskReason.CONTACT, "", by=tenant.member()),
        lambda: actions.correct(made, ClientEntry(NAME), revision=None, by=tenant.member()),
        lambda: actions.erase(made, EraseReason.REQUEST, revision=None, by=tenant.member()),
    ):
        with pytest.raises(ConflictError, match="已经删除"):
            again()
    assert attached(tenant).id != made.id


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param("erased_at = now()", id="erased, but the name is there"),
        pytest.param("phone_digest = null", id="a phone that cannot be found"),
        pytest.param("name_sealed = null, phone_sealed = null, phone_digest = null", id="nobody"),
    ],
)
def test_the_database_keeps_clients_whole(tenant: Tenant, columns: str) -> None:
    made = attached(tenant)
    with pytest.raises(IntegrityError):
        db.session.execute(text(f"update client set {columns} where id = :id"), {"id": made.id})


def test_an_erasure_empties_the_words_of_open_months_only(tenant: Tenant) -> None:
    made = attached(tenant)
    talk = f"{NAME}来电，电话138-0000-0027"
    september, october = (
        record(tenant, talk, day=date(2026, month, 8), outcome=f"已答复{NAME}") for month in (9, 10)
    )
    for one in (september, october):
        actions.attach(one, ClientEntry(NAME, PHONE), by=tenant.member())
    closing.close(
        tenant.firm_id,
        tenant.town.street_code,
        date(2026, 9, 1),
        tenant.town.communities,
        statement_id=uuid7(),
        number="JS-1",
    )
    met = erasure.consequences(made)
    assert (met.services, len(met.open), len(met.closed_words)) == (3, 1, 1)
    assert {one.id for one in met.telling} == {september.id, october.id}
    blanked = erasure.erase(
        made, EraseReason.REQUEST, blank=True, revision=None, by=tenant.member()
    )
    db.session.flush()
    assert blanked == 1
    assert (october.note, october.outcome, october.count) == (None, "已答复**", 1)
    assert (september.note.content, september.outcome) == (talk, f"已答复{NAME}")


def test_a_removed_service_leaves_its_client(tenant: Tenant) -> None:
    made = record(tenant)
    client = actions.attach(made, ClientEntry(NAME, PHONE), by=tenant.member())
    services.remove(made, by=tenant.member())
    db.session.flush()
    left = db.session.scalars(db.select(ServiceClient).filter_by(client_id=client.id)).all()
    assert left == []
    assert stored(tenant, client.id).name_sealed is not None


def test_another_firm_finds_nobody(app: Flask, tenant: Tenant, outsider: Tenant) -> None:
    attached(tenant)
    db.session.commit()
    with as_scope(outsider.scope):
        assert queries_find(outsider, PHONE) == []
        assert db.session.scalars(db.select(Client)).all() == []
