"""Four eyes at the firm: who worked a statement out does not certify it, where the firm says so."""

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.history import Event
from counselhub.core.members import Member
from counselhub.statements.models import CertifyingRule, Statement


def certifier_differs() -> bool:
    """Return whether the firm in scope asks for another person; not unless it has said so."""
    return bool(db.session.scalar(select(CertifyingRule.differs)))


def set_certifier_differs(differs: bool, *, by: Member) -> None:
    """Let the firm ask for another person, or no longer."""
    row = db.session.scalars(select(CertifyingRule)).one_or_none()
    if row is None:
        row = CertifyingRule(differs=differs)
        db.session.add(row)
    row.differs = differs
    history.note("certifier_rule", scope=by.scope, by=by, differs=differs)
    db.session.flush()


def author_of(statement: Statement) -> Event | None:
    """Return the act by which somebody last worked a statement out."""
    query = select(Event).where(
        Event.firm_id == statement.firm_id,
        Event.subject_id == statement.id,
        Event.act == "compute",
    )
    return db.session.scalar(query.order_by(Event.at.desc(), Event.id.desc()).limit(1))


def refuse_author(statement: Statement, by: Member) -> None:
    """Raise RefusedError when `by` worked it out and the firm asks for another person (REV-7)."""
    if not certifier_differs():
        return
    author = author_of(statement)
    if author is not None and author.actor_id is not None and author.actor_id == by.person_id:
        raise RefusedError(
            _(
                "这份结算单由 %(name)s 编制，本所要求由另一人确认。请换一位有权确认的同事操作。",
                name=author.actor_name,
            )
        )
