"""Say who the people and where the places of another system are; what waited is compared then."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from counselhub.advisers.models import Adviser
from counselhub.attendance.comparing import refresh
from counselhub.attendance.gather import Span
from counselhub.attendance.kinds import Vendor
from counselhub.attendance.models import AttendanceAccount, AttendancePlace, AttendancePunch
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.duty.queries import served_communities


def bind(account: AttendanceAccount, adviser_id: UUID, *, revision: int | None, by: Member) -> None:
    """Say that an account is an adviser; its punches that waited are compared at once.

    Raises RefusedError for an adviser whom the firm does not have, ConflictError when it is stale.
    """
    history.expect(account, revision)
    adviser = db.session.scalar(select(Adviser).where(Adviser.id == adviser_id))
    if adviser is None:
        raise RefusedError(_("请选择本所名册中的律师。"))
    before = account.adviser_id
    account.adviser_id, account.is_stranger = adviser.id, False
    history.record(account, "bind", by=by, person=account.name, whom=adviser.name)
    db.session.flush()
    _compare(AttendancePunch.account_id == account.id, {adviser.id, before}, by)


def unbind(
    account: AttendanceAccount, *, revision: int | None, by: Member, is_stranger: bool = False
) -> None:
    """Say that nobody knows who an account is, or that it is none of the firm's advisers.

    Its open differences go; what a person settled stays. Raises ConflictError when it is stale.
    """
    history.expect(account, revision)
    before = account.adviser_id
    account.adviser_id, account.is_stranger = None, is_stranger
    history.record(account, "unbind", by=by, person=account.name)
    db.session.flush()
    if before:
        _compare(AttendancePunch.account_id == account.id, {before}, by)


def add(vendor: Vendor, userid: str, adviser_id: UUID, *, by: Member) -> AttendanceAccount:
    """Note an adviser's userid before any punch of it was seen, so that it can be fetched.

    Raises ConflictError (`row`) where the userid is known already, RefusedError as `bind` does.
    """
    known_as = f"id:{userid}"
    other = db.session.scalar(
        select(AttendanceAccount).where(
            AttendanceAccount.vendor == vendor, AttendanceAccount.known_as == known_as
        )
    )
    if other is not None:
        raise ConflictError(
            _("%(userid)s 已经登记为“%(name)s”，请在列表中对应。", userid=userid, name=other.name),
            row=other,
        )
    name = db.session.scalar(select(Adviser.name).where(Adviser.id == adviser_id))
    if name is None:
        raise RefusedError(_("请选择本所名册中的律师。"))
    account = AttendanceAccount(
        vendor=vendor, known_as=known_as, userid=userid, name=name, adviser_id=adviser_id
    )
    db.session.add(account)
    history.record(account, "add", by=by, person=userid, whom=name)
    db.session.flush()
    return account


def place(
    where: AttendancePlace, community_code: str | None, *, revision: int | None, by: Member
) -> None:
    """Say which community an address is; it is remembered, and what waited is compared at once.

    community_code: "" for a place of no duty, as the firm's own office; None for not known.
    Raises RefusedError for a community that the firm does not serve, ConflictError when stale.
    """
    history.expect(where, revision)
    if community_code and community_code not in {row.code for row in served_communities()}:
        raise RefusedError(_("请选择本所服务的社区。"))
    where.community_code = community_code or None
    where.is_ignored = community_code == ""
    act = "place" if community_code else ("ignore" if community_code == "" else "unplace")
    history.record(where, act, by=by, words=where.words)
    db.session.flush()
    _compare(AttendancePunch.place_id == where.id, None, by)


def _compare(of: ColumnElement[bool], advisers: set[UUID | None] | None, by: Member) -> None:
    """Compare the days of some punches anew, of some advisers or of all."""
    days = select(func.min(AttendancePunch.day), func.max(AttendancePunch.day)).where(of)
    first, last = db.session.execute(days).one()
    if first is not None:
        whose = None if advisers is None else frozenset(filter(None, advisers))
        refresh(Span(first, last, whose), by=by)
