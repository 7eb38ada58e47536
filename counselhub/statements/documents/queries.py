"""What a document is made of: the statement's lines, and who leads each community."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.statements.documents.sheet import DRAFTS, Sheet, sheet_of
from counselhub.statements.documents.stamp import Stamp
from counselhub.statements.models import Statement, StatementLine, StatementSeal
from counselhub.statements.states import StatementStatus

PAPERLESS = DRAFTS | {StatementStatus.QUERIED, StatementStatus.VOID}
"""States in which what is printed is nothing that was sealed."""


def sheet(statement: Statement, papers: str = "") -> Sheet:
    """Return the form of a statement, with three statements whatever its size.

    papers: where papers are checked; without it the form bears no stamp.
    """
    stamp = stamp_of(statement, papers) if papers else None
    return sheet_of(statement, lines_of(statement), leads_of(statement), stamp)


def stamp_of(statement: Statement, papers: str) -> Stamp | None:
    """Return the stamp of the last seal, None where the statement is not what it sealed."""
    if statement.status in PAPERLESS:
        return None
    query = (
        select(StatementSeal)
        .where(
            StatementSeal.firm_id == statement.firm_id, StatementSeal.statement_id == statement.id
        )
        .order_by(StatementSeal.at.desc(), StatementSeal.id.desc())
    )
    seal = db.session.scalars(query.limit(1)).first()
    if seal is None or seal.code is None:
        return None
    if (seal.version, seal.total_fen) != (statement.version, statement.total_fen):
        return None
    return Stamp(seal.code, seal.digest.hex(), f"{papers}/{seal.code}")


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
