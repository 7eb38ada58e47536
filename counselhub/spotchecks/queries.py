"""What can be drawn, what was drawn, which communities were looked at, and how a month counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.core import clock, pinyin
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.sorting import Sorts, ordered
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.spotchecks.kinds import COUNTED, UNSEEN, Answer, CheckStatus, Finding
from counselhub.spotchecks.models import SpotCheck, SpotDraw, SpotPhoto
from counselhub.spotchecks.rules import Candidate

NAMES = (
    joinedload(SpotCheck.adviser),
    joinedload(SpotCheck.community),
    joinedload(SpotCheck.firm),
)
SORTS: Sorts = {
    "day": (SpotCheck.day, SpotCheck.starts, SpotCheck.id),
    "community": (Community.pinyin, SpotCheck.day, SpotCheck.id),
    "firm": (Firm.name, SpotCheck.day, SpotCheck.id),
    "due": (SpotCheck.answer_due_on, SpotCheck.day, SpotCheck.id),
}
TABS: Mapping[str, frozenset[str]] = {
    "drawn": frozenset({CheckStatus.DRAWN}),
    "recorded": frozenset({CheckStatus.RECORDED}),
    "published": frozenset({CheckStatus.PUBLISHED}),
    "answered": frozenset({CheckStatus.ANSWERED}),
    "done": frozenset({CheckStatus.SETTLED, CheckStatus.WITHDRAWN}),
}
"""The parts of the list, each with its states."""


def was_checked() -> ColumnElement[bool]:
    """The checks that were carried out and were not taken back."""
    return SpotCheck.status.in_(COUNTED)


def last_checks(street_code: str) -> Mapping[str, date]:
    """Return the day of each community's last check."""
    query = (
        select(SpotCheck.community_code, func.max(SpotCheck.day))
        .where(SpotCheck.street_code == street_code, was_checked())
        .group_by(SpotCheck.community_code)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def drawable(street_code: str, first: date, last: date) -> Sequence[DutySlot]:
    """Return the planned slots of a street that still can be visited, first to last.

    Not of communities that were drawn for these days already.
    """
    now = clock.local(clock.now())
    drawn = select(SpotCheck.community_code).where(
        SpotCheck.street_code == street_code,
        SpotCheck.day.between(first, last),
        SpotCheck.status != CheckStatus.WITHDRAWN,
    )
    query = select(DutySlot).where(
        DutySlot.street_code == street_code,
        DutySlot.day.between(first, last),
        DutySlot.status == SlotStatus.PLANNED,
        or_(
            DutySlot.day > now.date(), and_(DutySlot.day == now.date(), DutySlot.ends > now.time())
        ),
        DutySlot.community_code.not_in(drawn),
    )
    return db.session.scalars(query.order_by(DutySlot.id)).all()


def population(street_code: str, slots: Sequence[DutySlot]) -> list[Candidate]:
    """Return the communities of `slots` as a draw knows them."""
    last = last_checks(street_code)
    ids: dict[str, list[str]] = {}
    for slot in slots:
        ids.setdefault(slot.community_code, []).append(str(slot.id))
    return [Candidate(code, last.get(code), tuple(sorted(ids[code]))) for code in sorted(ids)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader of a list asked for; '' asks for nothing. tab: one of TABS or `all`."""

    tab: str = ""
    q: str = ""
    finding: str = ""

    @property
    def is_set(self) -> bool:
        """Whether the reader narrowed the tab down."""
        return bool(self.q or self.finding)

    def clauses(self) -> list[ColumnElement[bool]]:
        """Return the conditions on checks joined with their names."""
        asked: list[ColumnElement[bool]] = []
        if self.tab in TABS:
            asked.append(SpotCheck.status.in_(TABS[self.tab]))
        for word in self.q.split():
            found = pinyin.finds(Community.search, word)
            by_name = Firm.name.contains(word, autoescape=True)
            asked.append(found | by_name | pinyin.finds(Adviser.search, word))
        if self.finding:
            asked.append(SpotCheck.finding == self.finding)
        return asked


def _named(query: Select[Any]) -> Select[Any]:
    return (
        query.join(SpotCheck.community)
        .outerjoin(SpotCheck.adviser)
        .outerjoin(Firm, Firm.id == SpotCheck.firm_id)
    )


def checks(asked: Asked, sort: str) -> Select[Any]:
    """Select the checks that the present member sees."""
    query = _named(visible(SpotCheck)).options(*NAMES).where(*asked.clauses())
    return ordered(query, SORTS, sort)


def tallies() -> Mapping[str, int]:
    """Return how many checks of each tab the present member sees, and of `all`, one statement."""
    each = [func.count().filter(SpotCheck.status.in_(states)) for states in TABS.values()]
    query = visible(SpotCheck).with_only_columns(*each, func.count())
    return dict(zip((*TABS, "all"), map(int, db.session.execute(query).one()), strict=True))


def of_draw(draw: SpotDraw) -> Sequence[SpotCheck]:
    """Return the checks of a draw in the order in which they were drawn."""
    query = select(SpotCheck).options(*NAMES).where(SpotCheck.draw_id == draw.id)
    return db.session.scalars(query.order_by(SpotCheck.turn)).all()


def draws() -> Select[Any]:
    """Select (draw, checks, waiting to be carried out, waiting to be published), newest first."""
    status = SpotCheck.status
    counts = (
        select(
            func.count().label("all"),
            func.count().filter(status == CheckStatus.DRAWN).label("drawn"),
            func.count().filter(status == CheckStatus.RECORDED).label("recorded"),
        )
        .where(SpotCheck.draw_id == SpotDraw.id)
        .correlate(SpotDraw)
        .lateral()
    )
    query = visible(SpotDraw).add_columns(*counts.c).join(counts, true())
    return query.order_by(SpotDraw.made_at.desc(), SpotDraw.id)


def same_draw(street_code: str, first: date, last: date, wanted: int, seed: int) -> SpotDraw | None:
    """Return the draw that was made with just this, None when there was none."""
    query = select(SpotDraw).where(
        SpotDraw.street_code == street_code,
        SpotDraw.first_on == first,
        SpotDraw.last_on == last,
        SpotDraw.wanted == wanted,
        SpotDraw.seed == seed,
    )
    return db.session.scalar(query.order_by(SpotDraw.made_at).limit(1))


def slot_of(check: SpotCheck) -> DutySlot | None:
    """Return the slot as it is planned now, None when the firm has taken it out of its plan."""
    query = select(DutySlot).where(DutySlot.firm_id == check.firm_id, DutySlot.id == check.slot_id)
    return db.session.scalar(query.options(joinedload(DutySlot.adviser)))


def photos(check: SpotCheck) -> Sequence[SpotPhoto]:
    """Return the photos of a check without their content, oldest first."""
    query = select(SpotPhoto).where(
        SpotPhoto.firm_id == check.firm_id, SpotPhoto.check_id == check.id
    )
    return db.session.scalars(query.order_by(SpotPhoto.arrived_at, SpotPhoto.id)).all()


def happenings(check: SpotCheck) -> Sequence[Event]:
    """Return what both sides may know of a check, newest first."""
    query = select(Event).where(Event.firm_id == check.firm_id, Event.subject_id == check.id)
    return db.session.scalars(query.order_by(Event.at.desc(), Event.id.desc())).all()


def is_overdue(today: date) -> ColumnElement[bool]:
    """Checks whose firm has let its days pass without an answer."""
    return and_(SpotCheck.status == CheckStatus.PUBLISHED, SpotCheck.answer_due_on < today)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a month's published checks of one firm in one community found.

    disputed: answered with a disagreement, settled or not; open: not settled yet.
    """

    firm_id: UUID
    community_code: str
    checks: int
    present: int
    substitute: int
    absent: int
    closed: int
    disputed: int
    open: int


def counts(
    month: date, *, street_code: str | None = None, firm_id: UUID | None = None
) -> list[Counts]:
    """Count the published checks of a calendar month by firm and community, one statement.

    month: any day of it. Those taken back and those that the firm does not know of count nowhere.
    Row security keeps to what the scope may see; the arguments narrow that down.
    """
    found, status = SpotCheck.finding, SpotCheck.status
    first = month.replace(day=1)
    query = select(
        SpotCheck.firm_id,
        SpotCheck.community_code,
        func.count(),
        *(func.count().filter(found == one) for one in Finding),
        func.count().filter(SpotCheck.answer == Answer.DISAGREE),
        func.count().filter(status != CheckStatus.SETTLED),
    ).where(
        SpotCheck.day.between(first, clock.last_day(first)),
        status.in_(COUNTED - UNSEEN),
    )
    if street_code is not None:
        query = query.where(SpotCheck.street_code == street_code)
    if firm_id is not None:
        query = query.where(SpotCheck.firm_id == firm_id)
    rows: Sequence[Row[*tuple[Any, ...]]] = db.session.execute(
        query.group_by(SpotCheck.firm_id, SpotCheck.community_code).order_by(
            SpotCheck.community_code, SpotCheck.firm_id
        )
    ).all()
    return [Counts(*row) for row in rows]


def named_counts(month: date, street_code: str, firm_id: UUID | None) -> list[dict[str, Any]]:
    """Return `counts` with the names of community and firm, two statements more."""
    found = counts(month, street_code=street_code, firm_id=firm_id)
    codes, firms = {one.community_code for one in found}, {one.firm_id for one in found}
    places = db.session.scalars(select(Community).where(Community.code.in_(codes)))
    names = {row.code: row.short_name for row in places}
    titles = db.session.execute(select(Firm.id, Firm.name).where(Firm.id.in_(firms)))
    known = {row[0]: row[1] for row in titles}
    return [
        {
            "of": one,
            "place": names.get(one.community_code, one.community_code),
            "firm": known.get(one.firm_id, ""),
        }
        for one in found
    ]
