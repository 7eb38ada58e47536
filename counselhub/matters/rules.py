"""May the firm act? Pure: facts of parties in, findings out, each with the code of its rule."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from counselhub.matters.kinds import ConflictCode, Matched, MatterStatus, PartyRole

OWN = frozenset({PartyRole.CLIENT, PartyRole.COMMITTEE})
AGAINST = frozenset({PartyRole.OPPONENT})
LIVE = frozenset({MatterStatus.OPEN, MatterStatus.FROZEN})
C = ConflictCode
DECISIONS: Mapping[ConflictCode, frozenset[str]] = {
    C.SAME_DISPUTE: frozenset({"clear"}),
    C.ADVERSE: frozenset({"clear", "wall", "waive"}),
    C.COMMITTEE: frozenset({"clear", "waive"}),
    C.MEMBER: frozenset({"clear", "wall"}),
    C.FORMER: frozenset({"clear", "wall", "waive"}),
    C.SAME_PHONE: frozenset({"clear", "wall"}),
    C.SIMILAR: frozenset({"clear", "wall"}),
}
"""CONFLICT-9: what a manager may decide of each, beside declining, which is always right."""
_GRAVEST = tuple(ConflictCode)
_SUREST = tuple(Matched)


@dataclass(frozen=True, slots=True)
class PartyFact:
    """A party that is asked about: place in the question, role, digests of its identity number."""

    place: int
    role: PartyRole
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party of another matter that was found by one of a party's marks.

    place: of the party asked about. team: the lawyers of the other matter.
    """

    place: int
    how: Matched
    party_id: UUID
    matter_id: UUID
    role: PartyRole
    status: MatterStatus
    ids: frozenset[str] = frozenset()
    team: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What the firm knows of a party outside its matters, by its place in the question.

    committees: whose name is that of a committee that engages the firm on this day.
    members: lawyers of the firm of the same name or phone. served: clients with the same phone.
    """

    committees: frozenset[int] = frozenset()
    members: Mapping[int, frozenset[UUID]] | None = None
    served: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One possible conflict; matter_id is None where it is with the firm itself."""

    code: ConflictCode
    place: int
    how: Matched
    matter_id: UUID | None = None
    team: frozenset[UUID] = frozenset()


def judge(
    parties: Sequence[PartyFact], candidates: Iterable[Candidate], known: Known
) -> list[Finding]:
    """Return the possible conflicts, the gravest first; one of a kind for party and matter.

    CONFLICT-1: a party on the firm's side here and on the other, or a third one's, there.
    CONFLICT-2: both sides of a live matter with their places changed: the same dispute.
    CONFLICT-3: the other side is the committee that engages the firm.
    CONFLICT-4: a party is a lawyer of the firm.
    CONFLICT-5: the other side was served before: in a closed matter, or as a client by phone.
    CONFLICT-6: the same phone under another name on the other side.
    CONFLICT-7: an organisation of nearly the same name on the other side.
    CONFLICT-8: two known identity numbers that differ make two parties, whatever their names.
    """
    by_place = {party.place: party for party in parties}
    adverse = [
        one
        for one in _surest(candidates)
        if is_adverse(by_place[one.place].role, one.role) and not _are_two(by_place[one.place], one)
    ]
    reversed_in = _same_disputes(by_place, adverse)
    found = [_of_candidate(one, reversed_in) for one in adverse]
    found += _of_firm(parties, known)
    unique = {_subject(one): one for one in reversed(found)}
    return sorted(unique.values(), key=lambda one: (_GRAVEST.index(one.code), one.place))


def _subject(one: Finding) -> tuple[ConflictCode, int | None, UUID | None]:
    """A dispute is one thing to decide, however many of its parties were found."""
    return one.code, None if one.code is C.SAME_DISPUTE else one.place, one.matter_id


def is_adverse(here: PartyRole, there: PartyRole) -> bool:
    """Say whether one party in these two roles stands on two sides."""
    return any(
        one in OWN and other in AGAINST | {PartyRole.THIRD}
        for one, other in ((here, there), (there, here))
    )


def _surest(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Keep of each pair of parties the surest mark."""
    best: dict[tuple[int, UUID], Candidate] = {}
    for one in candidates:
        key = (one.place, one.party_id)
        if key not in best or _SUREST.index(one.how) < _SUREST.index(best[key].how):
            best[key] = one
    return list(best.values())


def _are_two(party: PartyFact, other: Candidate) -> bool:
    """CONFLICT-8."""
    differ = bool(party.ids and other.ids) and not party.ids & other.ids
    return differ and other.how is not Matched.PHONE


def _same_disputes(parties: Mapping[int, PartyFact], adverse: Iterable[Candidate]) -> set[UUID]:
    """Return the live matters in which a party of each of our sides stands on the other one."""
    sides: dict[UUID, set[bool]] = {}
    for one in adverse:
        is_sure = one.how not in (Matched.SIMILAR, Matched.PHONE)
        here = parties[one.place].role
        if is_sure and one.status in LIVE and {here, one.role} & AGAINST:
            sides.setdefault(one.matter_id, set()).add(here in OWN)
    return {matter_id for matter_id, seen in sides.items() if len(seen) == 2}


def _of_candidate(one: Candidate, same_disputes: Collection[UUID]) -> Finding:
    if one.how is Matched.SIMILAR:
        code = C.SIMILAR
    elif one.how is Matched.PHONE:
        code = C.SAME_PHONE
    elif one.matter_id in same_disputes:
        code = C.SAME_DISPUTE
    elif one.status not in LIVE:
        code = C.FORMER
    else:
        code = C.ADVERSE
    return Finding(code, one.place, one.how, one.matter_id, one.team)


def _of_firm(parties: Sequence[PartyFact], known: Known) -> list[Finding]:
    found = []
    members = known.members or {}
    for party in parties:
        is_against = party.role in AGAINST
        if is_against and party.place in known.committees:
            found.append(Finding(C.COMMITTEE, party.place, Matched.NAME))
        if party.place in members:
            team = members[party.place]
            found.append(Finding(C.MEMBER, party.place, Matched.NAME, None, team))
        if is_against and party.place in known.served:
            found.append(Finding(C.FORMER, party.place, Matched.PHONE))
    return found


def concerned(team: Collection[UUID], finding: Finding) -> frozenset[UUID]:
    """Return the lawyers who stand on both sides, for whom both matters freeze.

    CONFLICT-10: those of `team` who are of the other matter too, and a lawyer who is the party.
    """
    return finding.team if finding.code is C.MEMBER else frozenset(team) & finding.team
