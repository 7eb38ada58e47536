"""Enter a client with a service, mend, show in full, erase."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from counselhub.clients import seals
from counselhub.clients.kinds import EraseReason, UnmaskReason
from counselhub.clients.models import Client, ServiceClient
from counselhub.clients.seals import Person
from counselhub.core import clock, data_keys, history
from counselhub.core.db import db, take_lock
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member

SHORTEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """A client as written with a service; name and phone are clean, "" where not given."""

    name: str = ""
    phone: str = ""
    informed: bool = False

    def __bool__(self) -> bool:
        """Whether anything tells who it was: consultation may be anonymous."""
        return bool(self.name or self.phone)


def attach(service: Any, entry: ClientEntry, *, by: Member) -> Client:
    """Note for whom a service record was; a client known by phone and name is the same one.

    service: a ServiceRecord. Raises RefusedError when neither name nor phone is given.
    """
    client = known_or_new(entry, by=by)
    link = {"firm_id": client.firm_id, "service_id": service.id, "client_id": client.id}
    done = db.session.execute(
        insert(ServiceClient).values(link).on_conflict_do_nothing().returning(ServiceClient.firm_id)
    )
    if done.first():
        history.record(client, "link", by=by, service=service.number)
    return client


def known_or_new(entry: ClientEntry, *, by: Member) -> Client:
    """Return the client known by phone and name, a new one where there is none.

    Raises RefusedError when neither name nor phone is given.
    """
    if not entry:
        raise RefusedError(_("请填写姓名或电话，至少一项。"))
    client = _known(entry, by) or _create(entry, by)
    if entry.informed and client.informed_on is None:
        client.informed_on = clock.today()
    return client


def _known(entry: ClientEntry, by: Member) -> Client | None:
    """Find the client of this phone: of the same name, or where one of the two has no name."""
    if not entry.phone:
        return None
    digests = data_keys.ring().digests(entry.phone, by.firm_id)
    # Two entries of one client at once wait for one another.
    take_lock(digests[-1])
    query = select(Client).where(Client.phone_digest.in_(digests)).order_by(Client.id)
    for client in db.session.scalars(query):
        name = seals.opened(client).name
        if name == entry.name or (name and not entry.name):
            return client
        if name == "":
            _write(client, Person(entry.name, None))
            history.record(client, "change", by=by, fields=["name"])
            return client
    return None


def _create(entry: ClientEntry, by: Member) -> Client:
    client = Client(firm_id=by.firm_id, created_at=clock.now())
    _write(client, Person(entry.name, entry.phone))
    db.session.add(client)
    db.session.flush()
    history.record(client, "create", by=by)
    return client


def _write(client: Client, person: Person) -> None:
    for column, value in seals.sealed(data_keys.writing_ring(), client, person).items():
        setattr(client, column, value)


def detach(client: Client, service: Any, *, by: Member) -> None:
    """Take a client off a service record; client and record stay."""
    db.session.execute(
        delete(ServiceClient).where(
            ServiceClient.firm_id == client.firm_id,
            ServiceClient.service_id == service.id,
            ServiceClient.client_id == client.id,
        )
    )
    history.record(client, "unlink", by=by, service=service.number)


def correct(client: Client, entry: ClientEntry, *, revision: int | None, by: Member) -> None:
    """Write what is given over what was there; a blank part stays.

    Raises ConflictError for a stale page or an erased client.
    """
    expect_present(client, revision)
    fields = [part for part in ("name", "phone") if getattr(entry, part)]
    _write(client, Person(entry.name or None, entry.phone or None))
    if entry.informed and client.informed_on is None:
        client.informed_on = clock.today()
        fields.append("informed")
    if fields:
        history.record(client, "change", by=by, fields=fields)


def unmask(client: Client, reason: UnmaskReason, words: str, *, by: Member) -> Person:
    """Return name and phone in full and record who saw them and why.

    Raises RefusedError for another reason without words, ConflictError for an erased client.
    """
    expect_present(client)
    if reason is UnmaskReason.OTHER and len(words) < SHORTEST_WORDS:
        raise RefusedError(_("选择“其他原因”时，请写明原因。"))
    history.record(client, "unmask", by=by, reason=reason.value, words=words)
    return seals.opened(client)


def erase(
    client: Client, reason: EraseReason, *, revision: int | None, by: Member, blanked: int = 0
) -> None:
    """Wipe name, phone and digest for good; the row and its services stay for the counts.

    blanked: how many services lost their words with it. Raises ConflictError for a stale page.
    """
    expect_present(client, revision)
    wipe(client)
    history.record(client, "erase", by=by, reason=reason.value, blanked=blanked)


def wipe(client: Client) -> None:
    """Keep nothing that tells who the client was."""
    client.name_sealed = client.phone_sealed = client.phone_digest = None
    client.erased_at = clock.now()


def expect_present(client: Client, revision: int | None = None) -> None:
    """Raise ConflictError for a stale page or a client already erased."""
    history.expect(client, revision)
    if client.erased_at is not None:
        raise ConflictError(_("该服务对象的个人信息已经删除，不能恢复。"), row=client)
