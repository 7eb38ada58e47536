"""Close what was not handed in; ask for more days, give them or not."""

from datetime import date

from flask_babel import gettext as _

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.cutoffs.kinds import OVERDUE_FLOW, LateCause, OverdueStatus
from counselhub.cutoffs.models import OverdueMonth, SettlementRule
from counselhub.cutoffs.queries import terms_in
from counselhub.cutoffs.rules import MOST_ALLOWED_DAYS, due_on, may_allow, may_hand_in
from counselhub.overdue import queries
from counselhub.statements.actions.compute import take_turn
from counselhub.statements.months import Month


def pass_days(today: date, *, by: Member) -> int:
    """Close what the firm in scope is late with, again what it was allowed; return how many.

    A month is closed once: a second run finds nothing to do.
    """
    for month in sorted({month for _rule, month in queries.to_close(today)}):
        take_turn(Month.of(month), by.firm_id)
    # Whoever was handing in has done so by now.
    found = queries.to_close(today)
    for rule, month in found:
        _close(rule, month, by)
    lapsed = queries.lapsed(today)
    for row in lapsed:
        _lapse(row, by)
    db.session.flush()
    return len(found) + len(lapsed)


def _close(rule: SettlementRule, month: date, by: Member) -> None:
    row = OverdueMonth(
        firm_id=by.firm_id,
        street_code=rule.street_code,
        month=month,
        due_on=due_on(month, terms_in(rule)),
        status=OverdueStatus.CLOSED,
        closed_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    history.record(row, "close", by=by, street_code=row.street_code, due_on=row.due_on.isoformat())


def _lapse(row: OverdueMonth, by: Member) -> None:
    """Close again what was not handed in within the days allowed (CUT-3)."""
    _move(row, "lapse", by)
    row.allowed_until = None


def ask(
    row: OverdueMonth, cause: LateCause, words: str, *, by: Member, revision: int | None = None
) -> None:
    """The firm asks its office to take the month all the same.

    Raises RefusedError without words, IllegalMoveError while it waits, is allowed or is handed in,
    ConflictError for a stale page.
    """
    _hold(row, revision)
    if not words.strip():
        raise RefusedError(_("请写明逾期的原因，司法所凭它决定。"), at="words")
    if row.status == OverdueStatus.ALLOWED and not may_hand_in(row.allowed_until, clock.today()):
        _lapse(row, by)
    _move(row, "ask", by, cause=cause.value, words=words.strip())
    row.cause, row.words = cause, words.strip()
    row.asked_at, row.asked_by_name = clock.now(), by.name
    row.answer, row.decided_at, row.decided_by_name = "", None, None
    db.session.flush()


def withdraw(row: OverdueMonth, *, by: Member, revision: int | None = None) -> None:
    """The firm takes its request back. Raises ConflictError when it is stale or answered."""
    _hold(row, revision)
    _move(row, "withdraw", by)
    db.session.flush()


def allow(
    row: OverdueMonth, until: date, answer: str, *, by: Member, revision: int | None = None
) -> None:
    """The office takes the month until a day, asked or not; again, to give more days.

    Raises RefusedError for a day that is past or too far, IllegalMoveError once it was handed in,
    ConflictError for a stale page.
    """
    _hold(row, revision)
    if not may_allow(until, clock.today()):
        raise RefusedError(
            _("请选今天到 %(days)s 天以内的一天。", days=MOST_ALLOWED_DAYS), at="until"
        )
    row.allowed_until = until
    _decide(row, "allow", answer, by, until=until.isoformat())


def refuse(row: OverdueMonth, answer: str, *, by: Member, revision: int | None = None) -> None:
    """The office does not take it, with words; it may be asked again.

    Raises RefusedError without words, IllegalMoveError without a request, ConflictError.
    """
    _hold(row, revision)
    if not answer.strip():
        raise RefusedError(_("请写明不准许的理由，律所会看到。"), at="answer")
    _decide(row, "refuse", answer, by)


def _decide(row: OverdueMonth, act: str, answer: str, by: Member, **told: object) -> None:
    row.answer = answer.strip()
    row.decided_at, row.decided_by_name = clock.now(), by.name
    _move(row, act, by, words=row.answer, **told)
    db.session.flush()


def _hold(row: OverdueMonth, revision: int | None) -> None:
    """Lock the month. Raises ConflictError when it moved on, IllegalMoveError when handed in."""
    db.session.refresh(row, with_for_update={"of": OverdueMonth})
    history.expect(row, revision)
    statement = queries.statement_of(row)
    if statement is not None and statement.submitted_at is not None:
        raise IllegalMoveError(
            _("结算单 %(number)s 已经提交，不用再补交。", number=statement.number), row=row
        )


def _move(row: OverdueMonth, act: str, by: Member, **told: object) -> None:
    history.advance(row, OVERDUE_FLOW, act, by=by, street_code=row.street_code, **told)
