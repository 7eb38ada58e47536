"""Delete a firm whose time of waiting is over: step by step, each committed with its count.

Killed anywhere, it is begun again and ends the same: what is gone is gone, and counted. The rights
that the application lacks stand in `forget_firm`, which the database lets act on no other firm.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import aliased

from counselhub.audit import archive as pruned
from counselhub.audit.proof import PRUNING
from counselhub.billing import leaving as paying
from counselhub.core import clock, history, sender, uploads
from counselhub.core.db import Base, db, reached
from counselhub.core.members import command_member
from counselhub.core.rounds import Round
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, as_platform, as_scope
from counselhub.invitations.models import Invitation
from counselhub.leaving import certifying, queries
from counselhub.leaving.actions import held
from counselhub.leaving.contents import OF_A_PERSON, Step, steps
from counselhub.people.departures import Departure
from counselhub.people.models import Membership, Person
from counselhub.people.states import DEPARTURE_FLOW, DepartureStatus
from counselhub.work import files
from counselhub.work.models import LongWork

NOBODY = "已注销"
"""What a person is called who belongs to nobody any more."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A firm that is being deleted, and its departure."""

    departure_id: UUID
    firm_id: UUID

    @property
    def scope(self) -> Scope:
        """The firm's."""
        return Scope(ScopeKind.FIRM, str(self.firm_id))


def run() -> None:
    """Delete every firm whose day has come, and those whose deletion was stopped.

    One that cannot be deleted holds up no other; SomeFailedError names it at the end.
    """
    with Round() as each:
        for departure_id, firm_id in queries.waiting(clock.today()):
            with each.step(f"firm:{firm_id}"):
                carry_out(departure_id)


def carry_out(departure_id: UUID) -> None:
    """Delete one firm; nothing happens when its departure was withdrawn or has ended."""
    leaving = _begin(departure_id)
    if leaving is None:
        return
    _end_paying(leaving)
    _delete_files(leaving)
    while _pass(leaving):  # until nobody who was still at it has written anything more
        pass
    _end(leaving)


def _begin(departure_id: UUID) -> Leaving | None:
    """Take the departure against its withdrawal, and let nobody of the firm in any more."""
    with as_platform():
        departure = held(db.session.get_one(Departure, departure_id))
        leaving = Leaving(departure.id, departure.firm_id)
        if departure.status == DepartureStatus.ASKED and departure.deletes_on <= clock.today():
            by = command_member(leaving.scope)
            history.advance(departure, DEPARTURE_FLOW, "begin_deletion", by=by)
        is_due = departure.status == DepartureStatus.DELETING
        if is_due:
            end_accounts(leaving.firm_id)
        db.session.commit()
    return leaving if is_due else None


def end_accounts(firm_id: UUID) -> None:
    """Let nobody of a firm in any more, and drop the links. Needs the platform's scope.

    The links go whatever else is done with people and invitations: each holds an address, and a
    letter may still wait.
    """
    running = (Membership.firm_id == firm_id) & Membership.ended_at.is_(None)
    db.session.execute(update(Membership).where(running).values(ended_at=clock.now()))
    invited = select(Invitation.id).where(
        Invitation.kind == ScopeKind.FIRM.value, Invitation.key == str(firm_id)
    )
    people = select(Membership.person_id).where(Membership.firm_id == firm_id)
    sender.forget(*db.session.scalars(invited.union(people)))


def _end_paying(leaving: Leaving) -> None:
    """Tell Stripe that nothing more is to be paid; one that does not answer is asked tomorrow."""
    with as_platform():
        paying.end(leaving.firm_id)
        db.session.commit()


def _delete_files(leaving: Leaving) -> None:
    """Delete what lies on the disk; the rows that name it go afterwards."""
    of_firm = select(LongWork.id).where(LongWork.of(leaving.scope))
    with as_platform():
        works = db.session.scalars(of_firm).all()
    gone = sum(map(files.remove, works))
    for folder in _folders(leaving):
        gone += sum(1 for path in folder.rglob("*") if path.is_file())
        shutil.rmtree(folder, ignore_errors=True)
    _count(leaving, {"files": gone})
    db.session.commit()


def _folders(leaving: Leaving) -> tuple[Path, ...]:
    """Uploads, and acts that had left the record: their links prove what stays without them."""
    return uploads.folder(leaving.firm_id), pruned.folder() / f"firm-{leaving.firm_id}"


