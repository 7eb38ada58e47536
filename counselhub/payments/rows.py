"""The rows of a list as its rules and papers read them."""

from collections.abc import Iterable

from counselhub.payments.kinds import ItemStatus
from counselhub.payments.models import PaymentItem
from counselhub.payments.rules import Row


def row_of(item: PaymentItem) -> Row:
    """Return one row as it was taken over from its statement."""
    payee = item.payee
    return Row(
        position=item.position,
        statement=item.statement.number,
        month=item.statement.month,
        payee=payee.get("name", ""),
        bank=payee.get("bank", ""),
        account=payee.get("account", ""),
        amount_fen=item.amount_fen,
        funding=tuple((source, fen) for source, fen in item.funding),
    )


def rows_of(items: Iterable[PaymentItem]) -> list[Row]:
    """Return what a paper of the list shows: all but what was taken out of it."""
    return [row_of(one) for one in items if one.status != ItemStatus.DROPPED]
