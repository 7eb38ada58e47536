"""The community is told who comes, by the desk and by its own page; there it says: we know."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, NotFoundError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PUBLIC
from counselhub.cover.kinds import CoverStatus
from counselhub.cover.models import ChangePage, CoverRequest
from counselhub.cover.queries import AHEAD
from counselhub.places.models import Community
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.rota.models import DutyPhone, Rota, RotaStreet

BEHIND = timedelta(days=7)
"""How long a change stays on the page after its day."""
COMING = (SlotStatus.PLANNED, SlotStatus.DONE, SlotStatus.SUBSTITUTED)


def tell(request: CoverRequest, *, revision: int | None, by: Member) -> None:
    """Note that the desk has told the community. Raises IllegalMoveError with nothing to tell."""
    history.expect(request, revision)
    if request.agreed_at is None:
        raise IllegalMoveError(_("批准之后再告知社区。"), row=request)
    request.told_at = clock.now()
    history.record(request, "tell_community", by=by)


def taken_back(request: CoverRequest) -> None:
    """Note that what was agreed holds no more: to be told where the community was told of it."""
    if request.told_at is None:
        request.agreed_at = None
    request.told_at = request.known_at = None


def agreed(request: CoverRequest) -> None:
    """Note that somebody comes: to be told, in place of what was taken back before."""
    earlier = select(CoverRequest).where(
        CoverRequest.slot_id == request.slot_id,
        CoverRequest.status == CoverStatus.WITHDRAWN,
        CoverRequest.agreed_at.is_not(None),
    )
    for one in db.session.scalars(earlier):
        one.agreed_at = None
    request.agreed_at, request.told_at, request.known_at = clock.now(), None, None


def know(page: ChangePage, request_id: UUID, *, revision: int | None) -> None:
    """Note the community's word that it knows; once is enough.

    Raises NotFoundError for another community's, ConflictError when it changed meanwhile.
    """
    query = (
        select(CoverRequest)
        .join(CoverRequest.slot)
        .where(CoverRequest.id == request_id, DutySlot.community_code == page.community_code)
        .with_for_update(of=CoverRequest)
    )
    request = db.session.scalar(query)
    if request is None:
        raise NotFoundError()
    if request.known_at is not None:
        return
    history.expect(request, revision)
    if request.agreed_at is None:
        raise ConflictError(_("这条变更刚刚有了新的安排，请看最新内容。"), row=request)
    request.known_at = clock.now()
    request.told_at = request.told_at or request.known_at
    history.record(request, "know", by=_community(page))
    db.session.flush()


def _community(page: ChangePage) -> Member:
    """Who acts: the community, by its page; nobody is asked for a name."""
    place = db.session.get_one(Community, page.community_code)
    name = _("%(place)s（变更页）", place=place.short_name)
    return Member(None, name, Role.OPERATOR, PUBLIC, place.name)


def coming(code: str) -> Sequence[DutySlot]:
    """Return a community's slots of four weeks with who comes, by time."""
    today = clock.today()
    query = (
        select(DutySlot)
        .options(joinedload(DutySlot.adviser), joinedload(DutySlot.substitute))
        .where(
            DutySlot.community_code == code,
            DutySlot.day.between(today, today + AHEAD),
            DutySlot.status.in_(COMING),
        )
        .order_by(DutySlot.day, DutySlot.starts, DutySlot.id)
    )
    return db.session.scalars(query).all()


def changes(code: str) -> Sequence[CoverRequest]:
    """Return what a community is told: who comes instead, and what of it was taken back."""
    today = clock.today()
    query = (
        select(CoverRequest)
        .join(CoverRequest.slot)
        .options(
            contains_eager(CoverRequest.slot),
            joinedload(CoverRequest.adviser),
            joinedload(CoverRequest.substitute),
        )
        .where(
            DutySlot.community_code == code,
            DutySlot.day.between(today - BEHIND, today + AHEAD),
            CoverRequest.agreed_at.is_not(None),
        )
        .order_by(DutySlot.day, DutySlot.starts, CoverRequest.id)
    )
    return db.session.scalars(query).all()


def public_phones(requests: Sequence[CoverRequest]) -> dict[UUID, str]:
    """Return the numbers that substitutes agreed to show to communities."""
    wanted = {one.substitute_id for one in requests if one.substitute_id}
    if not wanted:
        return {}
    query = select(DutyPhone).where(DutyPhone.adviser_id.in_(wanted), DutyPhone.is_public)
    return {one.adviser_id: one.phone for one in db.session.scalars(query)}


def desk_phone(street_code: str) -> str:
    """Return the number of the firm's desk for a street, '' where no rota names one."""
    query = (
        select(Rota.desk_phone)
        .join(RotaStreet, (RotaStreet.firm_id == Rota.firm_id) & (RotaStreet.rota_id == Rota.id))
        .where(RotaStreet.street_code == street_code)
        .limit(1)
    )
    return db.session.scalar(query) or ""
