"""Liaisons and posts as pages ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import joinedload

from counselhub.contracts.models import ContractCommunity
from counselhub.core import pinyin
from counselhub.core.db import db
from counselhub.liaisons.models import CommitteePost, Liaison
from counselhub.liaisons.rules import due_before
from counselhub.places.models import Community, Street

TABS = ("here", "due", "left")
NAMES = (
    joinedload(Liaison.community),
    joinedload(Liaison.street),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list was asked for; tab: one of TABS."""

    tab: str = "here"
    q: str = ""


def in_office(day: date) -> ColumnElement[bool]:
    """Return the condition that a liaison has not left before a day."""
    return or_(Liaison.ends_on.is_(None), Liaison.ends_on >= day)


def wanting_check(today: date) -> ColumnElement[bool]:
    """Return the condition that a liaison is to be made sure of (LIAISON-1)."""
    return in_office(today) & (Liaison.checked_on < due_before(today))


def liaisons(asked: Asked, today: date) -> Select[Liaison]:
    """Select liaisons by tab and words, street by street, those of the street first."""
    tabs = {"due": wanting_check(today), "left": ~in_office(today)}
    query = select(Liaison).options(*NAMES).where(tabs.get(asked.tab, in_office(today)))
    if asked.q:
        places = select(Community.code).where(pinyin.finds(Community.search, asked.q))
        streets = select(Street.code).where(Street.name.contains(asked.q, autoescape=True))
        query = query.where(
            or_(
                Liaison.name.contains(asked.q, autoescape=True),
                Liaison.community_code.in_(places),
                Liaison.street_code.in_(streets),
            )
        )
    return query.order_by(
        Liaison.street_code, Liaison.community_code.nulls_first(), Liaison.starts_on, Liaison.id
    )


def due_count(today: date) -> int:
    """Return how many liaisons are to be made sure of."""
    return db.session.scalar(select(func.count(Liaison.id)).where(wanting_check(today))) or 0


def around(code: str, today: date) -> list[Liaison]:
    """Return who is liaison of a community and of its street."""
    query = (
        select(Liaison)
        .options(*NAMES)
        .where(
            or_(
                Liaison.community_code == code,
                Liaison.community_code.is_(None) & (Liaison.street_code == code[:9]),
            ),
            in_office(today),
        )
    )
    order = (Liaison.community_code.nulls_last(), Liaison.starts_on, Liaison.id)
    return list(db.session.scalars(query.order_by(*order)))


def posts_of(code: str) -> list[CommitteePost]:
    """Return the posts on a community's committee, the latest first."""
    query = (
        select(CommitteePost)
        .options(joinedload(CommitteePost.adviser))
        .where(CommitteePost.community_code == code)
        .order_by(CommitteePost.starts_on.desc(), CommitteePost.id)
    )
    return list(db.session.scalars(query))


def held_between(
    code: str, adviser_id: object, first: date, last: date | None
) -> CommitteePost | None:
    """Return a post that an adviser holds there on a day from first to last (None: open)."""
    query = select(CommitteePost).where(
        CommitteePost.community_code == code,
        CommitteePost.adviser_id == adviser_id,
        or_(CommitteePost.ends_on.is_(None), CommitteePost.ends_on >= first),
    )
    if last is not None:
        query = query.where(CommitteePost.starts_on <= last)
    return db.session.scalars(query.limit(1)).first()


def places() -> Sequence[Row[str, str, str, str]]:
    """Return (street, its name, community, its name) of what the firm has contracts for."""
    query = (
        select(Street.code, Street.name, Community.code, Community.name)
        .join(Community, Community.street_code == Street.code)
        .where(Community.code.in_(select(ContractCommunity.community_code)))
        .order_by(Street.code, Community.pinyin, Community.code)
    )
    return db.session.execute(query).all()
