"""收款账户: where the streets pay the firm."""

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.statements.models import FirmAccount
from counselhub.statements.queries import account


def set_account(payee: str, bank: str, number: str, *, by: Member) -> FirmAccount:
    """Set the firm's account; statements submitted before keep the one they were submitted with."""
    row = account()
    before = {"payee": row.payee, "bank": row.bank, "account": row.account} if row else {}
    after = {"payee": payee, "bank": bank, "account": number}
    if before != after:
        changes = {name: [before.get(name), after[name]] for name in after}
        history.note("account_for_payment", scope=by.scope, by=by, changes=changes)
    if row is None:
        row = FirmAccount(payee=payee, bank=bank, account=number)
        db.session.add(row)
    row.payee, row.bank, row.account = payee, bank, number
    db.session.flush()
    return row
