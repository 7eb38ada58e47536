"""Communities: the firm's own ones and all others."""

from pydantic import Field

from counselhub.api.cursors import part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Code, Listed, PageOf, Shown, Words
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.places import queries
from counselhub.places.models import Community

READ = "places:read"


class Place(Shown):
    """社区 or 村; `served`: whether the firm has a signed contract with it, now or to come."""

    code: str
    name: str
    street_code: str
    street_name: str
    served: bool


class PlacesAsked(Listed):
    """Words of name, pinyin or code; only what the firm serves unless `all`."""

    q: Words | None = None
    street: str | None = Field(None, pattern=r"^[0-9]{9}$")
    all: bool = False


@operation(
    "GET",
    "/places",
    N_("列出社区"),
    READ,
    Permission.FIRM_READ,
    query=PlacesAsked,
    answer=PageOf[Place],
)
def list_places(asked: PlacesAsked) -> PageOf[Place]:
    """List the communities that the firm serves, or all of them, by code."""
    query = queries.communities(asked.q, own=not asked.all)
    if asked.street:
        query = query.where(Community.street_code == asked.street)
    return part_of(query, Community.code, asked, _shown, PageOf[Place])


@operation("GET", "/places/<code>", N_("查看一个社区"), READ, Permission.FIRM_READ, answer=Place)
def place(code: Code) -> Place:
    """Show one community, of the firm or not."""
    query = queries.communities(own=False).where(Community.code == code)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError()
    return _shown(row)


def _shown(row: tuple[Community, bool]) -> Place:
    community, served = row
    return Place(
        code=community.code,
        name=community.name,
        street_code=community.street_code,
        street_name=community.street.name,
        served=served,
    )
