"""What a late entry changes in months that were settled. Pure: facts in, differences out.

LATE-4: a late entry is worth what the rules give for the months of its year with it, less what they
    give without it: caps and shortfalls that it moves in later settled months are in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from counselhub.statements.facts import (
    AdjustmentFact,
    ClaimFact,
    LectureFact,
    MonthFacts,
    SessionFact,
)
from counselhub.statements.rules.corrections import differences
from counselhub.statements.rules.statement import compute

Visit = tuple[str, SessionFact]
"""A session at its community."""
Record = SessionFact | LectureFact | ClaimFact


@dataclass(frozen=True, slots=True)
class Late:
    """A record that a settled month lacked, at its community.

    replaces: the session that the month has in its place, where it has one.
    """

    community: str
    record: Record
    replaces: Visit | None = None


def with_late(facts: MonthFacts, entries: Iterable[Late]) -> MonthFacts:
    """Return the facts of a month with these records; one beyond month or street changes nothing.

    What replaces a session is proven as well as that one was.
    """
    sessions = {code: list(records) for code, records in facts.sessions.items()}
    lectures, claims = list(facts.lectures), list(facts.claims)
    for entry in entries:
        community, record = entry.community, entry.record
        if entry.replaces is not None and isinstance(record, SessionFact):
            record = _instead(sessions, entry.replaces, record)
        if _day_of(record) > facts.month.last or not community.startswith(facts.street):
            continue
        match record:
            case SessionFact():
                sessions.setdefault(community, []).append(record)
            case LectureFact():
                lectures.append(record)
            case ClaimFact():
                claims.append(record)
    return replace(facts, sessions=sessions, lectures=lectures, claims=claims)


def _instead(
    sessions: dict[str, list[SessionFact]], gone: Visit, record: SessionFact
) -> SessionFact:
    """Take the session that is replaced away; return the new one with its grade."""
    community, was = gone
    there = sessions.get(community, [])
    for place, one in enumerate(there):
        if (one.day, one.sign_in, one.sign_out, one.adviser) == was[:4]:
            del there[place]
            return record._replace(grade=one.grade)
    return record


def _day_of(record: Record) -> date:
    return record.closed_on if isinstance(record, ClaimFact) else record.day


def worth(
    months: Sequence[MonthFacts], known: Sequence[Late], entry: Late, reason: str
) -> list[AdjustmentFact]:
    """LATE-4: return what the entry changes, by month, contract and community; 0 is left out.

    months: the facts of settled months, without the entry. known: late visits agreed to before.
    """
    found: list[AdjustmentFact] = []
    for facts in months:
        settled = replace(facts, adjustments=(), releases=(), carry=None, older_carries=())
        before = with_late(settled, known)
        found += differences(compute(before), compute(with_late(before, [entry])), (), reason)
    return found
