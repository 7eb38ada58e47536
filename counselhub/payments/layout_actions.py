"""Keep the workbook that a street's finance wants, or go back to our own."""

import hashlib

from flask_babel import gettext as _

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.payments import layouts, queries
from counselhub.payments.models import PaymentLayout

LONGEST_NAME = 120


def keep(name: str, data: bytes, *, by: Member) -> PaymentLayout:
    """Keep a layout in place of the one before. Raises what `layouts.judge` raises."""
    layouts.judge(data)
    row = queries.layout(by.street_code)
    if row is None:
        row = PaymentLayout(street_code=by.street_code)
        db.session.add(row)
    row.name, row.content = name[-LONGEST_NAME:], data
    row.sha256 = hashlib.sha256(data).hexdigest()
    row.kept_at, row.kept_by_name = clock.now(), by.name
    db.session.flush()
    history.record(row, "keep_layout", by=by, file=row.name)
    return row


def drop(*, by: Member, revision: int | None = None) -> None:
    """Go back to our own layout. Raises ConflictError when somebody did so before."""
    row = queries.layout(by.street_code)
    if row is None:
        raise ConflictError(_("现在用的已经是默认版式。"))
    history.expect(row, revision)
    history.record(row, "drop_layout", by=by, file=row.name)
    db.session.delete(row)
    db.session.flush()
