"""Give notice, once each, that contracts end within 90, 60 and 30 days."""

from datetime import date

from sqlalchemy.dialects.postgresql import insert

from counselhub.contracts import queries, rules
from counselhub.contracts.models import ContractNotice
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member


def give(today: date, *, by: Member) -> int:
    """Note the notices that are due and not given yet; return how many.

    A contract gets the nearest only: what was missed is not made up for.
    """
    given = 0
    for contract in queries.ending_contracts(today, max(rules.NOTICES)):
        days = rules.notice_of(contract.ends_on, today)
        values = {
            "firm_id": contract.firm_id,
            "id": uuid7(),
            "contract_id": contract.id,
            "ends_on": contract.ends_on,
            "days": days,
            "noted_on": today,
        }
        there = insert(ContractNotice).values(values).on_conflict_do_nothing()
        if db.session.scalar(there.returning(ContractNotice.id)) is not None:
            history.record(contract, "note_ending", by=by, days=days)
            given += 1
    return given
