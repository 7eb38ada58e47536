"""Enter invoices and the red ones that take them back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.instalments import files, queries
from counselhub.instalments.files import Sent
from counselhub.instalments.kinds import OPEN, FileKind, InstalmentStatus
from counselhub.instalments.models import Instalment, Invoice
from counselhub.instalments.standing import stand

SAME_NUMBER = "uq_invoice_firm_id_number_code"
INVOICED = (*OPEN, InstalmentStatus.PAID)
"""States in which an invoice may come, a late one after the money too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An invoice as it is printed; amount_fen above 0, of a red one what it takes back."""

    kind: str
    number: str
    code: str | None
    issued_on: date
    amount_fen: int
    tax_percent: Decimal
    buyer: str
    buyer_tax_number: str | None


def enter(
    instalment: Instalment,
    entry: Entry,
    sent: Sequence[Sent],
    *,
    by: Member,
    red_of: Invoice | None = None,
) -> Invoice:
    """Enter an invoice; red_of: the one that a red one takes back, wholly or in part.

    Raises RefusedError: a day to come, more than there is to invoice or to take back, a number
    that is entered already (naming where); IllegalMoveError before the instalment is due.
    """
    if instalment.status not in INVOICED:
        raise IllegalMoveError(_("这一期还没有到付款条件或已取消，不能开票。"), row=instalment)
    if entry.issued_on > clock.today():
        raise RefusedError(_("开票日期不能晚于今天。"), at="issued_on")
    if red_of is None:
        _judge_amount(entry, instalment.amount_fen - instalment.invoiced_fen)
    else:
        _judge_red(entry, red_of)
    with _not_entered_yet(entry):
        row = _made(instalment, entry, by, red_of)
        db.session.add(row)
    if red_of is not None:
        red_of.reversed_fen += entry.amount_fen
    instalment.invoiced_fen += row.amount_fen
    for one in sent:
        files.add(instalment, one, FileKind.INVOICE, by=by, invoice_id=row.id)
    history.record(
        instalment,
        "enter_invoice",
        by=by,
        street_code=instalment.street_code,
        number=row.number,
        amount_fen=row.amount_fen,
    )
    stand(instalment, by=by)
    return row


def _judge_amount(entry: Entry, left_fen: int) -> None:
    if entry.amount_fen > left_fen:
        raise RefusedError(
            _(
                "这一期还可开票 %(left)s 元，这张发票多出 %(over)s 元。",
                left=format_yuan(left_fen),
                over=format_yuan(entry.amount_fen - left_fen),
            ),
            at="amount_fen",
        )


def _judge_red(entry: Entry, first: Invoice) -> None:
    left_fen = first.amount_fen - first.reversed_fen
    if first.red_of_id is not None:
        raise RefusedError(_("红字发票不能再冲红。"))
    if entry.amount_fen > left_fen:
        raise RefusedError(
            _(
                "发票 %(number)s 还可冲红 %(left)s 元。",
                number=first.number,
                left=format_yuan(left_fen),
            ),
            at="amount_fen",
        )


def _made(instalment: Instalment, entry: Entry, by: Member, red_of: Invoice | None) -> Invoice:
    signed_fen = entry.amount_fen if red_of is None else -entry.amount_fen
    return Invoice(
        instalment_id=instalment.id,
        street_code=instalment.street_code,
        kind=entry.kind,
        number=entry.number,
        code=entry.code,
        issued_on=entry.issued_on,
        amount_fen=signed_fen,
        tax_percent=entry.tax_percent,
        buyer=entry.buyer,
        buyer_tax_number=entry.buyer_tax_number,
        red_of_id=None if red_of is None else red_of.id,
        search=" ".join(filter(None, (entry.number, entry.code, entry.buyer))).lower(),
        entered_at=clock.now(),
        entered_by_name=by.name,
    )


@contextmanager
def _not_entered_yet(entry: Entry) -> Iterator[None]:
    """Write inside; the same number entered before is named. Raises RefusedError."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != SAME_NUMBER:
            raise
        raise RefusedError(_entered(entry), at="number") from error


def _entered(entry: Entry) -> str:
    there = queries.same_invoice(entry.number, entry.code)
    if there is None:
        return str(_("发票 %(number)s 已登记过，请核对号码。", number=entry.number))
    return str(
        _(
            "发票 %(number)s 已在 %(day)s 登记于合同 %(contract)s 的“%(name)s”，不能重复登记。",
            number=entry.number,
            day=clock.local(there.entered_at).date(),
            contract=there.instalment.contract.number,
            name=there.instalment.name,
        )
    )
