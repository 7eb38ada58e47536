"""Agreements as lists ask for them: of the firm, of the street's office, of the bureau."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from counselhub.core import sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.pairings.kinds import WORKING, PairingStatus
from counselhub.pairings.models import NOTICE_DAYS, Pairing, PairingRule, PairingScan
from counselhub.people.models import Firm
from counselhub.places.models import Community

SORTS: sorting.Sorts = {
    "signed": (Pairing.signed_on, Pairing.id),
    "community": (Community.pinyin, Pairing.signed_on, Pairing.id),
    "until": (Pairing.valid_until, Pairing.id),
}
SHARED_SORTS: sorting.Sorts = {
    "signed": (Pairing.signed_on, Pairing.id),
    "community": (Community.pinyin, Pairing.signed_on, Pairing.id),
    "firm": (Firm.name, Community.pinyin, Pairing.id),
    "until": (Pairing.valid_until, Pairing.id),
}
NAMES = (joinedload(Pairing.community), joinedload(Pairing.street), joinedload(Pairing.firm))
TABS = ("open", "renewal", "ended", "all")


def rule() -> PairingRule | None:
    """Return what the firm in scope has settled, None where the defaults hold."""
    return db.session.scalars(select(PairingRule)).one_or_none()


def notice_days() -> int:
    """Return how many days before its last day an agreement of the firm asks for renewal."""
    settled = rule()
    return settled.notice_days if settled else NOTICE_DAYS


def wanting_renewal(today: date, days: int) -> ColumnElement[bool]:
    """Return the condition under which an agreement asks for renewal (PAIR-3)."""
    newer = aliased(Pairing)
    continued = exists().where(newer.firm_id == Pairing.firm_id, newer.renews_id == Pairing.id)
    return and_(
        Pairing.status.in_(WORKING),
        Pairing.valid_until.between(today, today + timedelta(days=days)),
        ~continued,
    )


def _of_tab(tab: str, today: date, days: int) -> ColumnElement[bool] | None:
    match tab:
        case "open":
            return Pairing.status != PairingStatus.ENDED
        case "renewal":
            return wanting_renewal(today, days)
        case "ended":
            return Pairing.status == PairingStatus.ENDED
    return None


def pairing_list(tab: str, words: str, sort: str, today: date, days: int) -> Select[Any]:
    """Select the firm's agreements with their communities.

    tab: one of TABS. words: of a community or an organisation. sort: a key of SORTS, with a minus
    before it for the other direction. days: of the firm's notice.
    """
    query = visible(Pairing).join(Pairing.community).options(contains_eager(Pairing.community))
    if (wanted := _of_tab(tab, today, days)) is not None:
        query = query.where(wanted)
    return sorting.ordered(query.where(*_found(words)), SORTS, sort)


def shared_list(words: str, sort: str) -> Select[Any]:
    """Select (agreement, firm's name) of a street or district, drafts excepted."""
    query = (
        visible(Pairing)
        .join(Pairing.community)
        .outerjoin(Firm, Firm.id == Pairing.firm_id)
        .options(contains_eager(Pairing.community), joinedload(Pairing.street))
        .add_columns(Firm.name)
    )
    return sorting.ordered(query.where(*_found(words, Firm.name)), SHARED_SORTS, sort)


def _found(words: str, *more: Any) -> list[ColumnElement[bool]]:
    """Return the condition of each word: a part of a place, an organisation, or of `more`."""
    return [
        or_(
            Community.search.contains(word.lower(), autoescape=True),
            *(
                column.icontains(word, autoescape=True)
                for column in (Pairing.party_a, Pairing.party_b, *more)
            ),
        )
        for word in words.split()
    ]


def tallies(today: date, days: int) -> Mapping[str, int]:
    """Return how many agreements each of TABS holds."""
    wanted = [(tab, _of_tab(tab, today, days)) for tab in TABS]
    counts = [func.count() if rule is None else func.count().filter(rule) for _tab, rule in wanted]
    row = db.session.execute(visible(Pairing).with_only_columns(*counts)).one()
    return {tab: int(count) for (tab, _rule), count in zip(wanted, row, strict=True)}


class Chain(NamedTuple):
    """The agreement before and after one, either may be missing."""

    before: Pairing | None
    after: Pairing | None


def chain(pairing: Pairing) -> Chain:
    """Return what an agreement continues and what continues it, with one statement."""
    mine = or_(Pairing.id == pairing.renews_id, Pairing.renews_id == pairing.id)
    query = select(Pairing).where(Pairing.firm_id == pairing.firm_id, mine)
    before = after = None
    for other in db.session.scalars(query):
        if other.renews_id == pairing.id:
            after = other
        else:
            before = other
    return Chain(before, after)


def scans_of(pairing_id: UUID) -> Sequence[PairingScan]:
    """Return the files of an agreement without their content, oldest first."""
    query = select(PairingScan).where(PairingScan.pairing_id == pairing_id)
    return db.session.scalars(query.order_by(PairingScan.added_at, PairingScan.id)).all()
