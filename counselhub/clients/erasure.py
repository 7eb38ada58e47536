"""Erase a client, and the words of services that may tell who it was."""

from collections.abc import Sequence
from dataclasses import dataclass

from counselhub.clients import actions, queries, seals
from counselhub.clients.kinds import EraseReason
from counselhub.clients.models import Client
from counselhub.core.access import Member
from counselhub.core.personal import normal_text
from counselhub.matters import queries as matters
from counselhub.services.actions import blank_words
from counselhub.services.models import ServiceRecord


@dataclass(frozen=True, slots=True)
class Consequences:
    """What an erasure meets: services with words, by whether their month is closed."""

    services: int
    open_words: Sequence[ServiceRecord]
    """Services of months not yet closed whose words can be blanked."""
    closed_words: Sequence[ServiceRecord]
    """Services of closed months: what they say stays."""
    cases: int
    """Case claims that name the client: they stay, and name somebody erased."""
    matters: int
    """Matters that name the client as a party: what they hold of him stays for their whole term.

    Whom the firm has acted for is what a later conflict of interest is found by: a duty of law.
    """
    telling: Sequence[ServiceRecord]
    """Those among both whose words hold the client's name or phone as it is on record."""


def consequences(client: Client) -> Consequences:
    """Return what the confirmation names."""
    links = queries.links_of(client)
    worded = [(record, closed) for record, closed in links if record.note or record.outcome]
    hidden = told(client)
    return Consequences(
        len(links),
        [record for record, closed in worded if not closed],
        [record for record, closed in worded if closed],
        queries.cases_count(client),
        matters.count_of_client(client.id),
        [record for record, _closed in worded if _tells(record, hidden)],
    )


def told(client: Client) -> list[str]:
    """Return what words must not hold: the name and the phone, where there are any."""
    person = seals.opened(client)
    return [part for part in (person.name, person.phone) if part]


def _tells(record: ServiceRecord, hidden: Sequence[str]) -> bool:
    words = normal_text(f"{record.note.content if record.note else ''} {record.outcome or ''}")
    return any(normal_text(part) in words for part in hidden)


def erase(
    client: Client, reason: EraseReason, *, blank: bool, revision: int | None, by: Member
) -> int:
    """Erase a client for good; return how many services lost their words.

    blank: also empty the words of the services whose month is not closed.
    Raises ConflictError for a stale page or a client already erased.
    """
    hidden = told(client)
    found = consequences(client).open_words if blank else []
    actions.erase(client, reason, revision=revision, by=by, blanked=len(found))
    for record in found:
        blank_words(record, hidden, by=by)
    return len(found)
