"""Who should take a referral? Pure: facts in, a ranking with its reasons out; nobody is hidden.

SUGGEST-1: who knows the kind of the matter gets 40; a team's speciality is its members'.
SUGGEST-2: each further kind on the community's list of needs that he knows gives 5, at most 15.
SUGGEST-3: load: 30 for none, falling to 0 at twice the fair share of the last 90 days.
SUGGEST-4: nearness: 15 for the community itself, else 10 for the cluster, else 5 for the street.
SUGGEST-5: whoever is on leave today is left out, and it is said.
SUGGEST-6: whoever may have a conflict is left out, and it is said; unchecked is said too.
SUGGEST-7: the asker, trainees, and who has said no to this referral are left out, and it is said.
SUGGEST-8: equal scores go to the smaller load, then by name.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from counselhub.referrals.kinds import Block, Conflict, Plus, Speciality

KNOWS, EACH_NEED, MOST_NEEDS, LIGHTEST = 40, 5, 15, 30
NEAR = {Plus.SAME_PLACE: 15, Plus.CLUSTER: 10, Plus.SAME_STREET: 5}
LOAD_DAYS = 90


@dataclass(frozen=True, slots=True)
class Matter:
    """What is referred. needs: the community's list of needs."""

    speciality: Speciality
    community_code: str
    asker_id: UUID | None
    needs: frozenset[Speciality] = frozenset()

    @property
    def street_code(self) -> str:
        """The street of the community."""
        return self.community_code[:9]


@dataclass(frozen=True, slots=True)
class Lawyer:
    """What is known of somebody who may take it.

    load: referrals taken in the last 90 days. serves: codes of communities he is assigned to.
    clusters: codes of communities (12 digits) and streets (9) of his teams.
    """

    id: UUID
    name: str
    order: str
    """The key of his name in lists."""
    load: int
    knows: frozenset[Speciality] = frozenset()
    serves: frozenset[str] = frozenset()
    clusters: frozenset[str] = frozenset()
    team_ids: tuple[UUID, ...] = ()
    is_away: bool = False
    is_trainee: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lawyer with his points by reason; `blocks` says why he is left out, () for who may."""

    lawyer: Lawyer
    points: Mapping[Plus, int]
    blocks: tuple[Block, ...]
    conflict: Conflict

    @property
    def score(self) -> int:
        """The sum of the points, 0 to 100."""
        return sum(self.points.values())


def ranking(
    matter: Matter,
    lawyers: Sequence[Lawyer],
    conflicts: Mapping[UUID, Conflict],
    said_no: Set[UUID] = frozenset(),
) -> list[Candidate]:
    """Return everybody: first who may be asked, the best first, then who is left out, by name."""
    fair = fair_share(lawyers)
    found = [
        Candidate(
            one,
            _points(matter, one, fair),
            tuple(_blocks(matter, one, conflicts, said_no)),
            conflicts.get(one.id, Conflict.UNKNOWN),
        )
        for one in lawyers
    ]
    return sorted(found, key=_order)


def _order(one: Candidate) -> tuple[object, ...]:
    who = one.lawyer
    if one.blocks:
        return True, 0, 0, who.order, who.id
    return False, -one.score, who.load, who.order, who.id


def fair_share(lawyers: Sequence[Lawyer]) -> Fraction:
    """Return the mean load, at least 1: with hardly any referrals nobody has too many."""
    total = sum(one.load for one in lawyers)
    return max(Fraction(1), Fraction(total, len(lawyers) or 1))


def _points(matter: Matter, one: Lawyer, fair: Fraction) -> dict[Plus, int]:
    given = {
        Plus.SPECIALITY: KNOWS if matter.speciality in one.knows else 0,
        Plus.NEEDS: min(MOST_NEEDS, EACH_NEED * len(_other_needs(matter) & one.knows)),
        Plus.LIGHT: int(max(Fraction(0), LIGHTEST * (1 - one.load / (2 * fair)))),
    }
    if near := _near(matter, one):
        given[near] = NEAR[near]
    return {plus: points for plus, points in given.items() if points}


def _other_needs(matter: Matter) -> frozenset[Speciality]:
    return matter.needs - {matter.speciality}


def _near(matter: Matter, one: Lawyer) -> Plus | None:
    if matter.community_code in one.serves:
        return Plus.SAME_PLACE
    if {matter.community_code, matter.street_code} & one.clusters:
        return Plus.CLUSTER
    if any(code.startswith(matter.street_code) for code in one.serves):
        return Plus.SAME_STREET
    return None


def _blocks(
    matter: Matter, one: Lawyer, conflicts: Mapping[UUID, Conflict], said_no: Set[UUID]
) -> Iterable[Block]:
    if one.id == matter.asker_id:
        yield Block.ASKER
    if one.is_trainee:
        yield Block.TRAINEE
    if one.is_away:
        yield Block.AWAY
    if conflicts.get(one.id) is Conflict.POSSIBLE:
        yield Block.CONFLICT
    if one.id in said_no:
        yield Block.SAID_NO


@dataclass(frozen=True, slots=True)
class TeamFact:
    """A team as the choice knows it. cluster: codes of communities and streets."""

    id: UUID
    name: str
    knows: frozenset[Speciality]
    cluster: frozenset[str]


def best_team(matter: Matter, teams: Iterable[TeamFact]) -> TeamFact | None:
    """Return the team that knows the kind (SUGGEST-1), the nearest first; None when none does."""
    fit = [team for team in teams if matter.speciality in team.knows]
    return min(fit, key=lambda team: (-_team_near(matter, team), team.name, team.id), default=None)


def _team_near(matter: Matter, team: TeamFact) -> int:
    if matter.community_code in team.cluster:
        return 2
    return int(matter.street_code in team.cluster)
