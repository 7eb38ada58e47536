"""How a street judges its ledger, and how long its files are kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.members import Member, command_member
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.ledgers import queries
from counselhub.ledgers.models import LedgerImport


def set_tolerance(
    *, fen: int, minutes: int, visits: int, by: Member, revision: int | None = None
) -> None:
    """Set how far the sides may lie apart and still agree. Raises ConflictError."""
    setting = queries.setting_of(by.street_code)
    if setting.revision is not None:
        history.expect(setting, revision)
    setting.tolerance_fen, setting.tolerance_minutes = fen, minutes
    setting.tolerance_visits = visits
    db.session.add(setting)
    db.session.flush()
    history.record(setting, "set_tolerance", by=by, fen=fen, minutes=minutes, visits=visits)


def expire_files(street_code: str, until: datetime, *, days: int, dry: bool) -> list[UUID]:
    """Drop the content of a street's ledgers uploaded before `until`; return their ids.

    dry: only say which. An act of the office's record says how many went, after how many days.
    """
    over = (
        LedgerImport.street_code == street_code,
        LedgerImport.made_at < until,
        LedgerImport.content.is_not(None),
    )
    found = list(db.session.scalars(select(LedgerImport.id).where(*over)))
    if found and not dry:
        db.session.execute(update(LedgerImport).where(*over).values(content=None))
        scope = Scope(ScopeKind.OFFICE, street_code)
        history.note(
            "expire_ledger_files",
            scope=scope,
            by=command_member(scope),
            count=len(found),
            days=days,
        )
    return found
