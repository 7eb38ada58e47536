"""Enter what a correction of a settled month changes, once, as late entries are (CORR-3)."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.core.rounds import Round
from counselhub.corrections.kinds import CORRECTION_FLOW, CorrectionStatus
from counselhub.corrections.models import SessionCorrection
from counselhub.duty.kinds import CorrectionReason
from counselhub.earlier.actions import ONE_AT_A_TIME, refuse_too_old
from counselhub.earlier.entering import Source, enter
from counselhub.earlier.gather import is_settled, judge_correction, places_of
from counselhub.people.queries import every_firm


def settle(row: SessionCorrection, by: Member) -> bool:
    """Enter it for the next open statement; False while a month of it is not approved.

    A second time finds it entered. Raises RefusedError when it adds something and was asked for
    later than the street takes late entries (LATE-1).
    """
    db.session.execute(ONE_AT_A_TIME, {"firm": str(row.firm_id)})
    db.session.refresh(row, with_for_update={"of": SessionCorrection})
    is_waiting = row.status == CorrectionStatus.TO_ADJUST
    if not is_waiting or not is_settled(places_of(row), row.day):
        return False
    judged = judge_correction(row)
    if judged.amount_fen > 0:
        refuse_too_old(row.street_code, row.day, clock.local(row.asked_at).date())
    street_code, amount_fen = row.street_code, judged.amount_fen
    history.advance(
        row, CORRECTION_FLOW, "adjust", by=by, street_code=street_code, amount_fen=amount_fen
    )
    enter(judged, Source(row.firm_id, street_code, _words(row), correction_id=row.id), by)
    db.session.flush()
    return True


def _words(row: SessionCorrection) -> str:
    reason = CorrectionReason(row.reason).label
    told = _("补正 %(day)s 的值班记录：%(reason)s", day=row.day.isoformat(), reason=reason)
    return f"{told}。{row.words}" if row.words else str(told)


def settle_waiting() -> None:
    """Enter, firm by firm, what waited for the approval of its month; each is kept at once."""
    with Round() as each:
        for firm_id, _code in every_firm():
            with each.firm(firm_id) as member:
                _settle_firm(firm_id, member)


def _settle_firm(firm_id: UUID, by: Member) -> None:
    waiting = select(SessionCorrection.id).where(
        SessionCorrection.status == CorrectionStatus.TO_ADJUST
    )
    for row_id in db.session.scalars(waiting.order_by(SessionCorrection.id)).all():
        _settle_one(db.session.get_one(SessionCorrection, (firm_id, row_id)), by)
        db.session.commit()


def _settle_one(row: SessionCorrection, by: Member) -> None:
    try:
        settle(row, by)
    except RefusedError:
        # The street takes nothing so old: it stays in the list of what waits.
        db.session.rollback()
