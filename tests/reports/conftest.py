"""Two firms in one street in October of 2026, with terms, slots, sessions and services."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession, PunchMatch
from counselhub.roster.models import DutySlot, DutyTerm
from counselhub.services.models import ServiceRecord
from tests import factories
from tests.factories import Tenant, Town
from tests.statements import work

OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)
MONTH = "month=2026-10"


@dataclass(frozen=True)
class Furnished:
    """What the tests of this folder read; nobody changes it."""

    town: Town
    firm: Tenant
    other: Tenant
    manager: FlaskClient
    adviser: FlaskClient
    checker: FlaskClient


@pytest.fixture(scope="module")
def furnished(app: Flask) -> Iterator[Furnished]:
    """The street, made once for all tests of a module, seen from 2 November."""
    with clock.frozen(datetime(2026, 11, 2, 4, tzinfo=UTC)):
        town = factories.town(app)
        firm, other = factories.tenant(app, town), factories.tenant(app, town)
        with app.app_context():
            _october(firm)
            _elsewhere(other)
        yield Furnished(
            town,
            firm,
            other,
            factories.signed_in(app, firm.scope, Role.MANAGER),
            factories.signed_in(app, firm.scope, Role.ADVISER, adviser_id=firm.backup_id),
            factories.signed_in(app, town.scope, Role.CHECKER),
        )


def _october(firm: Tenant) -> None:
    """The lead came twice, once late; the backup once for him; one slot was missed."""
    with as_scope(firm.scope):
        term = _term(firm)
        for day, status, month in (
            (8, "done", OCTOBER),
            (15, "short", OCTOBER),
            (22, "substituted", OCTOBER),
            (29, "missed", OCTOBER),
            (30, "excused", OCTOBER),
            (10, "done", SEPTEMBER),
        ):
            db.session.add(slot(firm, term, month.replace(day=day), status))
        work.session(firm, date(2026, 9, 10), 60)
        came = work.session(firm, date(2026, 10, 8), 125, community_confirmed=True, remark="=1+1")
        _matched(came, "agrees")
        _matched(work.session(firm, date(2026, 10, 15), 90, at=time(9, 25)), "open")
        work.session(
            firm, date(2026, 10, 22), None, adviser_id=firm.backup_id,
            substitute_for_id=firm.adviser_id,
        )  # fmt: skip
        work.session(firm, date(2026, 10, 16), 30, status="voided")
        _service(firm, "consultation", 8, persons=3)
        _service(firm, "lecture", 8, persons=40)
        _service(firm, "mediation", 15, persons=None)
        db.session.commit()


def _matched(session: DutySession, verdict: str) -> None:
    """Let the firm's attendance record have been held against a session."""
    db.session.flush()
    db.session.add(
        PunchMatch(
            session_id=session.id,
            session_revision=session.revision,
            street_code=session.street_code,
            verdict=verdict,
            is_proof=False,
            compared_at=clock.now(),
        )
    )


def _elsewhere(other: Tenant) -> None:
    with as_scope(other.scope):
        db.session.add(slot(other, _term(other), date(2026, 10, 9), "missed"))
        work.session(other, date(2026, 10, 9), 60)
        db.session.commit()


def _term(firm: Tenant) -> DutyTerm:
    term = DutyTerm(
        contract_id=firm.contract_id, kind="weekly", weekday=3, starts=time(9), ends=time(11)
    )
    db.session.add(term)
    db.session.flush()
    return term


def slot(firm: Tenant, term: DutyTerm, day: date, status: str) -> DutySlot:
    """A planned morning of the lead in the first community, from nine to eleven."""
    return DutySlot(
        term_id=term.id,
        turn=day.day,
        month=day.replace(day=1),
        community_code=firm.town.communities[0],
        street_code=firm.town.street_code,
        adviser_id=firm.adviser_id,
        day=day,
        starts=time(9),
        ends=time(11),
        status=status,
    )


def _service(firm: Tenant, kind: str, day: int, persons: int | None) -> None:
    on = OCTOBER.replace(day=day)
    db.session.add(
        ServiceRecord(
            number=f"FW-{factories.number()}",
            day=on,
            kind=kind,
            persons=persons,
            community_code=firm.town.communities[0],
            street_code=firm.town.street_code,
            adviser_id=firm.adviser_id,
            created_at=clock.instant(on, time(10)),
        )
    )
