"""The firm's case claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import contains_eager

from counselhub.advisers.models import Adviser
from counselhub.claims.models import CaseClaim
from counselhub.core import sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.places.models import Community

COMPLETE = and_(CaseClaim.fulfilled, CaseClaim.dossier_complete)
STATES: dict[str, ColumnElement[bool]] = {
    "complete": COMPLETE,
    "lacking": not_(COMPLETE),
    "unfulfilled": not_(CaseClaim.fulfilled),
    "dossier": not_(CaseClaim.dossier_complete),
}
SORTS: sorting.Sorts = {
    "closed": (CaseClaim.closed_on, CaseClaim.number),
    "number": (CaseClaim.number,),
    "community": (Community.pinyin, CaseClaim.closed_on, CaseClaim.number),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """How many claims, and how many of them can be paid (M8: fulfilled, dossier complete)."""

    claims: int
    complete: int


def claim_list(first: date, last: date, asked: dict[str, str], sort: str) -> Select[Any]:
    """Select the claims closed on the days from first to last, with community and adviser.

    asked: state (a key of STATES) and q (a number or a name), '' for all. sort: a key of SORTS,
    with a minus before it for the other direction.
    """
    query = (
        visible(CaseClaim)
        .join(CaseClaim.community)
        .join(CaseClaim.adviser)
        .options(contains_eager(CaseClaim.community), contains_eager(CaseClaim.adviser))
        .where(*_asked(first, last, asked))
    )
    return sorting.ordered(query, SORTS, sort)


def totals(first: date, last: date) -> Totals:
    """Return the sums of a span of days, whatever is searched for."""
    row = db.session.execute(
        visible(CaseClaim)
        .with_only_columns(func.count(), func.count().filter(COMPLETE))
        .where(CaseClaim.closed_on.between(first, last))
    ).one()
    return Totals(row[0], row[1])


def _asked(first: date, last: date, asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    yield CaseClaim.closed_on.between(first, last)
    if asked["state"] in STATES:
        yield STATES[asked["state"]]
    if words := asked["q"]:
        yield or_(
            CaseClaim.number.icontains(words, autoescape=True),
            Community.search.contains(words.lower(), autoescape=True),
            Adviser.search.contains(words.lower(), autoescape=True),
        )


def by_number(number: str) -> CaseClaim | None:
    """Return the firm's claim with this number, None when there is none."""
    return db.session.scalar(select(CaseClaim).where(CaseClaim.number == number))
