"""Where a slot may go whose day turned out to be off? Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from counselhub.roster.facts import Place, Post, Travel
from counselhub.roster.rules import clash


def proposal(
    place: Place,
    days: Iterable[date],
    posts: Sequence[Post],
    taken: Sequence[Place],
    travel: Travel,
) -> Place | None:
    """Return the same visit on the nearest of `days`, None when none is free.

    ROSTER-7: the same lawyer at the same time, later days before earlier ones as near; not on a day
    on which the community has a visit. taken: what else is planned, without the slot itself.
    """
    visits = {one.day for one in taken if one.community == place.community}
    for day in sorted(days, key=lambda one: (abs((one - place.day).days), one < place.day)):
        serves = any(
            one.adviser_id == place.adviser_id
            and one.community == place.community
            and one.holds(day)
            for one in posts
        )
        there = replace(place, day=day)
        if serves and day not in visits and clash(there, taken, travel) is None:
            return there
    return None
