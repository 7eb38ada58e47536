"""Acts as a page or a file tells them: every code as the word that a reader knows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from counselhub.audit import queries
from counselhub.audit.columns import column_word
from counselhub.audit.queries import Act
from counselhub.audit.values import value_word
from counselhub.audit.wording import SIDES, act_word, subject_word
from counselhub.core import clock
from counselhub.core.history import Outcome
from counselhub.core.i18n import page_text
from counselhub.core.members import hand_word

UNTOLD = frozenset(
    {
        *("kind", "endpoint", "ids", "query", "sha256", "status", "terms", "link", "membership"),
        *("visit", "in_place_of_id"),
    }
)
"""Details that stand for the program: what a reader needs of them is told elsewhere."""


class Change(NamedTuple):
    """A column before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One act in words."""

    id: UUID
    at: datetime
    when: str
    who: str
    side: str
    what: str
    thing: str
    subject: str
    subject_id: UUID | None
    is_refused: bool
    address: str
    changes: list[Change] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def tell(acts: list[Act]) -> list[Told]:
    """Word acts; the names of lawyers and places in them cost one statement."""
    names = queries.names({key for act in acts for key in _texts([act.detail, act.changes])})
    return [_told(act, names) for act in acts]


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _texts(value)
        elif isinstance(value, dict):
            yield from _texts(value.values())


def _told(act: Act, names: Mapping[str, str]) -> Told:
    side = SIDES.get(act.side)
    return Told(
        id=act.id,
        at=act.at,
        when=f"{clock.local(act.at):%Y-%m-%d %H:%M:%S}",
        who=hand_word(act.who),
        side=page_text(side) if side else act.side,
        what=act_word(act.subject, act.act),
        thing=subject_word(act.subject),
        subject=act.subject,
        subject_id=act.subject_id,
        is_refused=act.outcome == Outcome.REFUSED,
        address=act.address,
        changes=list(_changes(act, names)),
        notes=list(_notes(act, names)),
    )


def _changes(act: Act, names: Mapping[str, str]) -> Iterator[Change]:
    """Give the columns that changed; of older acts, what they kept of the time before.

    Who certified, checked and signed stands there by name; the account's id says no more.
    """
    changes: dict[str, Any] = {**act.detail.get("changes", {}), **act.changes}
    if act.from_status and act.to_status:
        changes.setdefault("status", [act.from_status, act.to_status])
    before = act.detail.get("before")
    for name, value in before.items() if isinstance(before, dict) else ():
        changes.setdefault(name, [value, None])
    for name, pair in changes.items():
        if isinstance(pair, list) and len(pair) == 2 and not name.endswith("_by_id"):
            told = (value_word(act.subject, name, value, names) for value in pair)
            yield Change(column_word(name), *told)


def _notes(act: Act, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in act.detail.items():
        is_told = name in UNTOLD or isinstance(value, dict) or name in act.changes
        if not is_told and value not in (None, "", []):
            yield column_word(name), value_word(act.subject, name, value, names)
