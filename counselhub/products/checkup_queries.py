"""Which check-ups a member sees, what is still to be mended, and the firm's checklists."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.advisers.models import Adviser
from counselhub.core import access, sorting
from counselhub.core.db import db
from counselhub.places.models import Community
from counselhub.products.checkup_models import Checklist, Checkup, CheckupItem, Company
from counselhub.products.kinds import CheckupStatus, Verdict
from counselhub.products.text_queries import pattern

SORTS: sorting.Sorts = {
    "day": (Checkup.day, Checkup.id),
    "company": (Company.name, Checkup.day, Checkup.id),
    "next": (Checkup.next_on, Checkup.id),
}
TABS: Mapping[str, tuple[CheckupStatus, ...]] = {
    "open": (CheckupStatus.OPEN,),
    "done": (CheckupStatus.DONE,),
    "all": tuple(CheckupStatus),
}
IS_OPEN = and_(CheckupItem.verdict == Verdict.BAD, CheckupItem.mended_on.is_(None))
LIST = (
    Checkup.id,
    Checkup.status,
    Checkup.day,
    Checkup.next_on,
    Company.name.label("company"),
    Community.name.label("community"),
    Adviser.name.label("adviser"),
    select(func.count())
    .where(CheckupItem.firm_id == Checkup.firm_id, CheckupItem.checkup_id == Checkup.id, IS_OPEN)
    .correlate(Checkup)
    .scalar_subquery()
    .label("open_items"),
)
WITH_NAMES = (
    joinedload(Checkup.company).joinedload(Company.community),
    joinedload(Checkup.adviser),
    joinedload(Checkup.service),
)
MOST_EARLIER = 10


def checkup_list(tab: str, words: str, sort: str) -> Select[Any]:
    """Select what the list shows of the check-ups in sight. words: of the company's name."""
    shown: Select[*tuple[Any, ...]] = access.visible(Checkup).with_only_columns(*LIST)
    query = (
        shown.join(Checkup.company)
        .join(Company.community)
        .join(Checkup.adviser)
        .where(Checkup.status.in_(TABS.get(tab, TABS["all"])))
    )
    if words:
        found = func.companies_matching(pattern(words)).column_valued("found")
        query = query.where(Checkup.company_id.in_(select(found)))
    return sorting.ordered(query, SORTS, sort)


def tallies() -> dict[str, int]:
    """Return how many check-ups in sight each tab holds, with one statement."""
    query = access.visible(Checkup).with_only_columns(Checkup.status, func.count())
    counts = {row[0]: row[1] for row in db.session.execute(query.group_by(Checkup.status))}
    return {tab: sum(counts.get(one.value, 0) for one in states) for tab, states in TABS.items()}


def open_items() -> Select[Any]:
    """Select what does not comply yet in check-ups in sight, the nearest term first."""
    return (
        select(CheckupItem)
        .join(CheckupItem.checkup)
        .join(Checkup.company)
        .options(contains_eager(CheckupItem.checkup).contains_eager(Checkup.company))
        .where(IS_OPEN, access.in_sight(Checkup))
        .order_by(CheckupItem.due_on.asc().nulls_last(), CheckupItem.id)
    )


def open_count() -> int:
    """Return how many items of check-ups in sight do not comply yet."""
    query = select(func.count()).select_from(CheckupItem).join(CheckupItem.checkup)
    return db.session.scalar(query.where(IS_OPEN, access.in_sight(Checkup))) or 0


def items_of(checkup: Checkup) -> dict[str, CheckupItem]:
    """Return what was found so far, by code of the item."""
    query = select(CheckupItem).where(CheckupItem.checkup_id == checkup.id)
    return {one.code: one for one in db.session.scalars(query)}


def item_of(checkup: Checkup, item_id: UUID) -> CheckupItem | None:
    """Return one finding, None when the check-up has no such one."""
    query = select(CheckupItem).where(
        CheckupItem.checkup_id == checkup.id, CheckupItem.id == item_id
    )
    return db.session.scalar(query)


def earlier(checkup: Checkup) -> Sequence[Checkup]:
    """Return the company's other check-ups in sight, the newest first."""
    query = access.visible(Checkup).where(
        Checkup.company_id == checkup.company_id, Checkup.id != checkup.id
    )
    return db.session.scalars(
        query.order_by(Checkup.day.desc(), Checkup.id.desc()).limit(MOST_EARLIER)
    ).all()


def company_of(name: str, credit_code: str | None, community_code: str) -> Company | None:
    """Return the company that is meant: by its code, else by name and community."""
    named = and_(Company.name == name, Company.community_code == community_code)
    coded = Company.credit_code == credit_code if credit_code else named
    query = select(Company).where(or_(coded, named)).order_by(coded.desc())
    return db.session.scalars(query.limit(1)).first()


def checklists() -> Sequence[Checklist]:
    """Return the firm's own checklists by name."""
    return db.session.scalars(select(Checklist).order_by(Checklist.name, Checklist.id)).all()
