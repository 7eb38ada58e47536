"""The roll of advisers, without what stays in the firm's own hands: phone, e-mail, status."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime

from counselhub.advisers import queries
from counselhub.advisers.models import Adviser
from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Listed, PageOf, Shown, Words
from counselhub.core.access import Permission, fetch
from counselhub.core.db import db
from counselhub.core.labels import N_

READ = "advisers:read"


class AdviserShown(Shown):
    """A lawyer or legal worker on the roll; `communities_led`: today."""

    id: UUID
    revision: int
    name: str
    licence_number: str
    category: str
    specialties: list[str]
    joined_on: date | None
    left_on: date | None
    communities_led: int


class AdvisersAsked(Listed):
    """Words of name, pinyin initials or licence number; who has left only with `left`."""

    q: Words | None = None
    left: bool = False
    changed_since: AwareDatetime | None = None


@operation(
    "GET",
    "/advisers",
    N_("列出律师"),
    READ,
    Permission.FIRM_READ,
    query=AdvisersAsked,
    answer=PageOf[AdviserShown],
)
def list_advisers(asked: AdvisersAsked) -> PageOf[AdviserShown]:
    """List the roll as its page does."""
    query = queries.roll(asked.q, with_left=asked.left)
    if asked.changed_since:
        query = query.where(changed_since(Adviser, asked.changed_since))
    return part_of(query, Adviser.id, asked, _shown, PageOf[AdviserShown])


@operation(
    "GET",
    "/advisers/<uuid:adviser_id>",
    N_("查看一位律师"),
    READ,
    Permission.FIRM_READ,
    answer=AdviserShown,
)
def adviser(adviser_id: UUID) -> AdviserShown:
    """Show one adviser."""
    return shown(fetch(Adviser, adviser_id))


def shown(row: Adviser) -> AdviserShown:
    """Return what is told of an adviser, with the communities led today."""
    query = queries.roll(with_left=True).where(Adviser.id == row.id)
    led = db.session.execute(query).one_or_none()
    return _shown((row, led[1] if led else 0))


def _shown(row: Any) -> AdviserShown:
    one, led = row
    told = {name: getattr(one, name) for name in AdviserShown.model_fields if hasattr(one, name)}
    return AdviserShown(**told, communities_led=led)
