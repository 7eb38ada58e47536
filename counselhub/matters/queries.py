"""Which matters a member sees, and what their pages show.

`visible` is what other parts start from: no matter that its reader is walled off from is in it.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, text
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.core import access, data_keys, identifiers, personal, sorting
from counselhub.core.access import current_member
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.matters import seals
from counselhub.matters.kinds import MatterStatus, PartyKind, PartyRole
from counselhub.matters.models import (
    Matter,
    MatterMember,
    MatterParty,
    MatterService,
    PartyKey,
)
from counselhub.matters.seals import Marks
from counselhub.matters.sight import held
from counselhub.places.models import Community
from counselhub.services.models import ServiceRecord

TABS: Mapping[str, tuple[MatterStatus, ...]] = {
    "open": (MatterStatus.OPEN, MatterStatus.FROZEN),
    "frozen": (MatterStatus.FROZEN,),
    "done": (MatterStatus.CLOSED, MatterStatus.DECLINED),
    "all": tuple(MatterStatus),
}
SORTS: sorting.Sorts = {
    "opened": (Matter.opened_on, Matter.id),
    "number": (Matter.number, Matter.id),
    "adviser": (Adviser.pinyin, Matter.opened_on, Matter.id),
}

LIST = (
    Matter.id,
    Matter.number,
    Matter.title,
    Matter.kind,
    Matter.status,
    Matter.opened_on,
    Adviser.name.label("adviser"),
    Community.name.label("community"),
)
MOST_FOUND = 50
MOST_SERVICES = 100


def visible() -> Select[Matter]:
    """Select the matters that the present member sees, in no order."""
    return access.visible(Matter)


def matter_list(tab: str, words: str, sort: str) -> Select[Any]:
    """Select what the list shows of the matters in sight.

    tab: one of TABS, else all. words: of the title, or the whole number.
    """
    shown: Select[*tuple[Any, ...]] = visible().with_only_columns(
        *LIST, held(current_member()).label("is_held")
    )
    query = (
        shown.join(Matter.adviser)
        .outerjoin(Matter.community)
        .where(Matter.status.in_(TABS.get(tab, TABS["all"])))
    )
    if words:
        plain = words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        found = func.matters_matching(f"%{plain}%", words.upper()).column_valued("found")
        query = query.where(Matter.id.in_(select(found)))
    return sorting.ordered(query, SORTS, sort)


def tallies() -> dict[str, int]:
    """Return how many matters in sight each tab holds, with one statement."""
    query = visible().with_only_columns(Matter.status, func.count()).group_by(Matter.status)
    counts = {row[0]: row[1] for row in db.session.execute(query)}
    return {tab: sum(counts.get(one.value, 0) for one in states) for tab, states in TABS.items()}


def by_mark(mark: str, firm_id: UUID) -> Sequence[Any]:
    """Return the matters in sight that name a party with this name, phone or number.

    Newest first, at most 50. A name is looked for as that of a person and of an organisation.
    """
    ring = data_keys.ring()
    marks = Marks(mark, "", _phone(mark), identifiers.plain(mark))
    digests = {
        digest for kind in PartyKind for _how, digest in seals.keys_of(ring, firm_id, kind, marks)
    }
    named = (
        select(MatterParty.matter_id)
        .join(
            PartyKey,
            and_(PartyKey.firm_id == MatterParty.firm_id, PartyKey.party_id == MatterParty.id),
        )
        .where(PartyKey.digest.in_(digests))
    )
    query = matter_list("all", "", "-opened").where(Matter.id.in_(named)).limit(MOST_FOUND)
    return db.session.execute(query).all()


def _phone(mark: str) -> str:
    try:
        return personal.normal_phone(mark)
    except personal.PhoneError:
        return ""


def one(matter_id: UUID) -> tuple[Matter, bool]:
    """Return a matter in sight and whether it is held from its reader. Raises NotFoundError."""
    query = (
        visible()
        .add_columns(held(current_member()))
        .options(joinedload(Matter.adviser), joinedload(Matter.community))
        .where(Matter.id == matter_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError()
    return row[0], row[1]


def parties_of(matter: Matter) -> Sequence[MatterParty]:
    """Return the parties of a matter, our own side first."""
    query = select(MatterParty).where(MatterParty.matter_id == matter.id)
    rank = {role.value: place for place, role in enumerate(PartyRole)}
    return sorted(db.session.scalars(query), key=lambda one: (rank[one.role], one.id))


def team_of(matter: Matter) -> list[tuple[UUID, str]]:
    """Return id and name of the lawyers beside the one responsible."""
    query = (
        select(Adviser.id, Adviser.name)
        .join(
            MatterMember,
            and_(MatterMember.firm_id == Adviser.firm_id, MatterMember.adviser_id == Adviser.id),
        )
        .where(MatterMember.matter_id == matter.id)
        .order_by(Adviser.pinyin, Adviser.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def services_of(matter: Matter) -> Sequence[Any]:
    """Return the services of a matter in sight, newest first, at most 100."""
    query = (
        access.visible(ServiceRecord)
        .with_only_columns(
            ServiceRecord.id,
            ServiceRecord.number,
            ServiceRecord.day,
            ServiceRecord.kind,
            Adviser.name.label("adviser"),
        )
        .join(
            MatterService,
            and_(
                MatterService.firm_id == ServiceRecord.firm_id,
                MatterService.service_id == ServiceRecord.id,
            ),
        )
        .join(ServiceRecord.adviser)
        .where(MatterService.matter_id == matter.id)
        .order_by(ServiceRecord.day.desc(), ServiceRecord.id.desc())
        .limit(MOST_SERVICES)
    )
    return db.session.execute(query).all()


def of_client(client_id: UUID) -> Sequence[Any]:
    """Return the matters in sight that name a client, newest first."""
    named = select(MatterParty.matter_id).where(MatterParty.client_id == client_id)
    query = matter_list("all", "", "-opened").where(Matter.id.in_(named))
    return db.session.execute(query).all()


def near(ids: Sequence[UUID], service_id: UUID) -> Sequence[Any]:
    """Return id, number and of_service of the matters among `ids` and of a service, in sight."""
    own = select(MatterService.matter_id).where(MatterService.service_id == service_id)
    of_service = Matter.id.in_(own)
    query = visible().with_only_columns(Matter.id, Matter.number, of_service.label("of_service"))
    return db.session.execute(query.where(or_(Matter.id.in_(ids), of_service))).all()


def count_of_client(client_id: UUID) -> int:
    """Return how many matters name a client, in sight or not but behind no wall."""
    query = select(func.count(MatterParty.matter_id.distinct()))
    return db.session.scalar(query.where(MatterParty.client_id == client_id)) or 0


def next_number(year: int) -> str:
    """Return the number of the next matter of a year; its caller holds the lock of numbers."""
    head = f"SX{year}-"
    last = db.session.connection().scalar(text("SELECT last_matter_number(:head)"), {"head": head})
    return f"{head}{int((last or head + '0').removeprefix(head)) + 1:04d}"


def is_seen(matter_id: UUID) -> bool:
    """Say whether a matter is in the sight of the present member."""
    query = visible().with_only_columns(Matter.id).where(Matter.id == matter_id)
    return db.session.scalar(query) is not None
