"""Make a payment list, send it to finance, record what was paid and what came back.

Every act locks its list first and takes the revision that its reader saw; it raises ConflictError
(409) when the list, or one of its statements, has moved on since.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db, take_lock
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.i18n import listed
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.payments import queries, rules
from counselhub.payments.bouncing import bounce_statement
from counselhub.payments.kinds import ItemStatus, ListStatus
from counselhub.payments.models import ONE_LIVE_LIST, PaymentItem, PaymentList
from counselhub.payments.rows import row_of
from counselhub.payments.states import ITEM_FLOW, LIST_FLOW
from counselhub.review import actions as review
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

MOST_ROWS = 500
"""Statements of one list: more than any street has firms and months in arrears."""


def make(ids: Collection[UUID], *, by: Member) -> PaymentList:
    """Put payable statements on a new list, firm by firm and month by month.

    Raises RefusedError without any, with too many, or naming whose account is incomplete (PAY-1);
    ConflictError when one is no longer to be had.
    """
    if not 0 < len(set(ids)) <= MOST_ROWS:
        raise RefusedError(_("请勾选要支付的结算单，一张清单最多 %(most)s 份。", most=MOST_ROWS))
    found = queries.payable_of(ids)
    _refuse_gone(ids, found)
    _refuse_lacking(found)
    made = _new_list(by)
    _add_items(made, found)
    total_fen = sum(one.payable_fen for one in found)
    history.record(
        made, "make_list", by=by, number=made.number, rows=len(found), amount_fen=total_fen
    )
    return made


def _refuse_gone(ids: Collection[UUID], found: Sequence[Statement]) -> None:
    missing = set(ids) - {one.id for one in found}
    if not missing:
        return
    taken = queries.live_lists(missing)
    if taken:
        number, list_number = taken[0]
        raise ConflictError(
            _(
                "结算单 %(number)s 已在支付清单 %(list)s 中，一份结算单不能同时列入两张清单。",
                number=number,
                list=list_number,
            )
        )
    raise ConflictError(_("有结算单已不在待支付状态，请看最新内容后重新勾选。"))


def _refuse_lacking(found: Sequence[Statement]) -> None:
    lacking = [
        one.number
        for one in found
        if rules.lacking(*(one.payee.get(name, "") for name in ("name", "bank", "account")))
    ]
    if lacking:
        raise RefusedError(
            _("结算单 %(numbers)s 提交时的收款账户不完整，不能支付。", numbers=listed(lacking))
        )


def _new_list(by: Member) -> PaymentList:
    """Number a list within its street and month: ZF-440307012-202611-02."""
    street = by.street_code
    take_lock(f"payment_list {street}")
    prefix = f"ZF-{street}-{clock.today():%Y%m}-"
    last = queries.last_number(street, prefix)
    made = PaymentList(
        street_code=street,
        number=f"{prefix}{int((last or '0').rpartition('-')[2]) + 1:02d}",
        made_at=clock.now(),
        made_by_name=by.name,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _add_items(made: PaymentList, found: Sequence[Statement]) -> None:
    try:
        with db.session.begin_nested():
            db.session.add_all(
                PaymentItem(
                    firm_id=one.firm_id,
                    list_id=made.id,
                    statement_id=one.id,
                    street_code=made.street_code,
                    position=place,
                    amount_fen=one.payable_fen,
                    payee=one.payee,
                    funding=one.funding,
                )
                for place, one in enumerate(found, 1)
            )
    except IntegrityError as error:
        if constraint_of(error) != ONE_LIVE_LIST:
            raise
        raise ConflictError(
            _("其中一份结算单刚刚被列入另一张清单，请看最新内容后重新勾选。")
        ) from error


def hold(found: PaymentList, revision: int | None = None) -> list[PaymentItem]:
    """Lock a list until the transaction ends, and return its rows. Raises ConflictError."""
    db.session.refresh(found, with_for_update={"of": PaymentList})
    history.expect(found, revision)
    return queries.items(found.id)


def drop(item: PaymentItem, *, by: Member, revision: int | None = None) -> None:
    """Take a row off a list that was not sent yet. Raises ConflictError, RefusedError (last)."""
    found = db.session.get_one(PaymentList, item.list_id)
    items = hold(found, revision)
    if found.status != ListStatus.DRAFT:
        raise ConflictError(_("清单已送财政，不能再移出；请拆单后重新生成。"), row=found)
    if sum(one.status == ItemStatus.LISTED for one in items) == 1:
        raise RefusedError(_("这是清单的最后一份，请改用“拆单”。"))
    history.advance(item, ITEM_FLOW, "drop_item", by=by)
    _touch(found)


def _touch(found: PaymentList) -> None:
    """Make whoever looks at the list as it was find out: its rows are part of it."""
    flag_modified(found, "made_by_name")
    db.session.flush()


def send(found: PaymentList, *, by: Member, revision: int | None = None) -> None:
    """Hand a list to finance: its rows are fixed by their digest, and firms see theirs (PAY-3)."""
    items = _listed(hold(found, revision))
    found.sent_at, found.sent_by_name = found.sent_at or clock.now(), by.name
    found.digest = rules.digest(found.number, [row_of(one) for one in items])
    history.advance(found, LIST_FLOW, "send", by=by)
    for item in items:
        item.published_at = found.sent_at
        history.record(item, "list_item", by=by, street_code=item.street_code, number=found.number)
    db.session.flush()


def _listed(items: Sequence[PaymentItem]) -> list[PaymentItem]:
    return [one for one in items if one.status == ItemStatus.LISTED]


def pay(
    found: PaymentList,
    *,
    paid_on: date,
    reference: str,
    references: Mapping[UUID, str],
    by: Member,
    revision: int | None = None,
) -> int:
    """Record that finance has paid every row still listed, in one act; return how many.

    reference: the number of the bank's slip; references: its own one of some rows. Raises
    ConflictError naming a statement that was paid by itself, RefusedError for a wrong day, and
    what `review.actions.pay` raises.
    """
    items = _listed(hold(found, revision))
    _refuse_paid(found, items)
    found.paid_on, found.reference = paid_on, reference
    history.advance(found, LIST_FLOW, "pay_list", by=by, rows=len(items))
    for item in items:
        item.paid_on, item.reference = paid_on, references.get(item.id) or reference
        history.advance(item, ITEM_FLOW, "pay_item", by=by, street_code=item.street_code)
        review.pay(
            item.statement,
            paid_on=paid_on,
            amount_fen=item.amount_fen,
            reference=item.reference,
            by=by,
        )
    return len(items)


def _refuse_paid(found: PaymentList, items: Sequence[PaymentItem]) -> None:
    if not items:
        raise RefusedError(_("清单中已没有待支付的结算单，请拆单。"))
    moved = [one.statement for one in items if one.statement.status != StatementStatus.PAYABLE]
    if moved:
        numbers = listed(one.number for one in moved)
        raise ConflictError(
            _("结算单 %(numbers)s 已单独登记支付，请拆单后重新生成清单。", numbers=numbers),
            row=found,
        )


def bounce(
    item: PaymentItem, words: str, on: date, *, by: Member, revision: int | None = None
) -> None:
    """Record that the bank sent a payment back: its statement is payable again (PAY-4).

    Raises RefusedError without words or for a wrong day, ConflictError.
    """
    found = db.session.get_one(PaymentList, item.list_id)
    hold(found, revision)
    if found.status not in (ListStatus.SENT, ListStatus.PAID):
        raise ConflictError(_("清单还没有送财政，不会有退汇。"), row=found)
    if not words.strip():
        raise RefusedError(_("请写明退汇原因。"))
    first = item.paid_on or clock.local(found.sent_at or found.made_at).date()
    if not first <= on <= clock.today():
        raise RefusedError(_("退汇日期须在 %(first)s 到今天之间。", first=first.isoformat()))
    if item.status == ItemStatus.PAID:
        bounce_statement(item.statement, words.strip(), by=by)
    item.bounced_on, item.bounce_words = on, words.strip()
    history.advance(
        item,
        ITEM_FLOW,
        "bounce_item",
        by=by,
        street_code=item.street_code,
        amount=format_yuan(item.amount_fen),
    )
    _touch(found)


def take_apart(found: PaymentList, words: str, *, by: Member, revision: int | None = None) -> None:
    """Give a list up before it was paid: its statements are free for another one.

    Raises RefusedError without words, ConflictError.
    """
    items = _listed(hold(found, revision))
    if not words.strip():
        raise RefusedError(_("请写明拆单原因。"))
    history.advance(found, LIST_FLOW, "take_apart", by=by, words=words.strip())
    found.apart_words = words.strip()
    for item in items:
        history.advance(item, ITEM_FLOW, "drop_item", by=by, street_code=item.street_code)
    db.session.flush()
