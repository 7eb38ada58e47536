"""What a firm has done of its first path, and the streets that it may choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import pinyin
from counselhub.core.db import db
from counselhub.core.markers import not_our_honey
from counselhub.people.models import Membership
from counselhub.places.models import Street
from counselhub.starting.kinds import Step
from counselhub.starting.models import ChosenStreet, SkippedStep

FEW = 20


@dataclass(frozen=True, slots=True)
class Path:
    """Which steps are done, and which were left out."""

    done: frozenset[Step]
    skipped: frozenset[Step]

    @property
    def left(self) -> list[Step]:
        """What is neither done nor left out, in its order."""
        return [step for step in Step if step not in self.done | self.skipped]


def path() -> Path:
    """Return how far the firm in scope is, with one statement."""
    skipped = select(func.coalesce(func.array_agg(SkippedStep.step), [])).scalar_subquery()
    steps = list(Step)
    row = db.session.execute(select(*(_is_done(step) for step in steps), skipped)).one()
    done = frozenset(step for step, is_done in zip(steps, row, strict=False) if is_done)
    return Path(done, frozenset(map(Step, cast("list[str]", row[-1]))))


def _is_done(step: Step) -> ColumnElement[bool]:
    match step:
        case Step.STREETS:
            return exists(select(ChosenStreet.id)) | exists(select(ContractCommunity.id))
        case Step.WORKBOOK:
            on_the_roll = select(Adviser.id).where(not_our_honey(Adviser, Adviser.licence_number))
            return exists(on_the_roll) & exists(select(Contract.id))
        case Step.PEOPLE:
            people = select(func.count()).select_from(Membership)
            return people.where(Membership.ended_at.is_(None)).scalar_subquery() > 1


def chosen() -> Sequence[Street]:
    """Return the firm's chosen streets with their districts, by code."""
    query = select(Street).join(ChosenStreet, ChosenStreet.street_code == Street.code)
    query = query.options(joinedload(Street.district)).order_by(Street.code)
    return db.session.scalars(query).all()


def find(words: str) -> Sequence[Street]:
    """Return the first streets that hold the words in code, name, pinyin or initials."""
    if not words.strip():
        return []
    query = (
        select(Street)
        .options(joinedload(Street.district))
        .where(pinyin.finds(Street.search, words))
        .order_by(Street.code)
        .limit(FEW)
    )
    return db.session.scalars(query).all()
