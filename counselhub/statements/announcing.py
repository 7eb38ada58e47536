"""Who is told of a statement's way between the firm and the office: one line at each act."""

from counselhub.core.members import Member
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.notices.actions import Note, page, tell_all
from counselhub.notices.kinds import Kind
from counselhub.notices.texts import Fact
from counselhub.statements.models import Statement


def to_office(kind: Kind, statement: Statement, *, by: Member) -> None:
    """Tell the street's office, once for each state that the statement comes to."""
    scope = Scope(ScopeKind.OFFICE, statement.street_code)
    path = page("review.statement", statement_id=statement.id)
    _tell(kind, scope, path, statement, by, {"firm": statement.firm.name})


def to_firm(kind: Kind, statement: Statement, *, by: Member, **facts: int) -> None:
    """Tell the firm, as `to_office`. facts: what the kind asks for beside street and month."""
    scope = Scope(ScopeKind.FIRM, str(statement.firm_id))
    path = page("statements.statement", statement_id=statement.id)
    _tell(kind, scope, path, statement, by, {"street": statement.street.name, **facts})


def _tell(
    kind: Kind, scope: Scope, path: str, statement: Statement, by: Member, facts: dict[str, Fact]
) -> None:
    note = Note(
        kind=kind,
        scope=scope,
        key=f"{statement.id}:{statement.revision}",
        path=path,
        facts={"month": statement.month, **facts},
        but=by.person_id,
    )
    tell_all([note])
