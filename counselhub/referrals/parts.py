"""What hangs on a referral, read for its page at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select, union_all
from sqlalchemy.orm import joinedload

from counselhub.core.db import db
from counselhub.referrals.after_models import HomeVisit, ReferralFeedback
from counselhub.referrals.models import (
    Referral,
    ReferralHandover,
    ReferralMember,
    ReferralOffer,
)

KINDS: tuple[type[Any], ...] = (
    ReferralOffer,
    ReferralMember,
    ReferralHandover,
    ReferralFeedback,
    HomeVisit,
)
NAMES = (
    joinedload(ReferralOffer.adviser),
    joinedload(ReferralMember.adviser),
    joinedload(ReferralHandover.giver),
    joinedload(ReferralHandover.taker),
    joinedload(HomeVisit.first),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The rows of one referral, with the names that they show."""

    offers: Sequence[ReferralOffer]
    """Who was asked and who will be, in that order; earlier rounds first."""
    helpers: Sequence[ReferralMember]
    """Who works on it beside its receiver, its leader first."""
    handovers: Sequence[ReferralHandover]
    """The changes of hands that were asked for, newest first."""
    feedbacks: Sequence[ReferralFeedback]
    """What was told, newest first."""
    visits: Sequence[HomeVisit]
    """The visits at home, newest first."""


def of(referral: Referral) -> Parts:
    """Return all that hangs on a referral; one statement, whose rows are one of KINDS each."""
    found: dict[type[Any], list[Any]] = {model: [] for model in KINDS}
    for row in db.session.execute(_together(referral)):
        one = next(part for part in row if part is not None)
        found[type(one)].append(one)
    return Parts(
        offers=sorted(found[ReferralOffer], key=lambda one: (one.rank, one.id)),
        helpers=sorted(found[ReferralMember], key=lambda one: (one.role, one.id)),
        handovers=_newest(found[ReferralHandover], "asked_at"),
        feedbacks=_newest(found[ReferralFeedback], "told_on"),
        visits=_newest(found[HomeVisit], "visited_on"),
    )


def _together(referral: Referral) -> Select[*tuple[Any, ...]]:
    ids = union_all(
        *(
            select(model.firm_id, model.id).where(model.referral_id == referral.id)
            for model in KINDS
        )
    ).subquery()
    query: Select[*tuple[Any, ...]] = select(*KINDS).select_from(ids).options(*NAMES)
    for model in KINDS:
        is_it = and_(model.firm_id == ids.c.firm_id, model.id == ids.c.id)
        query = query.outerjoin(model, is_it)
    return query


def _newest(rows: list[Any], told: str) -> list[Any]:
    return sorted(rows, key=lambda one: (getattr(one, told), one.id), reverse=True)
