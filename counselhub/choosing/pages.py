"""What the page of a round shows: to the desk everything, to a lawyer the own wishes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from counselhub.advisers.models import Adviser
from counselhub.choosing import queries
from counselhub.choosing.forms import Choices, WishForm, wish_form
from counselhub.choosing.kinds import TONES, Plus, RoundStatus, Side
from counselhub.choosing.models import ChoiceProposal, ChoiceRound, ChoiceWish
from counselhub.core import clock
from counselhub.core.access import can, current_member
from counselhub.core.permissions import Permission
from counselhub.places.models import Community


@dataclass(frozen=True, slots=True)
class Load:
    """How many communities a lawyer leads and would; is_over: more than the round allows."""

    name: str
    before: int
    count: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """What both sides of a round may choose from."""

    places: Sequence[Community]
    people: Sequence[Adviser]

    @property
    def codes(self) -> Choices:
        """Communities for a form."""
        return [(one.code, one.short_name) for one in self.places]

    @property
    def lawyers(self) -> Choices:
        """Lawyers for a form."""
        return [(str(one.id), one.name) for one in self.people]


def offered(row: ChoiceRound) -> Offered:
    """Return what both sides may choose from; two statements."""
    return Offered(queries.communities(row), queries.lawyers(row.starts_on))


def own_form(row: ChoiceRound, known: Offered, *, fresh: bool) -> WishForm | None:
    """Return a lawyer's own form of wishes, None for who is no lawyer here."""
    adviser_id = current_member().adviser_id
    if adviser_id is None:
        return None
    me = str(adviser_id)
    wished = queries.wishes_of(row, adviser_id) if fresh else None
    return wish_form([(me, me)], known.codes, chosen=me, wished=wished)


def shown(row: ChoiceRound, **changes: Any) -> dict[str, Any]:
    """Return what the page of a round shows; at most seven statements."""
    is_desk, known = can(Permission.ASSIGN), offered(row)
    is_open = row.status == RoundStatus.OPEN
    proposals = queries.proposals(row) if is_desk or row.status == RoundStatus.SETTLED else []
    return {
        "round": row,
        "places": known.places,
        "people": known.lawyers,
        "own": own_form(row, known, fresh=True) if is_open else None,
        "wishes": _told(queries.wishes(row), known) if is_desk else {},
        "for_lawyer": wish_form(known.lawyers, known.codes, wished=()),
        "for_community": wish_form(known.codes, known.lawyers, wished=()),
        "proposals": proposals,
        "loads": _loads(row, proposals) if is_desk else [],
        "is_desk": is_desk,
        "is_late": row.closes_on < clock.today(),
        "Plus": Plus,
        "Status": RoundStatus,
        "tones": TONES,
        "trial": None,
        "refusal": "",
    } | changes


def _told(wishes: Sequence[ChoiceWish], known: Offered) -> dict[str, list[tuple[str, list[str]]]]:
    """Return the wishes of each side in words: (who, whom in their order), by side."""
    names = dict(known.codes) | dict(known.lawyers)
    found: dict[str, dict[str, list[str]]] = {side.value: {} for side in Side}
    for one in wishes:
        ends = str(one.adviser_id), one.community_code
        who, whom = ends if one.side == Side.LAWYER else ends[::-1]
        found[one.side].setdefault(names.get(who, who), []).append(names.get(whom, whom))
    return {side: list(told.items()) for side, told in found.items()}


def _loads(row: ChoiceRound, proposals: Sequence[ChoiceProposal]) -> list[Load]:
    """Return how many each proposed lawyer would lead, those outside the round counted too."""
    names = {one.adviser.id: one.adviser.name for one in proposals if one.adviser}
    if not names:
        return []
    codes, leads = {one.community_code for one in proposals}, queries.leads(row.starts_on)
    count: Counter[UUID] = Counter(one.adviser_id for one in proposals if one.adviser_id)
    found = []
    for one, name in names.items():
        led = leads.get(one, set())
        after = count[one] + len(led - codes)
        found.append(Load(name, len(led), after, after > row.most))
    return sorted(found, key=lambda load: (-load.count, load.name))
