"""Write liaisons down, make sure of them, let them go; begin and end posts on committees."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.advisers.models import Adviser
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.liaisons import queries
from counselhub.liaisons.kinds import CommitteeRole
from counselhub.liaisons.models import POST_TWICE, CommitteePost, Liaison
from counselhub.places.models import Community


@dataclass(frozen=True, slots=True)
class LiaisonEntry:
    """Whom to call; community_code None: for the whole street."""

    street_code: str
    community_code: str | None
    name: str
    post: str
    phone: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class PostEntry:
    """An adviser's post on a committee; ends_on None: open."""

    role: CommitteeRole
    document: str | None
    starts_on: date
    ends_on: date | None


def add(entry: LiaisonEntry, *, by: Member) -> Liaison:
    """Write a liaison down, made sure of today. Raises RefusedError for a day to come."""
    row = Liaison(checked_on=_checked(entry))
    _fill(row, entry)
    db.session.add(row)
    db.session.flush()
    history.record(row, "add_liaison", by=by, street_code=row.street_code)
    return row


def change(row: Liaison, entry: LiaisonEntry, *, by: Member, revision: int | None = None) -> None:
    """Mend a liaison, who is made sure of with it. Raises RefusedError, IllegalMoveError."""
    history.expect(row, revision)
    _refuse_left(row)
    row.checked_on = _checked(entry)
    _fill(row, entry)
    history.record(row, "change_liaison", by=by, street_code=row.street_code)


def check(row: Liaison, *, by: Member, revision: int | None = None) -> None:
    """Say that everything is still right today. Raises IllegalMoveError for one who has left."""
    history.expect(row, revision)
    _refuse_left(row)
    row.checked_on = clock.today()
    history.record(row, "check_liaison", by=by, street_code=row.street_code)


def end(row: Liaison, last_on: date, *, by: Member, revision: int | None = None) -> None:
    """Say that a liaison leaves on a day. Raises RefusedError for one before the first."""
    history.expect(row, revision)
    _refuse_left(row)
    if last_on < row.starts_on:
        raise RefusedError(_("离任日期不能早于任职日期 %(day)s。", day=row.starts_on))
    row.ends_on = last_on
    history.record(row, "end_liaison", by=by, street_code=row.street_code)


def _checked(entry: LiaisonEntry) -> date:
    today = clock.today()
    if entry.starts_on > today:
        raise RefusedError(_("任职日期不能晚于今天。"), at="starts_on")
    return today


def _fill(row: Liaison, entry: LiaisonEntry) -> None:
    row.street_code, row.community_code = entry.street_code, entry.community_code
    row.name, row.post, row.phone = entry.name, entry.post, entry.phone
    row.starts_on = entry.starts_on


def _refuse_left(row: Liaison) -> None:
    if row.ends_on is not None and row.ends_on < clock.today():
        raise IllegalMoveError(_("%(name)s已经离任。", name=row.name), row=row)


def begin_post(
    community: Community, adviser: Adviser, entry: PostEntry, *, by: Member
) -> CommitteePost:
    """Write down that an adviser joins a community's mediation committee.

    Raises RefusedError for days the wrong way round, or where he already holds a post then.
    """
    if entry.ends_on is not None and entry.ends_on < entry.starts_on:
        raise RefusedError(_("结束日期不能早于开始日期。"))
    row = CommitteePost(
        community_code=community.code,
        street_code=community.street_code,
        adviser_id=adviser.id,
        role=entry.role,
        document=entry.document,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != POST_TWICE:
            raise
        raise _held(community, adviser, entry) from error
    history.record(row, "begin_post", by=by, street_code=row.street_code, adviser=adviser.name)
    return row


def _held(community: Community, adviser: Adviser, entry: PostEntry) -> RefusedError:
    other = queries.held_between(community.code, adviser.id, entry.starts_on, entry.ends_on)
    role = CommitteeRole.of(other.role).label if other else ""
    first = other.starts_on if other else entry.starts_on
    return RefusedError(
        _(
            "%(name)s从 %(day)s 起已是%(community)s人民调解委员会%(role)s，请先结束那一项。",
            name=adviser.name,
            day=first,
            community=community.short_name,
            role=role,
        )
    )


def end_post(row: CommitteePost, last_on: date, *, by: Member, revision: int | None = None) -> None:
    """End a post on a day. Raises RefusedError for one before the first or after the last."""
    history.expect(row, revision)
    if last_on < row.starts_on or (row.ends_on is not None and last_on > row.ends_on):
        last = row.ends_on or _("以后")
        raise RefusedError(
            _("结束日期要在 %(first)s 到 %(last)s 之间。", first=row.starts_on, last=last)
        )
    row.ends_on = last_on
    history.record(row, "end_post", by=by, street_code=row.street_code, last_on=str(last_on))
