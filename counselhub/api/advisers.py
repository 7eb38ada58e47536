"""The roll of advisers, without what stays in the firm's own hands: phone, e-mail, status."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from counselhub.advisers import actions, queries, rules
from counselhub.advisers.kinds import AdviserCategory, PoliticalStatus
from counselhub.advisers.models import Adviser
from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import expect, operation
from counselhub.api.shapes import LEFT_OUT, Asked, Day, Listed, PageOf, Shown, Words
from counselhub.core.access import current_member, fetch
from counselhub.core.db import db
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission

READ, WRITE = "advisers:read", "advisers:write"
Name = Annotated[str, Field(min_length=1, max_length=rules.NAME_LENGTH)]
Licence = Annotated[
    str, Field(min_length=1, max_length=rules.LICENCE_LENGTH, pattern=rules.LICENCE)
]
Specialties = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=20)
]
Phone = Annotated[str, Field(pattern=rules.PHONE)]
Email = Annotated[str, Field(max_length=rules.EMAIL_LENGTH, pattern=rules.EMAIL)]


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


class AdviserGiven(Asked):
    """What the roll is to say; phone, e-mail and political status are never told back."""

    name: Name
    licence_number: Licence
    category: AdviserCategory
    specialties: Specialties = Field(default_factory=list)
    joined_on: Day | None = None
    phone: Phone | None = None
    email: Email | None = None
    political_status: PoliticalStatus | None = None


class AdviserChanged(Asked):
    """What is to be changed; what is left out stays, null empties what may be empty."""

    name: Name = LEFT_OUT
    licence_number: Licence = LEFT_OUT
    category: AdviserCategory = LEFT_OUT
    specialties: Specialties = LEFT_OUT
    joined_on: Day | None = None
    phone: Phone | None = None
    email: Email | None = None
    political_status: PoliticalStatus | None = None


@operation(
    "POST",
    "/advisers",
    N_("登记一位律师"),
    WRITE,
    Permission.ADVISER_MANAGE,
    body=AdviserGiven,
    answer=AdviserShown,
    made=True,
)
def create_adviser(body: AdviserGiven) -> AdviserShown:
    """Add an adviser to the roll."""
    given = actions.Given(**body.model_dump() | {"specialties": tuple(body.specialties)})
    return shown(actions.save(None, given, by=current_member()))


@operation(
    "PATCH",
    "/advisers/<uuid:adviser_id>",
    N_("修改一位律师"),
    WRITE,
    Permission.ADVISER_MANAGE,
    body=AdviserChanged,
    answer=AdviserShown,
)
def change_adviser(adviser_id: UUID, body: AdviserChanged) -> AdviserShown:
    """Change what is given of an adviser."""
    row = fetch(Adviser, adviser_id)
    expect(shown(row))
    now = {name: getattr(row, name) for name in OPEN} | {
        name: getattr(row.contact, name, None) for name in KEPT_INSIDE
    }
    merged = now | body.model_dump(exclude_unset=True)
    given = actions.Given(**merged | {"specialties": tuple(merged["specialties"])})
    return shown(actions.save(row, given, by=current_member()))


OPEN = ("name", "licence_number", "category", "specialties", "joined_on")
KEPT_INSIDE = ("phone", "email", "political_status")


def shown(row: Adviser) -> AdviserShown:
    """Return what is told of an adviser, with the communities led today."""
    query = queries.roll(with_left=True).where(Adviser.id == row.id)
    led = db.session.execute(query).one_or_none()
    return _shown((row, led[1] if led else 0))


def _shown(row: Any) -> AdviserShown:
    one, led = row
    told = {name: getattr(one, name) for name in AdviserShown.model_fields if hasattr(one, name)}
    return AdviserShown(**told, communities_led=led)
