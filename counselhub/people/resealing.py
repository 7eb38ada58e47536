"""Seal texts of every firm anew when the keys change."""

from collections.abc import Callable
from typing import Any

from counselhub.core import resealing
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place
from counselhub.core.tenancy import as_firm
from counselhub.people.queries import every_firm


def reseal(ring: KeyRing, place: Callable[[Any], Place], *columns: Any) -> tuple[int, set[str]]:
    """As `core.resealing.reseal`, in each firm after the other; commits each."""
    count, needed = 0, set[str]()
    for firm_id, _code in every_firm():
        with as_firm(firm_id):
            done, still = resealing.reseal(ring, place, *columns)
            db.session.commit()
        count, needed = count + done, needed | still
    return count, needed
