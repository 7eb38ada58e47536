"""Append-only record of acts, and the only writer of a status."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from flask import has_request_context, request
from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, Index, insert, inspect, select, text
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core import changes, clock
from counselhub.core.columns import of_firm
from counselhub.core.db import Base, db
from counselhub.core.errors import ConflictError, IllegalMoveError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member, hand_word
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import PLATFORM, FirmScoped, Scope, ScopeKind, apart, as_platform
from counselhub.core.workflow import Flow

changes.guard_session(db.session)


class Event(FirmScoped, Base):
    """One act on one row: who, when, from which state to which, with what words."""

    __tablename__ = "event"
    __table_args__ = (
        of_firm(),
        Index("ix_event_subject", "firm_id", "subject_id", "at"),
        Index("ix_event_at", "firm_id", "at", "id"),
        Index(
            "ix_event_office",
            "street_code",
            "at",
            "id",
            postgresql_where=text("actor_side = 'office'"),
        ),
    )
    data_class = DataClass.FIRM_SHARED

    at: Mapped[datetime]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    act: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str | None]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    actor_side: Mapped[str]
    street_code: Mapped[str | None]
    """Set on acts that the street's office may see; blank keeps an act inside the firm."""
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    membership_id: Mapped[UUID | None]
    address: Mapped[str] = mapped_column(default="")
    """Where the request came from, "" for a command."""
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{column: [before, after]} of the row, as `core.changes` saw it."""

    @property
    def who(self) -> str:
        """Who did it, as a reader knows it."""
        return hand_word(self.actor_name)


class Outcome(StrEnum):
    """How an act on accounts and access ended."""

    DONE = "done"
    REFUSED = "refused"


class AccountEvent(Base):
    """One act on accounts and access, of one tenant: kind and key are those of its scope."""

    __tablename__ = "account_event"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'refused')", name="outcome"),
        Index("ix_account_event_tenant", "kind", "key", "at", "id"),
        Index("ix_account_event_person_id", "person_id", "at"),
        Index(
            "ix_account_event_alarm",
            "kind",
            "key",
            "at",
            "id",
            postgresql_where=text("act IN ('isolation_alarm', 'alarm_seen')"),
        ),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    at: Mapped[datetime]
    kind: Mapped[str]
    key: Mapped[str]
    act: Mapped[str]
    outcome: Mapped[str]
    person_id: Mapped[UUID | None]
    membership_id: Mapped[UUID | None]
    name: Mapped[str]
    """Who it was, as they called themselves; of a refused sign-in the address that was typed."""
    address: Mapped[str]
    """Where the request came from, "" for a command."""
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Stateful(Protocol):
    """A row whose status follows a flow; an office's own names no firm (`is_office_only`)."""

    __tablename__: str
    id: Any
    status: Any


def advance(
    row: Stateful,
    flow: Flow,
    act: str,
    *,
    by: Member,
    street_code: str | None = None,
    **detail: Any,
) -> None:
    """Move `row` by `act` and record it; IllegalMoveError when its state does not allow it."""
    move = flow[act]
    if row.status not in move.sources:
        raise IllegalMoveError(_("它现在的状态不允许这项操作，请看最新内容。"), row=row)
    before, row.status = row.status, move.target
    _write(row, act, by, street_code, detail, before, move.target)


def record(
    row: Any, act: str, *, by: Member, street_code: str | None = None, **detail: Any
) -> None:
    """Record an act that moves no status."""
    _write(row, act, by, street_code, detail, None, None)


def entry(
    row_id: UUID, subject: str, act: str, *, by: Member, street_code: str | None, **detail: Any
) -> dict[str, Any]:
    """Return an act on a row of the firm in scope, for INSERT_ENTRIES: rows written set-wise.

    Its ids and its time are no texts yet: they are once it is written as JSON.
    """
    return _values(by.firm_id, row_id, subject, act, by, street_code, detail)


def entry_of_new(row: Any, act: str, *, by: Member, street_code: str | None) -> dict[str, Any]:
    """Return an act that makes `row`, for a statement that inserts both.

    row: complete but for what the statement fills in, in no session yet.
    """
    values = _values(row.firm_id, row.id, row.__tablename__, act, by, street_code, {})
    return values | {"changes": changes.of_new(inspect(row))}


