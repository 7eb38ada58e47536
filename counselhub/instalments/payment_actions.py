"""Enter what came for instalments, and take it back by a reversal."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.instalments import queries
from counselhub.instalments.kinds import OPEN
from counselhub.instalments.models import Instalment, InstalmentPayment
from counselhub.instalments.rules import OverpaidError, spread
from counselhub.instalments.standing import stand

REVERSED = "uq_instalment_payment_firm_id_reverses_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came, as the bank says it; amount_fen above 0."""

    paid_on: date
    amount_fen: int
    reference: str
    payer: str


def enter(
    instalment: Instalment, receipt: Receipt, *, is_spread: bool, by: Member
) -> list[InstalmentPayment]:
    """Enter a receipt for an instalment.

    is_spread: what is over goes to the contract's other open instalments, oldest first. Raises
    RefusedError for a day to come and for more than is owed, IllegalMoveError when nothing is.
    """
    if receipt.paid_on > clock.today():
        raise RefusedError(_("到账日期不能晚于今天。"), at="paid_on")
    if instalment.status not in OPEN:
        raise IllegalMoveError(_("这一期没有待付的款，不能登记到账。"), row=instalment)
    owing = queries.open_from(instalment)
    if not is_spread:
        _judge(receipt, owing)
    try:
        parts = spread(receipt.amount_fen, [one.unpaid_fen for one in owing])
    except OverpaidError as error:
        raise RefusedError(
            _(
                "这份合同所有到期未付的款都抵完后，还多出 %(rest)s 元。请与付款方核对或退回。",
                rest=format_yuan(error.rest_fen),
            ),
            at="received_fen",
        ) from error
    return [
        _take(one, receipt, part_fen, by)
        for one, part_fen in zip(owing, parts, strict=True)
        if part_fen
    ]


def _judge(receipt: Receipt, owing: list[Instalment]) -> None:
    """Refuse more than the first of `owing` lacks, saying where the rest could go."""
    first, others = owing[0], owing[1:]
    over_fen = receipt.amount_fen - first.unpaid_fen
    if over_fen <= 0:
        return
    words = _(
        "这一期还差 %(left)s 元，多出 %(over)s 元。",
        left=format_yuan(first.unpaid_fen),
        over=format_yuan(over_fen),
    )
    if others:
        words += _(
            "勾选“多出的抵其他到期款”，会依次抵第 %(places)s 期。",
            places=_("、").join(str(one.position) for one in others),
        )
    raise RefusedError(words, at="received_fen")


def _take(instalment: Instalment, receipt: Receipt, part_fen: int, by: Member) -> InstalmentPayment:
    row = InstalmentPayment(
        instalment_id=instalment.id,
        street_code=instalment.street_code,
        paid_on=receipt.paid_on,
        amount_fen=part_fen,
        reference=receipt.reference,
        payer=receipt.payer,
        entered_at=clock.now(),
        entered_by_name=by.name,
    )
    db.session.add(row)
    instalment.paid_fen += part_fen
    history.record(
        instalment,
        "enter_payment",
        by=by,
        street_code=instalment.street_code,
        amount_fen=part_fen,
        reference=receipt.reference,
    )
    stand(instalment, by=by)
    return row


def reverse(payment: InstalmentPayment, reason: str, *, by: Member) -> InstalmentPayment:
    """Take a payment back by a negative row. Raises ConflictError when it was taken back."""
    if payment.reverses_id is not None:
        raise RefusedError(_("这一行本身就是冲销，不能再冲销。"))
    db.session.flush()
    instalment = db.session.get_one(
        Instalment, (payment.firm_id, payment.instalment_id), with_for_update=True
    )
    row = InstalmentPayment(
        instalment_id=instalment.id,
        street_code=instalment.street_code,
        paid_on=payment.paid_on,
        amount_fen=-payment.amount_fen,
        reference=payment.reference,
        payer=payment.payer,
        reverses_id=payment.id,
        reason=reason,
        entered_at=clock.now(),
        entered_by_name=by.name,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != REVERSED:
            raise
        raise ConflictError(_("这笔到账已经冲销过了，请看最新内容。")) from error
    instalment.paid_fen -= payment.amount_fen
    history.record(
        instalment,
        "reverse_payment",
        by=by,
        street_code=instalment.street_code,
        amount_fen=row.amount_fen,
        reason=reason,
    )
    stand(instalment, by=by)
    return row
