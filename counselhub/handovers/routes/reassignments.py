"""Many communities of one lawyer to others at once: chosen, tried, then all or none."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.advisers import queries as advisers
from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.core import clock, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import show_refusal
from counselhub.handovers import queries, reassigning
from counselhub.handovers.forms import ChangeForm, change_form
from counselhub.handovers.reassigning import Move, ObstaclesError, Trial
from counselhub.handovers.routes.blueprint import P, bp

PAGE = "handovers/reassignment.html"


@bp.get("/reassignments")
@require(P.ASSIGN)
def new_reassignment() -> ResponseReturnValue:
    """Ask whose communities go to whom."""
    return htmx.show(PAGE, **_shown(_leaving(), _fresh()))


@bp.post("/reassignments/trial")
@require(P.ASSIGN)
def try_reassignment() -> ResponseReturnValue:
    """Show what would come of it; nothing is kept."""
    leaving, form = _leaving(), change_form()
    if leaving is None or not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(leaving, form))
    try:
        trial = reassigning.attempt(_moves(leaving), form.change(), by=current_member())
    except RefusedError as refusal:
        show_refusal(form.starts_on, refusal)
        return htmx.invalid(PAGE, **_shown(leaving, form))
    finally:
        db.session.rollback()
    return htmx.show(PAGE, **_shown(_leaving(), form, trial=trial))


@bp.post("/reassignments")
@require(P.ASSIGN)
def create_reassignment() -> ResponseReturnValue:
    """Do all of it, or nothing and say what is in the way."""
    leaving, form = _leaving(), change_form()
    if leaving is None or not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(leaving, form))
    try:
        packs = reassigning.carry_out(_moves(leaving), form.change(), by=current_member())
    except ObstaclesError as found:
        db.session.rollback()
        shown = _shown(_leaving(), form, trial=found.trial, refusal=found.message)
        return htmx.invalid(PAGE, **shown)
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(_leaving(), form, refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.starts_on, refusal)
        return htmx.invalid(PAGE, **_shown(_leaving(), form))
    flash(_("%(count)s个社区已更换律师，交接清单都已生成", count=len(packs)), "success")
    return htmx.gone_to(url_for(".packs"))


def _fresh() -> ChangeForm:
    return change_form(starts_on=clock.today() + timedelta(days=1), moves_duty=True)


def _leaving() -> Adviser | None:
    """Return whose communities are asked for, None where nobody is. Raises NotFoundError."""
    asked = request.values.get("adviser_id", "")
    try:
        return fetch(Adviser, UUID(asked)) if asked else None
    except ValueError:
        return None


def _chosen() -> Mapping[str, UUID]:
    """Return the successor of each community that has one, by the assignment's id."""
    found: dict[str, UUID] = {}
    for name, value in request.form.items():
        if name.startswith("to-") and value:
            try:
                found[name.removeprefix("to-")] = UUID(value)
            except ValueError:
                continue
    return found


def _moves(leaving: Adviser) -> Sequence[Move]:
    """Return what was chosen, of what the lawyer leads on the day. Raises RefusedError for none."""
    chosen = _chosen()
    query = select(Adviser).where(among(Adviser.id, set(chosen.values())))
    takers = {one.id: one for one in db.session.scalars(query)}
    moves = [
        Move(old, takers[chosen[str(old.id)]])
        for old in _led(leaving)
        if chosen.get(str(old.id)) in takers
    ]
    if not moves:
        raise RefusedError(_("请至少给一个社区选接任律师。"))
    return moves


def _led(leaving: Adviser) -> list[Assignment]:
    return queries.led_by(leaving.id, clock.today())


def _shown(
    leaving: Adviser | None, form: ChangeForm, *, trial: Trial | None = None, refusal: str = ""
) -> dict[str, Any]:
    people = advisers.choices(clock.today())
    return {
        "leaving": leaving,
        "people": people,
        "takers": [one for one in people if leaving is None or one[0] != str(leaving.id)],
        "led": _led(leaving) if leaving else [],
        "chosen": {key: str(value) for key, value in _chosen().items()},
        "form": form,
        "trial": trial,
        "refusal": refusal,
    }
