"""The terms that an operator sets, and what is over on a day. Pure."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from counselhub.retention.kinds import Kept
from counselhub.retention.table import TABLE

LONGEST = 36_500


class SettingError(ValueError):
    """COUNSELHUB_RETENTION cannot be used; the message is a sentence for the operator."""


def periods(setting: str) -> Mapping[Kept, int | None]:
    """Return the days of each class: the table's, or those of `setting` (`client=730,audit=365`).

    Raises SettingError for an unknown class, no whole number, or fewer days than the least allowed.
    """
    days: dict[Kept, int | None] = {rule.kept: rule.days for rule in TABLE}
    least = {rule.kept: rule.least for rule in TABLE if rule.days is not None}
    for part in filter(None, re.split(r"[,\s]+", setting.strip())):
        name, _sign, number = part.partition("=")
        if name not in set(least):
            raise SettingError(
                f"COUNSELHUB_RETENTION: {name!r} has no period; one of {', '.join(least)} has."
            )
        kept = Kept(name)
        if not re.fullmatch(r"[0-9]{1,5}", number) or not least[kept] <= int(number) <= LONGEST:
            raise SettingError(
                f"COUNSELHUB_RETENTION: {name} is {number!r};"
                f" it must be from {least[kept]} to {LONGEST} days."
            )
        days[kept] = int(number)
    return days


def due_before(today: date, days: int) -> date:
    """Return the first day that is still kept: what ended before it is due."""
    return today - timedelta(days=days)
