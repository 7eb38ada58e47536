"""Who serves which community, from when to when."""

from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from pydantic import AwareDatetime, Field

from counselhub.advisers.models import Adviser
from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Asked, Code, Day, Listed, PageOf, Shown
from counselhub.assignments import actions, queries
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.core.access import current_member, fetch
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.places import queries as places

READ, WRITE = "assignments:read", "assignments:write"


class AssignmentShown(Shown):
    """指派: both days included, `ends_on` null is open."""

    id: UUID
    revision: int
    community_code: str
    street_code: str
    adviser_id: UUID
    role: str
    starts_on: date
    ends_on: date | None
    end_cause: str | None


class AssignmentsAsked(Listed):
    """Of a community, of an adviser, in a role, on a day."""

    community: Code | None = None
    adviser: UUID | None = None
    role: AssignmentRole | None = None
    on: Day | None = None
    changed_since: AwareDatetime | None = None


@operation(
    "GET",
    "/assignments",
    N_("列出指派"),
    READ,
    Permission.FIRM_READ,
    query=AssignmentsAsked,
    answer=PageOf[AssignmentShown],
)
def list_assignments(asked: AssignmentsAsked) -> PageOf[AssignmentShown]:
    """List assignments, those that ended too."""
    query = queries.listed(asked.community, asked.adviser, asked.role, asked.on)
    if asked.changed_since:
        query = query.where(changed_since(Assignment, asked.changed_since))
    return part_of(query, Assignment.id, asked, shown, PageOf[AssignmentShown])


@operation(
    "GET",
    "/assignments/<uuid:assignment_id>",
    N_("查看一项指派"),
    READ,
    Permission.FIRM_READ,
    answer=AssignmentShown,
)
def assignment(assignment_id: UUID) -> AssignmentShown:
    """Show one assignment."""
    return shown(fetch(Assignment, assignment_id))


class AssignmentGiven(Asked):
    """Who is to serve where; both days included, `ends_on` null is open."""

    community_code: Code
    adviser_id: UUID
    role: AssignmentRole
    starts_on: Day
    ends_on: Day | None = None
    reason: str = Field("", max_length=500)


class Replacement(Asked):
    """Who is to serve instead, from the first day on; the last one ends the day before."""

    adviser_id: UUID
    starts_on: Day
    ends_on: Day | None = None
    reason: str = Field(min_length=1, max_length=500)


class Ending(Asked):
    """The last day of an assignment, and why."""

    last_on: Day
    reason: str = Field(min_length=1, max_length=500)


@operation(
    "POST",
    "/assignments",
    N_("新增一项指派"),
    WRITE,
    Permission.ASSIGN,
    body=AssignmentGiven,
    answer=AssignmentShown,
    made=True,
)
def create_assignment(body: AssignmentGiven) -> AssignmentShown:
    """Assign; a lead in the way is named and must be ended first."""
    community = places.by_code(body.community_code)
    if community is None:
        raise RefusedError(_("没有这个社区。"), at="community_code")
    days = (body.starts_on, body.ends_on)
    by, words = current_member(), body.reason
    adviser = _adviser(body.adviser_id)
    row = actions.assign(community, adviser, body.role, *days, by=by, reason=words)
    return shown(row)


def _adviser(adviser_id: UUID) -> Adviser:
    try:
        return fetch(Adviser, adviser_id)
    except NotFoundError as unknown:
        raise RefusedError(_("没有这位律师。"), at="adviser_id") from unknown


@operation(
    "POST",
    "/assignments/<uuid:assignment_id>/replacement",
    N_("换一位律师"),
    WRITE,
    Permission.ASSIGN,
    body=Replacement,
    answer=AssignmentShown,
    made=True,
)
def replace_assignment(assignment_id: UUID, body: Replacement) -> AssignmentShown:
    """End an assignment the day before and begin another's, in one act; answers the new one."""
    old = fetch(Assignment, assignment_id)
    days = (body.starts_on, body.ends_on)
    row = actions.replace(
        old, _adviser(body.adviser_id), *days, reason=body.reason, by=current_member()
    )
    db.session.flush()
    return shown(row)


@operation(
    "POST",
    "/assignments/<uuid:assignment_id>/ending",
    N_("结束一项指派"),
    WRITE,
    Permission.ASSIGN,
    body=Ending,
    answer=AssignmentShown,
)
def end_assignment(assignment_id: UUID, body: Ending) -> AssignmentShown:
    """End an assignment on a day."""
    row = fetch(Assignment, assignment_id)
    actions.end(row, body.last_on, body.reason, by=current_member())
    db.session.flush()
    return shown(row)


def shown(row: Assignment) -> AssignmentShown:
    """Return what is told of an assignment."""
    return AssignmentShown.model_validate(row)
