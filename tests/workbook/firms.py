"""Firms without data."""

from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from flask import Flask

from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.people import actions as people
from counselhub.workbook.export import export_workbook
from tests.factories import number


@dataclass(frozen=True)
class Newcomer:
    """A law firm that has just joined."""

    firm_id: UUID
    code: str

    @property
    def scope(self) -> Scope:
        """The firm's scope."""
        return Scope(ScopeKind.FIRM, str(self.firm_id))

    @property
    def manager(self) -> Member:
        """Its manager, for actions that are called directly."""
        return Member(None, "某主任", Role.MANAGER, self.scope, "某所")


def newcomer(app: Flask) -> Newcomer:
    """Make an empty firm."""
    code = f"N{number()}"
    with app.app_context():
        made = Newcomer(people.create_firm(code, f"某某{code}律师事务所").id, code)
        db.session.commit()
    return made


def exported() -> bytes:
    """Return the present firm's data as a workbook."""
    target = BytesIO()
    export_workbook(target)
    return target.getvalue()
