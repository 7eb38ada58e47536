"""Keep a firm's key to DingTalk's interface: the secret sealed, never shown again."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import delete, update

from counselhub.attendance.models import AttendanceAccount, AttendanceLink
from counselhub.attendance.queries import link
from counselhub.core import data_keys, history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.core.sealing import KeyRing, Place, UnsealError
from counselhub.people import resealing


def sealed_at(row: AttendanceLink) -> Place:
    """Return where the secret is sealed: it opens nowhere else."""
    return Place(row.firm_id, AttendanceLink.__tablename__, row.id, "sealed_secret")


def secret_of(row: AttendanceLink) -> str:
    """Return the secret in the clear. Raises RefusedError when it does not open."""
    try:
        return data_keys.ring().unseal(row.sealed_secret, sealed_at(row))
    except UnsealError as error:
        raise RefusedError(_("保存的 AppSecret 无法打开，请重新填写并保存。")) from error


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every firm's secret anew; return how many, and the keys that are still needed."""
    return resealing.reseal(ring, sealed_at, AttendanceLink.sealed_secret)


def connect(
    app_key: str, secret: str, since: date, *, revision: int | None, by: Member
) -> AttendanceLink:
    """Keep or change the firm's key; a blank secret keeps the one that is there.

    An earlier `since` lets everybody be asked about again. Raises RefusedError without a secret,
    ConflictError for a stale page.
    """
    row = link()
    if row is None and not secret:
        raise RefusedError(_("请填写 AppSecret。"))
    if row is None:
        row = AttendanceLink(firm_id=by.firm_id, app_key=app_key, since=since, sealed_secret="")
        db.session.add(row)
    else:
        history.expect(row, revision)
        if since < row.since:
            _ask_again()
        row.app_key, row.since, row.problem = app_key, since, ""
    if secret:
        row.sealed_secret = data_keys.writing_ring().seal(secret, sealed_at(row))
    history.record(row, "connect", by=by)
    db.session.flush()
    return row


def _ask_again() -> None:
    db.session.execute(
        update(AttendanceAccount).values(fetched_until=None),
        execution_options={"synchronize_session": False},
    )


def disconnect(row: AttendanceLink, *, by: Member) -> None:
    """Forget the key; punches that were fetched stay."""
    history.record(row, "disconnect", by=by)
    db.session.flush()
    db.session.execute(
        delete(AttendanceLink).where(AttendanceLink.id == row.id),
        execution_options={"synchronize_session": False},
    )
