"""收款账户: where the streets pay the firm."""

from counselhub.core.db import db
from counselhub.statements.models import FirmAccount
from counselhub.statements.queries import account


def set_account(payee: str, bank: str, number: str) -> FirmAccount:
    """Set the firm's account; statements submitted before keep the one they were submitted with."""
    row = account()
    if row is None:
        row = FirmAccount(payee=payee, bank=bank, account=number)
        db.session.add(row)
    row.payee, row.bank, row.account = payee, bank, number
    db.session.flush()
    return row
