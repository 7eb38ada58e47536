"""From rows to facts: what the rules know of lawyers and communities; five statements."""

from collections import defaultdict
from uuid import UUID

from counselhub.advisers.kinds import AdviserCategory
from counselhub.advisers.models import Adviser
from counselhub.choosing import queries
from counselhub.choosing.kinds import Side
from counselhub.choosing.models import ChoiceRound
from counselhub.choosing.rules import Lawyer, Place
from counselhub.referrals.kinds import Speciality


def facts(row: ChoiceRound) -> tuple[list[Lawyer], list[Place]]:
    """Return everybody who may lead and every community of a round."""
    places = queries.communities(row)
    codes = {one.code for one in places}
    by_lawyer, by_place = _wishes(row)
    leads, needs = queries.leads(row.starts_on), queries.needs()
    people = [
        _lawyer(one, by_lawyer[one.id], leads.get(one.id, set()), codes)
        for one in queries.lawyers(row.starts_on)
    ]
    wanted = [
        Place(one.code, by_place[one.code], needs.get(one.code, frozenset())) for one in places
    ]
    return people, wanted


def _wishes(
    row: ChoiceRound,
) -> tuple[defaultdict[UUID, dict[str, int]], defaultdict[str, dict[UUID, int]]]:
    by_lawyer: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    by_place: defaultdict[str, dict[UUID, int]] = defaultdict(dict)
    for one in queries.wishes(row):
        if one.side == Side.LAWYER:
            by_lawyer[one.adviser_id][one.community_code] = one.rank
        else:
            by_place[one.community_code][one.adviser_id] = one.rank
    return by_lawyer, by_place


def _lawyer(one: Adviser, wishes: dict[str, int], leads: set[str], codes: set[str]) -> Lawyer:
    words = set(one.specialties)
    return Lawyer(
        id=one.id,
        order=one.pinyin,
        wishes=wishes,
        knows=frozenset(kind.value for kind in Speciality if kind.word in words),
        leads=frozenset(leads),
        kept=len(leads - codes),
        is_trainee=one.category == AdviserCategory.TRAINEE,
    )
