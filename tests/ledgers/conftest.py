"""October at the office: a submitted statement, and the office's ledger beside it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office
from counselhub.ledgers.actions import importing
from counselhub.ledgers.actions.importing import Trial
from counselhub.ledgers.models import LedgerLine
from tests.factories import Tenant, Town
from tests.ledgers.books import AGREED, book, row
from tests.programs import Program, member, program
from tests.review import factories as review

MONTH = date(2026, 10, 1)
Bring = Callable[..., Trial]
ByCommunity = dict[str, LedgerLine]


@pytest.fixture
def submitted(app: Flask, tenant: Tenant) -> review.Made:
    """The statement of October for the first two communities, in review."""
    return review.statement(app, tenant, until=("certify", "submit", "open_review"))


@pytest.fixture
def officer(town: Town) -> Member:
    """The checker of the street."""
    return Member(uuid7(), "甲经办", Role.CHECKER, town.scope, "测试司法所")


@pytest.fixture
def asks(app: Flask, town: Town) -> Program:
    """A program of the street's checker, good for all that an office has."""
    return program(app, member(app, town.scope, Role.CHECKER))


@pytest.fixture
def at_office(app: Flask, town: Town) -> Callable[[], Any]:
    """A context of the street's office; what is done in it is committed."""

    @contextmanager
    def enter() -> Iterator[None]:
        with app.test_request_context(), as_office(town.street_code):
            yield
            db.session.commit()

    return enter


@pytest.fixture
def bring(at_office: Callable[[], Any], officer: Member) -> Bring:
    """Import a ledger of October: bring(rows) of the default headers, or bring(data=…)."""

    def bring_in(rows: Sequence[Sequence[Any]] = (), *, data: bytes = b"", firm: str = "") -> Trial:
        with at_office():
            upload = importing.keep(data or book(rows), "台账.xlsx", MONTH, firm, by=officer)
            db.session.flush()
            return importing.apply(upload, by=officer)

    return bring_in


@pytest.fixture
def differing(bring: Bring, submitted: review.Made, tenant: Tenant) -> Tenant:
    """The first community's amount transposed, the second one agreeing, a third only here."""
    first, second, third = tenant.town.communities[:3]
    bring([row(first, 3, 6, 1, 1, 1180), row(second, *AGREED), row(third, 1, 2, 0, 0, 5)])
    return tenant


def lines(at: Callable[[], Any]) -> ByCommunity:
    """The lines of the office by community, with nothing left in the session."""
    with at():
        found = db.session.scalars(db.select(LedgerLine)).all()
        db.session.expunge_all()
        return {one.community_code: one for one in found}


def get(line_id: UUID) -> LedgerLine:
    """Read a line in the present scope."""
    return db.session.scalars(db.select(LedgerLine).where(LedgerLine.id == line_id)).one()
