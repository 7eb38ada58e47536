"""Keep the studios that both sides have put their names on."""

from dataclasses import asdict, dataclass

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.pairings.studio_models import PartyStudio


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioEntry:
    """A studio as its plate says it; is_public: whether the community's public card shows it."""

    community_code: str
    name: str
    address: str
    members: str
    opening: str
    is_public: bool


def add(entry: StudioEntry, *, by: Member) -> PartyStudio:
    """Add a studio."""
    studio = PartyStudio(street_code=entry.community_code[:9], **asdict(entry))
    db.session.add(studio)
    db.session.flush()
    history.record(studio, "add_studio", by=by, street_code=studio.street_code)
    return studio


def change(studio: PartyStudio, entry: StudioEntry, *, revision: int | None, by: Member) -> None:
    """Change a studio. Raises ConflictError for a stale page."""
    history.expect(studio, revision)
    for name, value in asdict(entry).items():
        setattr(studio, name, value)
    studio.street_code = entry.community_code[:9]
    history.record(studio, "change_studio", by=by, street_code=studio.street_code)


def remove(studio: PartyStudio, *, revision: int | None, by: Member) -> None:
    """Delete a studio; public cards show it no more. Raises ConflictError for a stale page."""
    history.expect(studio, revision)
    history.record(studio, "remove_studio", by=by, street_code=studio.street_code, name=studio.name)
    db.session.flush()
    db.session.delete(studio)
