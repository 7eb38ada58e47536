"""One firm and its street's office over four months that are over: what machines act upon."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, time
from typing import Any

from flask import Flask

from counselhub.closing.models import ClosedMonth
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import DomainError, NotFoundError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, as_scope
from counselhub.receipts.models import BankFormat
from counselhub.statements import actions as statements
from counselhub.statements.models import Statement
from tests import factories
from tests.receipts.make import finance
from tests.review.factories import officer

MONTHS = [date(2026, number, 1) for number in (8, 9, 10, 11)]
TODAY = clock.instant(date(2026, 12, 3), time(9))
TERMS = {"deduction_fen": 60_000}
"""A month without a visit is below nothing: its base is deducted, and withheld from."""


class World:
    """Who acts, and what each of them finds; every act is a transaction of its own."""

    def __init__(self, app: Flask) -> None:
        """Begin on 3 December with a firm under contract for the whole year, nothing settled."""
        self.town = factories.town(app)
        self.tenant = factories.tenant(app, self.town, **TERMS)
        self.firm, self.office = self.tenant.scope, self.town.scope
        self.manager = self.tenant.member()
        self.finance, self.other = finance(self.tenant), finance(self.tenant, "某主任")
        self.checker = officer(self.town)
        self.approver = officer(self.town, Role.APPROVER, "乙所长")
        self._stack = ExitStack()
        self._stack.enter_context(app.test_request_context())
        self._stack.enter_context(clock.frozen(TODAY))
        self.act(self.firm, self._settle_in)

    def _settle_in(self) -> None:
        statements.set_account("某所", "某某银行", "6200000001", by=self.finance)
        db.session.add(BankFormat(name="某行", columns={}))

    def close(self) -> None:
        """Leave; what was committed belongs to this firm and street alone."""
        db.session.rollback()
        self._stack.close()

    def act(self, scope: Scope, work: Callable[[], object]) -> bool:
        """Do it and commit; what the domain refuses leaves nothing behind. Tell whether it held."""
        with as_scope(scope):
            try:
                work()
                db.session.commit()
            except DomainError:
                return False
            finally:
                db.session.rollback()
                db.session.expunge_all()
        return True

    def read(self, scope: Scope, query: Any) -> Sequence[Any]:
        """Read rows afresh, as that side sees them."""
        with as_scope(scope):
            found = db.session.execute(query).all()
            db.session.rollback()
            db.session.expunge_all()
        return found

    def of(self, month: date) -> Statement:
        """Return the month's live statement. Raises NotFoundError."""
        live = db.select(Statement).where(Statement.month == month, Statement.status != "void")
        found = db.session.scalars(live.where(Statement.street_code == self.town.street_code))
        return needed(found.one_or_none())

    def is_open(self, month: date) -> bool:
        """Tell whether the firm may still write records of a month."""
        closed = db.select(ClosedMonth.month).where(ClosedMonth.month == month)
        return db.session.scalars(closed).first() is None


def needed(found: Any) -> Any:
    """Return what was found. Raises NotFoundError."""
    if found is None:
        raise NotFoundError("nothing to act on")
    return found


def one_of(query: Any, place: int) -> Any:
    """Return one of the rows, by a number of any size. Raises NotFoundError."""
    rows = db.session.scalars(query).all()
    return needed(rows[place % len(rows)] if rows else None)
