"""What a document is made of: the statement's lines, and who leads each community."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.statements.documents.sheet import Sheet, sheet_of
from counselhub.statements.models import Statement, StatementLine


def sheet(statement: Statement) -> Sheet:
    """Return the form of a statement, with two statements whatever its size."""
    return sheet_of(statement, lines_of(statement), leads_of(statement))


def lines_of(statement: Statement) -> list[StatementLine]:
    """Return all lines in printing order with their communities."""
    query = (
        select(StatementLine)
        .where(
            StatementLine.firm_id == statement.firm_id,
            StatementLine.statement_id == statement.id,
        )
        .options(joinedload(StatementLine.community))
        .order_by(StatementLine.position, StatementLine.id)
    )
    return list(db.session.scalars(query))


def leads_of(statement: Statement) -> dict[str, str]:
    """Return who led each community in the statement's month, in order of time, by its code."""
    query = (
        select(Assignment.community_code, Adviser.name)
        .join(
            Adviser,
            (Adviser.firm_id == Assignment.firm_id) & (Adviser.id == Assignment.adviser_id),
        )
        .where(
            Assignment.firm_id == statement.firm_id,
            Assignment.street_code == statement.street_code,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.starts_on <= clock.last_day(statement.month),
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= statement.month),
        )
        .order_by(Assignment.community_code, Assignment.starts_on)
    )
    names: dict[str, list[str]] = {}
    for community, name in db.session.execute(query):
        known = names.setdefault(community, [])
        if name not in known:
            known.append(name)
    return {community: "、".join(known) for community, known in names.items()}
