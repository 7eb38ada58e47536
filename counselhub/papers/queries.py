"""Find what a code stands for; an unknown one costs the same questions."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, select

from counselhub.core.db import db
from counselhub.core.tenancy import as_firm, as_platform
from counselhub.papers.rules import Paper
from counselhub.people.sign_ins import digest
from counselhub.statements.models import Statement, StatementSeal
from counselhub.statements.sealed_models import PaperCode
from counselhub.statements.states import StatementStatus

NOBODY = UUID(int=0)
NO_KEY = bytes(32)


class Found(NamedTuple):
    """What a code stands for, and what signs its files; a paper of None for an unknown code."""

    paper: Paper | None
    key: bytes


def found(code: str) -> Found:
    """Look a code up. It answers in three statements whether it knows the code or not."""
    with as_platform():
        kept = db.session.get(PaperCode, digest(code))
    firm_id, seal_id = (kept.firm_id, kept.seal_id) if kept else (NOBODY, NOBODY)
    with as_firm(firm_id):
        paper = _paper(seal_id)
    return Found(paper, kept.key if kept else NO_KEY)


def _paper(seal_id: UUID) -> Paper | None:
    of_seal = and_(
        StatementSeal.firm_id == Statement.firm_id, StatementSeal.statement_id == Statement.id
    )
    query = select(StatementSeal, Statement).join(Statement, of_seal)
    row = db.session.execute(query.where(StatementSeal.id == seal_id)).one_or_none()
    statement_id = row[1].id if row else NOBODY
    newest = db.session.scalars(
        select(StatementSeal)
        .where(StatementSeal.statement_id == statement_id)
        .order_by(StatementSeal.at.desc(), StatementSeal.id.desc())
        .limit(1)
    ).first()
    if row is None or newest is None:
        return None
    seal, statement = row
    return Paper(
        number=statement.number,
        month=statement.month,
        total_fen=seal.total_fen,
        version=seal.version,
        digest=seal.digest.hex(),
        sealed_at=seal.at,
        is_void=statement.status == StatementStatus.VOID,
        is_newest=(seal.version, seal.digest) == (newest.version, newest.digest),
        newest_version=newest.version,
        newest_at=newest.at,
    )
