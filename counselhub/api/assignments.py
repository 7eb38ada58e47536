"""Who serves which community, from when to when."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Code, Day, Listed, PageOf, Shown
from counselhub.assignments import queries
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.core.access import Permission, fetch
from counselhub.core.labels import N_

READ = "assignments:read"


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


def shown(row: Assignment) -> AssignmentShown:
    """Return what is told of an assignment."""
    return AssignmentShown.model_validate(row)
