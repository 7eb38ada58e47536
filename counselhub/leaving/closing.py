"""The operator closes a firm that was made by mistake, as long as nothing was done in it.

Nobody comes in any more, and its code, its numbers, its name and its people's addresses are free
for the right one at once. What was typed in is deleted as of every firm that leaves: after the time
of waiting, by the same job, with a certificate.
"""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ScalarSelect, delete, func, select

from counselhub.billing.models import Bill
from counselhub.core import clock, history
from counselhub.core.db import Base, db
from counselhub.core.errors import ConflictError
from counselhub.core.markers import not_our_honey
from counselhub.core.members import Member
from counselhub.core.tenancy import PLATFORM, ScopeKind, as_firm, as_platform
from counselhub.duty.models import DutySession
from counselhub.invitations.models import Invitation
from counselhub.leaving import actions, deleting
from counselhub.people.departures import Departure
from counselhub.people.models import Firm
from counselhub.roster.models import DutySlot
from counselhub.services.models import ServiceRecord
from counselhub.statements.models import Statement


@dataclass(frozen=True, slots=True)
class Work:
    """What was done in a firm, as counts. slots: planned duty; bills: of this service."""

    slots: int
    sessions: int
    services: int
    statements: int
    bills: int

    @property
    def is_none(self) -> bool:
        """Whether the firm may be closed."""
        return not (self.slots or self.sessions or self.services or self.statements or self.bills)


def work_of(firm_id: UUID) -> Work:
    """Return what was done in a firm: counts alone, with two statements."""
    with as_firm(firm_id):  # what is marked is left out of the firm in scope alone
        counts = select(
            _count(DutySlot),
            _count(DutySession),
            _count(ServiceRecord),
            _count(Statement, not_our_honey(Statement, Statement.number)),
        )
        slots, sessions, services, statements = db.session.execute(counts).one()
    with as_platform():
        bills = db.session.scalar(select(_count(Bill, Bill.firm_id == firm_id))) or 0
    return Work(slots, sessions, services, statements, bills)


def _count(model: type[Base], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()


def close(firm: Firm, *, check_at: str, by: Member) -> Departure:
    """Close a firm; return the departure that deletes its rows. Needs the platform's scope.

    check_at: as of `actions.begin`. Raises ConflictError when something was done in the firm, or
    when it leaves already.
    """
    _let_nobody_in(firm.id)  # before counting: whoever was at it has ended or is refused
    if not work_of(firm.id).is_none:
        raise ConflictError(_("这家律所里已经有业务，不能关闭。下面是现在的情况。"))
    departure = actions.begin(firm.id, check_at=check_at, by=by)
    history.note("firm_closed", scope=PLATFORM, by=by, name_of=firm.name, code=firm.code)
    firm.code, firm.closed_at = f"closed-{firm.id.hex[-12:]}", clock.now()
    firm.credit_code = firm.licence_number = None
    db.session.flush()
    return departure


def _let_nobody_in(firm_id: UUID) -> None:
    """End accounts and invitations; who belongs nowhere else is forgotten."""
    invited = Invitation.kind == ScopeKind.FIRM.value, Invitation.key == str(firm_id)
    with as_platform():
        deleting.end_accounts(firm_id)
        db.session.execute(delete(Invitation).where(*invited))
        deleting.forget_people(firm_id)
