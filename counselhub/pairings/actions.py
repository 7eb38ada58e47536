"""Add and change party-building pairings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import history
from counselhub.core.access import Member
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.pairings.models import Pairing
from counselhub.places.models import Community

SAME_DAY = "uq_pairing_firm_id_community_code_signed_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A pairing as it is written; valid_until None: no end."""

    community_code: str
    party_a: str
    party_b: str
    signed_on: date
    valid_until: date | None
    content: str | None


def add(entry: Entry, *, by: Member) -> Pairing:
    """Add a pairing.

    Raises RefusedError when it ends before it begins, ConflictError naming the one of the same
    community and day.
    """
    _refuse_impossible(entry)
    pairing = Pairing(street_code=entry.community_code[:9], **asdict(entry))
    with _written(entry):
        db.session.add(pairing)
    history.record(pairing, "add", by=by, street_code=pairing.street_code)
    return pairing


def change(pairing: Pairing, entry: Entry, *, revision: int | None, by: Member) -> None:
    """Change a pairing. Raises as `add` does, ConflictError for a stale page."""
    history.expect(pairing, revision)
    _refuse_impossible(entry)
    with _written(entry):
        for name, value in asdict(entry).items():
            setattr(pairing, name, value)
        pairing.street_code = entry.community_code[:9]
        history.record(pairing, "change", by=by, street_code=pairing.street_code)


def _refuse_impossible(entry: Entry) -> None:
    if entry.valid_until and entry.valid_until < entry.signed_on:
        raise RefusedError(_("有效期不能早于签订日期。"))


@contextmanager
def _written(entry: Entry) -> Iterator[None]:
    """Write a pairing inside; another of the same community and day is named."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != SAME_DAY:
            raise
        place = db.session.get(Community, entry.community_code)
        raise ConflictError(
            _(
                "%(place)s %(day)s 已经登记过一份结对协议，请修改那一份。",
                place=place.short_name if place else entry.community_code,
                day=entry.signed_on,
            )
        ) from error
