"""Erase a client, and what services say and hold that may tell who it was."""

from collections.abc import Sequence
from dataclasses import dataclass

from counselhub.clients import actions, queries, seals
from counselhub.clients.kinds import EraseReason
from counselhub.clients.models import Client
from counselhub.core.members import Member
from counselhub.core.personal import normal_text
from counselhub.matters import queries as matters
from counselhub.services import blanking
from counselhub.services.blanking import Said
from counselhub.services.models import ServiceRecord


@dataclass(frozen=True, slots=True)
class Consequences:
    """What an erasure meets: services that say something, by whether it can go."""

    services: int
    open: Sequence[Said]
    """Services with words or files of months not yet closed: they can be emptied."""
    closed_words: Sequence[ServiceRecord]
    """Services with words or files of closed months: those stay."""
    cases: int
    """Case claims that name the client: they stay, and name somebody erased."""
    matters: int
    """Matters that name the client as a party: what they hold of him stays for their whole term.

    Whom the firm has acted for is what a later conflict of interest is found by: a duty of law.
    """
    telling: Sequence[ServiceRecord]
    """Those among both whose words hold the client's name or phone as it is on record."""

    @property
    def open_files(self) -> int:
        """How many files can be emptied."""
        return sum(len(one.open_files) for one in self.open)


def consequences(client: Client) -> Consequences:
    """Return what the confirmation names."""
    links = queries.links_of(client)
    found = blanking.said(links)
    hidden = told(client)
    return Consequences(
        len(links),
        [one for one in found if one.has_open],
        [one.record for one in found if one.has_closed],
        queries.cases_count(client),
        matters.count_of_client(client.id),
        [one.record for one in found if _tells(one, hidden)],
    )


def told(client: Client) -> list[str]:
    """Return what words must not hold: the name and the phone, where there are any."""
    person = seals.opened(client)
    return [part for part in (person.name, person.phone) if part]


def _tells(what: Said, hidden: Sequence[str]) -> bool:
    words = normal_text(" ".join(what.texts))
    return any(normal_text(part) in words for part in hidden)


def erase(
    client: Client, reason: EraseReason, *, blank: bool, revision: int | None, by: Member
) -> int:
    """Erase a client for good; return how many services lost their words.

    blank: also empty the words and files of the services whose month is not closed.
    Raises ConflictError for a stale page or a client already erased.
    """
    hidden = told(client)
    found = consequences(client).open if blank else []
    actions.erase(client, reason, revision=revision, by=by, blanked=len(found))
    for one in found:
        blanking.blank(one, hidden, by=by)
    return len(found)
