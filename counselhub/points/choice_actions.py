"""A lawyer's word on positions: given on purpose, taken back as easily (PIPL articles 14, 15, 29).

The text that was agreed to has a number; a new text asks again.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.tenancy import current_firm_id
from counselhub.points import queries
from counselhub.points.proof_models import PositionChoice

WORDING = 1
"""The number of the present text, `points/_choice.html`."""


def agree(adviser_id: UUID, *, by: Member) -> None:
    """Let the lawyer's taps take the phone's position along from now on."""
    _choose(adviser_id, clock.now())
    history.note("position_agreed", scope=by.scope, by=by, wording=WORDING)


def take_back(adviser_id: UUID, *, by: Member) -> None:
    """Take no position any more; what was taken stays for its term."""
    _choose(adviser_id, None)
    history.note("position_refused", scope=by.scope, by=by)


def _choose(adviser_id: UUID, agreed_at: datetime | None) -> None:
    word = {"agreed_at": agreed_at, "wording": WORDING}
    key = {"firm_id": current_firm_id(), "id": uuid7(), "adviser_id": adviser_id, "revision": 1}
    db.session.execute(
        insert(PositionChoice)
        .values(**key, **word)
        .on_conflict_do_update(index_elements=["firm_id", "adviser_id"], set_=word)
    )


def takes_position(adviser_id: UUID) -> bool:
    """Tell whether the lawyer's phone is to ask for its position, by the present text."""
    choice = queries.choice_of(adviser_id)
    return choice is not None and choice.agreed_at is not None and choice.wording == WORDING
