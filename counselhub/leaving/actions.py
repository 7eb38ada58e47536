"""A firm asks to leave, and stays after all."""

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.leaving import queries, seals
from counselhub.people.departures import Departure
from counselhub.people.sign_ins import digest
from counselhub.people.states import DEPARTURE_FLOW, DepartureStatus
from counselhub.statements.documents.stamp import new_code

WAITING = timedelta(days=30)


def ask(name: str, *, check_at: str, by: Member) -> Departure:
    """Ask that the firm's data be deleted after the time of waiting.

    name: the firm's, as it was typed to confirm. check_at: the address of the page that proves
    certificates. Raises RefusedError for another name, ConflictError when it was asked already.
    """
    if "".join(name.split()) != "".join(by.title.split()):
        raise RefusedError(_("与本所名称不一致。请原样输入：%(name)s", name=by.title), at="name")
    return begin(by.firm_id, check_at=check_at, by=by)


def begin(firm_id: UUID, *, check_at: str, by: Member) -> Departure:
    """Let a firm wait for its deletion. Raises ConflictError when it does already."""
    code = new_code()
    departure = Departure(
        id=uuid7(),
        firm_id=firm_id,
        status=DepartureStatus.ASKED,
        asked_at=clock.now(),
        asked_by_name=by.name,
        deletes_on=clock.today() + WAITING,
        code_digest=digest(code),
        check_at=check_at,
    )
    seals.seal_code(departure, code)
    with as_platform():
        try:
            with db.session.begin_nested():
                db.session.add(departure)
        except IntegrityError as error:
            if constraint_of(error) != "uq_departure_live":
                raise
            raise ConflictError(_("已经申请离开，下面是现在的情况。")) from error
        day = departure.deletes_on.isoformat()
        history.record(departure, "ask_departure", by=by, deletes_on=day)
    return departure


def withdraw(*, by: Member) -> None:
    """Stay. Raises ConflictError when nothing is asked, IllegalMoveError once deletion began."""
    with as_platform():
        live = queries.live(by.firm_id)
        if live is None:
            raise ConflictError(_("本所没有正在等待的离开申请。"))
        departure = held(live)
        with db.session.no_autoflush:  # state and end reach the database together
            history.advance(departure, DEPARTURE_FLOW, "withdraw_departure", by=by)
        departure.ended_at, departure.ended_by_name = clock.now(), by.name
        departure.code_sealed = None


def held(departure: Departure) -> Departure:
    """Return a departure as it is now, held against others until the transaction ends."""
    query = select(Departure).where(Departure.id == departure.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
