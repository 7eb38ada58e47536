"""Which colleagues are told of a request for cover: those asked, who approves, who comes."""

from collections.abc import Iterable
from uuid import UUID

from counselhub.core.members import Member
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.cover.models import CoverRequest
from counselhub.notices.actions import Note, page, tell_all
from counselhub.notices.kinds import Kind


def offered(request: CoverRequest, advisers: Iterable[UUID], *, by: Member) -> None:
    """Tell who is asked to come."""
    _tell(Kind.COVER_OFFERED, request, by, page("cover.mine"), advisers)


def taken(request: CoverRequest, *, by: Member) -> None:
    """Tell the desk who would come."""
    if request.substitute is not None:
        path = page("cover.one_request", cover_id=request.id)
        _tell(Kind.COVER_TAKEN, request, by, path, adviser=request.substitute.name)


def agreed(request: CoverRequest, *, by: Member) -> None:
    """Tell who comes that it is agreed."""
    if request.substitute_id is not None:
        _tell(Kind.COVER_AGREED, request, by, page("cover.mine"), [request.substitute_id])


def _tell(
    kind: Kind,
    request: CoverRequest,
    by: Member,
    path: str,
    advisers: Iterable[UUID] = (),
    **facts: str,
) -> None:
    slot = request.slot
    note = Note(
        kind=kind,
        scope=Scope(ScopeKind.FIRM, str(request.firm_id)),
        key=f"{request.id}:{request.substitute_id or ''}",
        path=path,
        advisers=tuple(advisers),
        but=by.person_id,
        facts={"community": slot.community.name, "day": slot.day, **facts},
    )
    tell_all([note])
