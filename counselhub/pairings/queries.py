"""The firm's party-building pairings."""

from datetime import date
from typing import Any

from sqlalchemy import Select, or_
from sqlalchemy.orm import contains_eager

from counselhub.core import sorting
from counselhub.core.access import visible
from counselhub.pairings.models import Pairing
from counselhub.places.models import Community

SORTS: sorting.Sorts = {
    "signed": (Pairing.signed_on, Pairing.id),
    "community": (Community.pinyin, Pairing.signed_on, Pairing.id),
    "until": (Pairing.valid_until, Pairing.id),
}


def pairing_list(words: str, sort: str) -> Select[Any]:
    """Select the pairings with their communities; words: of a community or an organisation.

    sort: a key of SORTS, with a minus before it for the other direction.
    """
    query = visible(Pairing).join(Pairing.community).options(contains_eager(Pairing.community))
    if words:
        query = query.where(
            or_(
                Community.search.contains(words.lower(), autoescape=True),
                Pairing.party_a.icontains(words, autoescape=True),
                Pairing.party_b.icontains(words, autoescape=True),
            )
        )
    return sorting.ordered(query, SORTS, sort)


def is_over(pairing: Pairing, today: date) -> bool:
    """Tell whether a pairing's term has passed."""
    return pairing.valid_until is not None and pairing.valid_until < today