def _values(
    firm_id: UUID,
    subject_id: UUID,
    subject: str,
    act: str,
    by: Member,
    street_code: str | None,
    detail: dict[str, Any],
) -> dict[str, Any]:
    """Return the columns of an act that moves no status."""
    return {
        "firm_id": firm_id,
        "id": uuid7(),
        "at": clock.now(),
        "subject": subject,
        "subject_id": subject_id,
        "act": act,
        "from_status": None,
        "to_status": None,
        "actor_id": by.actor_id,
        "actor_name": by.signature,
        "actor_side": by.scope.kind.value,
        "street_code": street_code,
        "detail": detail | by.in_place_of,
        "membership_id": by.actor_membership_id,
        "address": "" if by.is_of_another else asked_from(),
        "changes": {},
    }


def asked_from() -> str:
    """Return the address that the request came from, "" for a command."""
    return (request.remote_addr or "") if has_request_context() else ""


def note(
    act: str,
    *,
    scope: Scope,
    by: Member | None = None,
    person_id: UUID | None = None,
    name: str = "",
    outcome: Outcome = Outcome.DONE,
    **detail: Any,
) -> None:
    """Record an act on accounts and access, under whatever scope.

    scope: the tenant whose record it joins. by: who did it; before somebody is a member,
    person_id and name say what is known. A refusal is written in a transaction of its own: it
    stays when the refused request is rolled back.
    """
    values = account_act(
        act, scope, by=by, person_id=person_id, name=name, outcome=outcome, **detail
    )
    if outcome is Outcome.REFUSED:
        with apart(db.engine, PLATFORM) as connection:
            connection.execute(insert(AccountEvent), values)
    else:
        with as_platform():
            db.session.execute(insert(AccountEvent), values)


def account_act(
    act: str,
    scope: Scope,
    *,
    by: Member | None = None,
    person_id: UUID | None = None,
    name: str = "",
    outcome: Outcome = Outcome.DONE,
    **detail: Any,
) -> dict[str, Any]:
    """Return the row of an act on accounts and access, for whoever writes it."""
    return {
        "id": uuid7(),
        "at": clock.now(),
        "kind": scope.kind.value,
        "key": scope.key,
        "act": act,
        "outcome": outcome.value,
        "person_id": by.actor_id if by else person_id,
        "membership_id": by.actor_membership_id if by else None,
        "name": by.signature if by else name,
        "address": asked_from(),
        "detail": detail | (by.in_place_of if by else {}),
    }


INSERT_ENTRIES = "INSERT INTO event SELECT * FROM jsonb_populate_recordset(null::event, {})"
"""SQL that appends entries; the braces stand for their JSON array."""


def _write(
    row: Any,
    act: str,
    by: Member,
    street_code: str | None,
    detail: dict[str, Any],
    before: str | None,
    after: str | None,
) -> None:
    if getattr(row, "is_office_only", False):
        _write_apart(row, act, by, detail)
        return
    values = _values(row.firm_id, row.id, row.__tablename__, act, by, street_code, detail)
    event = Event(**values | {"from_status": before, "to_status": after})
    changes.tell(event, row)
    db.session.add(event)


def _write_apart(row: Any, act: str, by: Member, detail: dict[str, Any]) -> None:
    """Record an act on what an office keeps from the firm for now: in the office's record alone.

    `recorded_in` names another scope, for what is a bureau's.
    """
    place = getattr(row, "recorded_in", None) or Scope(ScopeKind.OFFICE, row.street_code)
    note(act, scope=place, by=by, kind=row.__tablename__, ids=[str(row.id)], **detail)


def of(row: Any) -> list[Event]:
    """Return the acts on `row` that the present scope may see, oldest first."""
    query = select(Event).where(Event.firm_id == row.firm_id, Event.subject_id == row.id)
    return list(db.session.scalars(query.order_by(Event.at, Event.id)))


def expect(row: Any, revision: int | None) -> None:
    """Raise ConflictError when `row` is no longer the revision that the reader acted on."""
    if revision is not None and row.revision != revision:
        raise ConflictError(
            _("在您打开之后，别人已经改动了它。下面是最新内容，请核对后再操作。"), row=row
        )
