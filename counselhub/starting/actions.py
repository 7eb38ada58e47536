"""Choose streets, leave steps out and take them up again."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.places.models import Street
from counselhub.starting.kinds import Step
from counselhub.starting.models import ChosenStreet, SkippedStep


def choose(codes: Iterable[str], *, by: Member) -> int:
    """Add streets to the firm's; those that it has stay. Returns how many are new.

    Raises RefusedError for none, and for a code of no street.
    """
    wanted = sorted(set(codes))
    known = set(db.session.scalars(select(Street.code).where(Street.code.in_(wanted))))
    if not wanted or known != set(wanted):
        raise RefusedError(_("请勾选至少一个街道。"))
    there = set(db.session.scalars(select(ChosenStreet.street_code)))
    now = clock.now()
    rows = [
        {"firm_id": by.firm_id, "id": uuid7(), "street_code": code, "chosen_at": now}
        for code in wanted
        if code not in there
    ]
    if not rows:
        return 0
    adding = insert(ChosenStreet).on_conflict_do_nothing().returning(ChosenStreet.street_code)
    new = list(db.session.scalars(adding, rows))
    if new:
        history.note("streets_chosen", scope=by.scope, by=by, codes=new)
    return len(new)


def drop(code: str, *, by: Member) -> None:
    """Take a street from the firm's chosen ones; nothing happens when it is none of them."""
    row = db.session.scalar(select(ChosenStreet).where(ChosenStreet.street_code == code))
    if row is not None:
        db.session.delete(row)
        history.note("street_dropped", scope=by.scope, by=by, codes=[code])


def skip(step: Step, *, by: Member) -> None:
    """Leave a step out for now."""
    if _skipped(step) is None:
        db.session.add(SkippedStep(firm_id=by.firm_id, step=step, skipped_at=clock.now()))
        history.note("step_skipped", scope=by.scope, by=by, kind=step.value)


def take_up(step: Step, *, by: Member) -> None:
    """Show a step again that was left out."""
    if (row := _skipped(step)) is not None:
        db.session.delete(row)
        history.note("step_taken_up", scope=by.scope, by=by, kind=step.value)


def _skipped(step: Step) -> SkippedStep | None:
    return db.session.scalar(select(SkippedStep).where(SkippedStep.step == step))
