"""Pages of the queue for the operator, and the service's health for whoever watches it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, public, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError
from counselhub.core.jobs import standings
from counselhub.core.permissions import Permission
from counselhub.timetable import TIMETABLE
from counselhub.upkeep import actions, queries
from counselhub.upkeep.kinds import TONES, JobState, job_word, named

bp = Blueprint("upkeep", __name__)
PAGE = "upkeep/jobs.html"


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Say whether the database answers and a worker lives; 503 when not."""
    try:
        found = queries.health()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(database=False, worker=False), 503
    told = jsonify(
        database=True,
        worker=found.is_well,
        heartbeat_seconds=found.heartbeat_seconds,
        silent_workers=found.silent_workers,
        dead_letters=found.dead_letters,
    )
    return told, 200 if found.is_well else 503


@bp.get("/console/jobs")
@require(Permission.OPERATE)
def jobs() -> ResponseReturnValue:
    """List the queue's jobs, dead letters first of all."""
    return htmx.show(PAGE, **_shown())


def _shown(refusal: str = "", reason: str = "") -> dict[str, Any]:
    state = JobState.of_asked(request.args.get("state", JobState.FAILED.value))
    name = request.args.get("q", "")
    page = paging.paged(queries.jobs(state, name, named(name)), columns=True)
    return {
        "page": page,
        "places": queries.places(page.items),
        "state": state,
        "states": JobState,
        "state_of": JobState.of,
        "job_word": job_word,
        "tones": TONES,
        "name": name,
        "health": queries.health(),
        "standings": standings(TIMETABLE),
        "refusal": refusal,
        "reason": reason,
    }


@bp.post("/console/jobs/retries")
@require(Permission.OPERATE)
def create_retries() -> ResponseReturnValue:
    """Begin the chosen dead letters again."""
    return _act(lambda ids: actions.retry(ids, by=current_member()), _("已重新排队 %(count)d 项。"))


@bp.post("/console/jobs/given-up")
@require(Permission.OPERATE)
def create_given_up() -> ResponseReturnValue:
    """Give the chosen dead letters up, with the reason."""
    reason = request.form.get("reason", "")
    return _act(
        lambda ids: actions.give_up(ids, reason, by=current_member()),
        _("已放弃 %(count)d 项。"),
        reason,
    )


def _act(act: Callable[[list[int]], int], sentence: str, reason: str = "") -> ResponseReturnValue:
    ids = [int(one) for one in request.form.getlist("job") if one.isdecimal() and len(one) < 19]
    try:
        count = act(ids)
    except DomainError as refusal:
        db.session.rollback()
        show = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return show(PAGE, **_shown(refusal.message, reason))
    flash(sentence % {"count": count}, "success")
    return htmx.gone_to(url_for(".jobs"))
