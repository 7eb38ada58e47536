"""Draw an account up, confirm it on either side, dispute it line by line, settle what is disputed.

Every act locks the account first and takes the revision that its reader saw: ConflictError (409)
when the other side has acted since.
"""

from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.balances import queries, rules
from counselhub.balances.kinds import BalanceStatus
from counselhub.balances.models import ONE_PERIOD, Balance, BalanceDispute
from counselhub.balances.states import BALANCE_FLOW
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import ScopeKind


def picture(firm_id: UUID, street_code: str, first: date, last: date) -> dict[str, Any]:
    """Return figures, entries and ageing of a period as the books are now (BALANCE-1)."""
    booked = queries.booked(firm_id, street_code)
    sums: dict[str, Any] = dict(rules.figures(booked.entries, first, last))
    sums["ageing"] = rules.ageing(booked.owed, last)
    entries = [one.document() for one in rules.lines(booked.entries, first, last)]
    head = [str(firm_id), street_code, first.isoformat(), last.isoformat()]
    return {"figures": sums, "entries": entries, "digest": rules.digest(head, sums, entries)}


def draw_up(firm_id: UUID, street_code: str, first: date, last: date, *, by: Member) -> Balance:
    """Freeze the account of a period for both sides to confirm.

    Raises RefusedError for a period the wrong way round or not over, ConflictError when there is
    one of the very period.
    """
    if not first <= last <= clock.today():
        raise RefusedError(_("期间的开始不能晚于结束，结束不能晚于今天。"), at="last_on")
    row = Balance(
        firm_id=firm_id,
        street_code=street_code,
        first_on=first,
        last_on=last,
        drawn_at=clock.now(),
        drawn_by_name=by.name,
        **picture(firm_id, street_code, first, last),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != ONE_PERIOD:
            raise
        raise ConflictError(_("这个期间的往来对账单已经出具，请在列表里打开。")) from error
    history.record(row, "make_balance", by=by, street_code=street_code)
    db.session.flush()
    return row


def hold(row: Balance, revision: int | None = None) -> None:
    """Lock an account until the transaction ends. Raises ConflictError when it has moved on."""
    db.session.refresh(row, with_for_update={"of": Balance})
    history.expect(row, revision)


def _hold_open(row: Balance, revision: int | None) -> None:
    hold(row, revision)
    if row.status == BalanceStatus.CONFIRMED:
        raise ConflictError(_("双方已确认这份对账单，内容已冻结。"), row=row)


def refresh(row: Balance, *, by: Member, revision: int | None = None) -> None:
    """Take the account anew from the books; whoever had confirmed is asked again."""
    _hold_open(row, revision)
    now = picture(row.firm_id, row.street_code, row.first_on, row.last_on)
    if now["digest"] == row.digest:
        raise ConflictError(_("账目没有变化，不用重新出具。"), row=row)
    row.figures, row.entries, row.digest = now["figures"], now["entries"], now["digest"]
    row.drawn_at, row.drawn_by_name = clock.now(), by.name
    row.firm_confirmed_at = row.firm_confirmed_by_name = None
    row.office_confirmed_at = row.office_confirmed_by_name = None
    history.record(row, "refresh_balance", by=by, street_code=row.street_code)
    db.session.flush()


def confirm(row: Balance, *, by: Member, revision: int | None = None) -> None:
    """Confirm the whole for the side of `by`; with the second side it is closed (BALANCE-3).

    Raises ConflictError while something is disputed, when the books have changed since, or when
    this side has confirmed before.
    """
    _hold_open(row, revision)
    if any(one.settled_at is None for one in queries.disputes(row.id)):
        raise ConflictError(_("还有没了结的异议，了结后才能确认。"), row=row)
    now = picture(row.firm_id, row.street_code, row.first_on, row.last_on)
    if now["digest"] != row.digest:
        raise ConflictError(_("出具之后账目有变化，请重新出具后再确认。"), row=row)
    side = _side(by)
    if getattr(row, f"{side}_confirmed_at") is not None:
        raise ConflictError(_("本方已经确认过，等对方确认。"), row=row)
    setattr(row, f"{side}_confirmed_at", clock.now())
    setattr(row, f"{side}_confirmed_by_name", by.name)
    street = row.street_code
    if row.firm_confirmed_at and row.office_confirmed_at:
        history.advance(row, BALANCE_FLOW, "confirm_balance", by=by, street_code=street)
    else:
        history.record(row, "confirm_side", by=by, street_code=street)
    db.session.flush()


def _side(by: Member) -> str:
    return "firm" if by.scope.kind is ScopeKind.FIRM else "office"


def dispute(
    row: Balance, line: str, words: str, *, by: Member, revision: int | None = None
) -> BalanceDispute:
    """Say what is wrong with a line, '' for the whole; confirmations so far are void."""
    _hold_open(row, revision)
    if not words.strip():
        raise RefusedError(_("请写明哪里不符，本方的数是多少。"), at="words")
    if line and line not in {one["key"] for one in row.entries}:
        raise RefusedError(_("请从列出的账目里选择。"), at="line")
    made = BalanceDispute(
        firm_id=row.firm_id,
        balance_id=row.id,
        street_code=row.street_code,
        line=line,
        side=_side(by),
        words=words.strip(),
        raised_at=clock.now(),
        raised_by_name=by.name,
    )
    db.session.add(made)
    row.firm_confirmed_at = row.firm_confirmed_by_name = None
    row.office_confirmed_at = row.office_confirmed_by_name = None
    history.record(row, "dispute_line", by=by, street_code=row.street_code, words=words.strip())
    db.session.flush()
    return made


def answer(one: BalanceDispute, words: str, *, by: Member, revision: int | None = None) -> None:
    """Answer what the other side disputes. Raises ForbiddenError for the side that disputes."""
    row = _hold_dispute(one, revision)
    if one.side == _side(by):
        raise ForbiddenError(_("异议由本方提出，等对方答复。"))
    if not words.strip():
        raise RefusedError(_("请写明答复。"), at="words")
    one.answer, one.answered_at, one.answered_by_name = words.strip(), clock.now(), by.name
    history.record(row, "answer_dispute", by=by, street_code=row.street_code, words=words.strip())
    db.session.flush()


def settle(one: BalanceDispute, *, by: Member, revision: int | None = None) -> None:
    """Say that a dispute is settled. Raises ForbiddenError for the side that did not raise it."""
    row = _hold_dispute(one, revision)
    if one.side != _side(by):
        raise ForbiddenError(_("异议由对方提出，由对方了结。"))
    one.settled_at, one.settled_by_name = clock.now(), by.name
    history.record(row, "settle_dispute", by=by, street_code=row.street_code, words=one.words)
    db.session.flush()


def _hold_dispute(one: BalanceDispute, revision: int | None) -> Balance:
    row = db.session.get_one(Balance, (one.firm_id, one.balance_id))
    _hold_open(row, None)
    db.session.refresh(one)
    history.expect(one, revision)
    if one.settled_at is not None:
        raise ConflictError(_("这条异议已经了结。"), row=row)
    return row
