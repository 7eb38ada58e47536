"""What a month is asked to hold, as the rules of the roster know it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from counselhub.roster.facts import Ask, Post, Travel
from counselhub.roster.kinds import TermKind
from counselhub.roster.quotas import Span
from counselhub.roster.rules import Facts
from counselhub.roster.working_days import Calendar

TERM, OTHER_TERM = UUID(int=1), UUID(int=2)
ZHANG, LI, WANG = (UUID(int=number) for number in (11, 12, 13))
NEAR, NEAR_TOO, FAR = "440307012001", "440307012002", "440307013001"
OCTOBER = Span(date(2026, 10, 1), date(2026, 10, 31), date(2026, 10, 1))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
TRAVEL = Travel(30, 60)
CALENDAR = Calendar()


def at(day: int) -> date:
    return date(2026, 10, day)


def ask(kind: TermKind = TermKind.WEEKLY, community: str = NEAR, **given: Any) -> Ask:
    known = {"term_id": TERM, "first": YEAR[0], "last": YEAR[1], "begins": 540, "ends": 720}
    weekday = {"weekday": 3} if kind in (TermKind.WEEKLY, TermKind.NTH) else {}
    return Ask(**{"kind": kind, "community": community, **known, **weekday, **given})


def lead(adviser_id: UUID = ZHANG, community: str = NEAR, **given: Any) -> Post:
    return Post(
        **{"adviser_id": adviser_id, "community": community, "first": YEAR[0], "last": None,
           "is_lead": True} | given
    )  # fmt: skip


def facts(asks: Sequence[Ask], posts: Sequence[Post] = (), **given: Any) -> Facts:
    known: dict[str, Any] = {
        "span": OCTOBER, "held": (), "calendar": CALENDAR, "travel": TRAVEL, "seed": 7,
    }  # fmt: skip
    return Facts(**{**known, "asks": asks, "posts": posts or [lead()], **given})
