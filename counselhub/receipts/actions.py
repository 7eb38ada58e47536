"""Give receipts to statements and take them back, set receipts aside.

Every act locks the receipts first and then the statements, each in the order of their ids, so that
two at once follow one another and the second one sees what the first one did.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock, history
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.receipts import matching, queries
from counselhub.receipts.kinds import Confidence, How, ReceiptStatus
from counselhub.receipts.matching import Suggestion
from counselhub.receipts.models import BankReceipt, ReceiptAllocation
from counselhub.receipts.settling import settle
from counselhub.receipts.states import RECEIPT_FLOW
from counselhub.statements.models import Statement

Held = TypeVar("Held", BankReceipt, Statement)


@dataclass(frozen=True, slots=True)
class Share:
    """What of one receipt goes to which statements, in fen, each above 0."""

    receipt_id: UUID
    parts: Mapping[UUID, int]
    how: How = How.HAND


def suggestions(receipt_id: UUID | None = None) -> list[Suggestion]:
    """Return what belongs together, of all open receipts or of one."""
    found = matching.suggest(queries.open_receipts(), queries.dues(), queries.payers())
    return [one for one in found if receipt_id in (None, one.receipt_id)]


def allocate(
    shares: Sequence[Share], *, by: Member, revision: int | None = None
) -> list[ReceiptAllocation]:
    """Give parts of receipts to statements, all or none (ALLOC-1).

    revision: what the reader saw of the one receipt. Raises RefusedError without an amount,
    ConflictError naming what no longer has as much, or is not to be settled.
    """
    if not shares or any(min(one.parts.values(), default=0) <= 0 for one in shares):
        raise RefusedError(_("请填写要分配的金额，须大于 0。"))
    receipts = _hold(BankReceipt, [one.receipt_id for one in shares])
    if revision is not None:
        history.expect(receipts[shares[0].receipt_id], revision)
    wanted: Counter[UUID] = Counter()
    for one in shares:
        wanted.update(one.parts)
    statements = _hold(Statement, wanted)
    _refuse_too_much(shares, receipts, statements, wanted)
    made = [row for one in shares for row in _give(one, receipts, statements, by)]
    db.session.flush()
    settle(statements.values(), by=by)
    return made


def _hold(model: type[Held], ids: Collection[UUID]) -> dict[UUID, Held]:
    """Lock rows and read them anew. Raises ConflictError when one is not there."""
    query = select(model).where(among(model.id, ids)).order_by(model.id).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True))
    rows = {row.id: row for row in found}
    if set(ids) - set(rows):
        raise ConflictError(_("其中一项已经不在了，请看最新内容。"))
    return rows


def _refuse_too_much(
    shares: Iterable[Share],
    receipts: Mapping[UUID, BankReceipt],
    statements: Mapping[UUID, Statement],
    wanted: Mapping[UUID, int],
) -> None:
    of_receipt: Counter[UUID] = Counter()
    for one in shares:
        of_receipt[one.receipt_id] += sum(one.parts.values())
    for key, fen in of_receipt.items():
        _refuse_receipt(receipts[key], fen)
    got = queries.balances(wanted)
    for key, fen in wanted.items():
        _refuse_statement(statements[key], fen, got[key])


def _refuse_receipt(receipt: BankReceipt, fen: int) -> None:
    if receipt.status == ReceiptStatus.ASIDE:
        raise ConflictError(_("这笔到账已搁置，请先取消搁置。"), row=receipt)
    if fen > receipt.rest_fen:
        raise ConflictError(
            _(
                "%(day)s %(payer)s 的这笔到账只剩 %(rest)s 元可以分配。",
                day=receipt.day.isoformat(),
                payer=receipt.payer,
                rest=format_yuan(receipt.rest_fen),
            ),
            row=receipt,
        )


def _refuse_statement(statement: Statement, fen: int, got_fen: int) -> None:
    if statement.status not in queries.PAID:
        raise ConflictError(
            _(
                "街道还没有登记结算单 %(number)s 的支付，登记后才能对到账。",
                number=statement.number,
            ),
            row=statement,
        )
    due_fen = (statement.paid_fen or 0) - got_fen
    if fen > due_fen:
        raise ConflictError(
            _(
                "结算单 %(number)s 只差 %(due)s 元，不能再多分配。",
                number=statement.number,
                due=format_yuan(due_fen),
            ),
            row=statement,
        )


def _give(
    share: Share,
    receipts: Mapping[UUID, BankReceipt],
    statements: Mapping[UUID, Statement],
    by: Member,
) -> list[ReceiptAllocation]:
    receipt, made = receipts[share.receipt_id], []
    for key, fen in share.parts.items():
        statement = statements[key]
        row = ReceiptAllocation(
            receipt_id=receipt.id,
            statement_id=key,
            street_code=statement.street_code,
            amount_fen=fen,
            received_on=receipt.day,
            how=share.how,
            made_at=clock.now(),
            made_by_name=by.name,
        )
        made.append(row)
        receipt.allocated_fen += fen
        history.record(receipt, "allocate", by=by, number=statement.number, amount_fen=fen)
    db.session.add_all(made)
    return made


def accept(receipt_id: UUID, *, by: Member, revision: int | None = None) -> Suggestion:
    """Do what is suggested for a receipt. Raises ConflictError when nothing is any more."""
    found = suggestions(receipt_id)
    if not found:
        raise ConflictError(_("这条建议已经不成立，请看最新内容。"))
    allocate([_share(found[0])], by=by, revision=revision)
    return found[0]


def accept_certain(count: int, amount_fen: int, *, by: Member) -> list[Suggestion]:
    """Do all that is certain in one act.

    count, amount_fen: what the button named. Raises ConflictError when that is no longer so.
    """
    found = [one for one in suggestions() if one.confidence is Confidence.CERTAIN]
    if (len(found), sum(one.amount_fen for one in found)) != (count, amount_fen) or not found:
        raise ConflictError(_("确定的匹配刚刚有变化，请核对笔数和金额后再接受。"))
    allocate([_share(one) for one in found], by=by)
    return found


def _share(found: Suggestion) -> Share:
    return Share(found.receipt_id, dict(found.parts), found.how)


def unmatch(row: ReceiptAllocation, words: str, *, by: Member) -> ReceiptAllocation:
    """Take one allocation back by a row of the opposite amount (ALLOC-2).

    Raises RefusedError without words, ConflictError when it was taken back before.
    """
    if not words.strip():
        raise RefusedError(_("请写明撤销的原因。"))
    receipt = _hold(BankReceipt, [row.receipt_id])[row.receipt_id]
    statement = _hold(Statement, [row.statement_id])[row.statement_id]
    if row.reverses_id is not None or queries.is_reversed(row.id):
        raise ConflictError(_("这一笔分配已经撤销。"), row=receipt)
    back = ReceiptAllocation(
        receipt_id=receipt.id,
        statement_id=statement.id,
        street_code=row.street_code,
        amount_fen=-row.amount_fen,
        received_on=row.received_on,
        how=row.how,
        reverses_id=row.id,
        words=words.strip(),
        made_at=clock.now(),
        made_by_name=by.name,
    )
    db.session.add(back)
    receipt.allocated_fen -= row.amount_fen
    told = {"number": statement.number, "words": words.strip()}
    history.record(receipt, "unmatch", by=by, street_code=None, **told)
    db.session.flush()
    settle([statement], by=by)
    return back


def set_aside(receipt: BankReceipt, words: str, *, by: Member, revision: int | None = None) -> None:
    """Say that what is open of a receipt is none of the programme's, and why."""
    receipt = _hold(BankReceipt, [receipt.id])[receipt.id]
    history.expect(receipt, revision)
    if not words.strip():
        raise RefusedError(_("请写明搁置的原因，例如“退款”“其他业务收入”。"))
    if receipt.rest_fen == 0:
        raise ConflictError(_("这笔到账已全部匹配，不用搁置。"), row=receipt)
    receipt.aside_words = words.strip()
    history.advance(receipt, RECEIPT_FLOW, "set_aside", by=by, words=words.strip())
    db.session.flush()


def put_back(receipt: BankReceipt, *, by: Member, revision: int | None = None) -> None:
    """Take a receipt up again that was set aside."""
    receipt = _hold(BankReceipt, [receipt.id])[receipt.id]
    history.expect(receipt, revision)
    receipt.aside_words = None
    history.advance(receipt, RECEIPT_FLOW, "put_back", by=by)
    db.session.flush()