def _pass(leaving: Leaving) -> int:
    """Do every step once; return how many rows went."""
    gone = _record(leaving)
    for step in steps():
        gone += _step(leaving, step)
    return gone


def _record(leaving: Leaving) -> int:
    """Take the acts that no office reads off the record, and put that on record."""
    query = text("SELECT name, gone FROM forget_firm(:firm)")
    with as_platform():
        found = {row.name: row.gone for row in db.session.execute(query, {"firm": leaving.firm_id})}
        _count(leaving, found)
        if acts := found["event"] + found["account_event"]:
            by = command_member(leaving.scope)
            history.note(PRUNING, scope=leaving.scope, by=by, acts=acts)
        db.session.commit()
    return sum(found.values())


def _step(leaving: Leaving, step: Step) -> int:
    """Delete the rows of one table, count them, and commit both together."""
    counts: dict[str, int] = {}
    with as_scope(leaving.scope if step.is_of_firm else PLATFORM):
        if step.name == Membership.__tablename__:
            counts["people"] = forget_people(leaving.firm_id)
        delete_them = _delete_one_by_one if step.one_by_one else _delete
        counts[step.name] = delete_them(leaving, step)
    _count(leaving, counts)
    db.session.commit()
    return counts[step.name]


def _delete(leaving: Leaving, step: Step) -> int:
    query = f"DELETE FROM {step.name} t WHERE {step.which}"  # noqa: S608  # names of our own schema
    return reached(text(query), {"firm": str(leaving.firm_id)})


def _delete_one_by_one(leaving: Leaving, step: Step) -> int:
    """Delete rows that nobody else names: what an office has written of one keeps it."""
    query = f"SELECT t.id FROM {step.name} t WHERE {step.which}"  # noqa: S608  # names of our own schema
    single = text(f"DELETE FROM {step.name} WHERE id = :id")  # noqa: S608  # names of our own schema
    gone = 0
    for row_id in db.session.scalars(text(query), {"firm": str(leaving.firm_id)}).all():
        try:
            with db.session.begin_nested():
                db.session.execute(single, {"id": row_id})
                gone += 1
        except IntegrityError:
            continue
        except DBAPIError as error:  # a copy of a rule pack in use: the bureau's, and kept
            if getattr(error.orig, "sqlstate", "") != "CH003":
                raise
    return gone


def forget_people(firm_id: UUID) -> int:
    """Forget who belongs nowhere else: name, address and all that one signs in with.

    Return how many. Needs the platform's scope.
    """
    other = aliased(Membership)
    elsewhere = (
        select(other.id)
        .where(other.person_id == Membership.person_id)
        .where(other.firm_id.is_distinct_from(firm_id))
    )
    query = select(Membership.person_id).where(Membership.firm_id == firm_id, ~elsewhere.exists())
    people = set(db.session.scalars(query))
    tables = Base.metadata.tables
    for name in OF_A_PERSON:
        db.session.execute(delete(tables[name]).where(tables[name].c.person_id.in_(people)))
    for person_id in people:
        values = {"email": f"{person_id}@erased.invalid", "name": NOBODY, "password_hash": None}
        db.session.execute(update(Person).where(Person.id == person_id).values(values))
    return len(people)


def _count(leaving: Leaving, gone: Mapping[str, int]) -> None:
    """Add to what the certificate will tell."""
    some = {name: count for name, count in gone.items() if count}
    if not some:
        return
    with as_platform():
        departure = held(db.session.get_one(Departure, leaving.departure_id))
        before = departure.counts
        departure.counts = before | {
            name: before.get(name, 0) + count for name, count in some.items()
        }
        db.session.flush()


def _end(leaving: Leaving) -> None:
    """Certify what was done. The code goes: it stands on the certificate."""
    with as_platform():
        departure = held(db.session.get_one(Departure, leaving.departure_id))
        if departure.status != DepartureStatus.DELETING:
            db.session.rollback()
            return
        by, now = command_member(leaving.scope), clock.now()
        made = certifying.certify(departure, now)
        departure.digest, departure.certificate = made.digest, made.paper
        departure.ended_at, departure.ended_by_name = now, by.name
        departure.code_sealed = None
        history.advance(departure, DEPARTURE_FLOW, "end_deletion", by=by, digest=made.digest)
        db.session.commit()
