"""A year's plan: what was agreed to be done in which month."""

from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.pairings.list_actions import refuse_ended, shared_street
from counselhub.pairings.models import Pairing
from counselhub.pairings.work_models import PairingActivity, PlannedActivity


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A line of the plan; month: 1 to 12, minutes: whole minutes, 0 when nobody has said."""

    year: int
    month: int
    theme: str
    minutes: int


def add(pairing: Pairing, entry: PlanEntry, *, by: Member) -> PlannedActivity:
    """Plan an activity. Raises RefusedError for a month outside the agreement."""
    refuse_ended(pairing)
    _judge(pairing, entry)
    row = PlannedActivity(pairing_id=pairing.id, **asdict(entry))
    db.session.add(row)
    db.session.flush()
    history.record(row, "add_plan", by=by, street_code=shared_street(pairing))
    return row


def change(
    row: PlannedActivity, entry: PlanEntry, pairing: Pairing, *, revision: int | None, by: Member
) -> None:
    """Change a line. Raises ConflictError for a stale page, RefusedError as `add` does."""
    history.expect(row, revision)
    refuse_ended(pairing)
    _judge(pairing, entry)
    for name, value in asdict(entry).items():
        setattr(row, name, value)
    history.record(row, "change_plan", by=by, street_code=shared_street(pairing))


def _judge(pairing: Pairing, entry: PlanEntry) -> None:
    then = entry.year, entry.month
    first, last = pairing.signed_on, pairing.valid_until
    if first and then < (first.year, first.month):
        raise RefusedError(_("计划的月份早于签订日期 %(day)s。", day=first), at="month")
    if last and then > (last.year, last.month):
        raise RefusedError(_("计划的月份晚于有效期 %(day)s。", day=last), at="month")


def remove(row: PlannedActivity, pairing: Pairing, *, revision: int | None, by: Member) -> None:
    """Strike a line. Raises RefusedError, naming the activity, for one that took place."""
    history.expect(row, revision)
    refuse_ended(pairing)
    query = select(PairingActivity).where(PairingActivity.plan_id == row.id)
    if held := db.session.scalars(query.limit(1)).first():
        raise RefusedError(
            _(
                "%(day)s 的活动“%(theme)s”是按它开展的，请先在活动里改选计划，再删除它。",
                day=held.day,
                theme=held.theme,
            ),
            row=row,
        )
    history.record(row, "remove_plan", by=by, street_code=shared_street(pairing), theme=row.theme)
    db.session.flush()
    db.session.delete(row)
