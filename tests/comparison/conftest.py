"""Two firms of one street and one of the next, with a month of work, statements and checks."""

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind, as_office, as_platform, as_scope
from counselhub.places.models import Community, Street
from counselhub.services.log_models import ServiceFollowUp
from counselhub.spotchecks.models import SpotCheck, SpotDraw
from counselhub.statements.thread_models import LineQuery
from tests import factories
from tests.factories import Tenant, Town
from tests.review import factories as review
from tests.statements import work

SIGNED = ("certify", "submit", "open_review", "approve", "sign")


@dataclass(frozen=True)
class District:
    """first and second serve one street; third the one beside it, where first serves too."""

    first: Tenant
    second: Tenant
    third: Tenant
    checker: FlaskClient
    reader: FlaskClient

    @property
    def street(self) -> str:
        """The street of the first two."""
        return self.first.town.street_code


@pytest.fixture(scope="module")
def district(app: Flask) -> District:
    """Furnish it once: the tests of a module only read."""
    here = factories.town(app)
    beside = _beside(app, here)
    first, second = factories.tenant(app, here), factories.tenant(app, here)
    third = factories.tenant(app, beside)
    review.records(app, first)
    made = review.statement(app, first, until=SIGNED)
    review.statement(app, second)
    with app.app_context(), as_scope(first.scope):
        record = work.lecture(
            first, date(2026, 9, 3), kind="consultation", mode="phone", minutes=25
        )
        follow_up = ServiceFollowUp(
            service_id=record.id, day=date(2026, 9, 4), count=1, created_at=clock.now()
        )
        line_id = made.lines()[0].id
        db.session.add(follow_up)
        db.session.commit()
    with app.app_context(), as_office(here.street_code):
        db.session.add(
            LineQuery(
                firm_id=first.firm_id,
                statement_id=made.id,
                line_id=line_id,
                street_code=here.street_code,
                version=1,
                reason="amount",
                words="",
                asked_at=clock.now(),
                asked_by_name="甲经办",
            )
        )
        _check(first, "present")
        _check(first, "absent")
        db.session.commit()
    bureau = Scope(ScopeKind.BUREAU, here.street_code[:6])
    return District(
        first,
        second,
        third,
        factories.signed_in(app, here.scope, Role.CHECKER),
        factories.signed_in(app, bureau, Role.READER),
    )


def _beside(app: Flask, town: Town) -> Town:
    """Make another street of the district, with two communities."""
    street = f"{town.street_code[:6]}002"
    codes = [f"{street}001", f"{street}002"]
    with app.app_context(), as_platform():
        db.session.add(Street(code=street, district_code=street[:6], name="邻近街道"))
        db.session.flush()
        for code in codes:
            db.session.add(
                Community(code=code, street_code=street, name=code, pinyin=code, search=code)
            )
        db.session.commit()
    return Town(street, codes)


def _check(tenant: Tenant, finding: str) -> None:
    street, day = tenant.town.street_code, date(2026, 10, 8)
    draw = SpotDraw(
        street_code=street,
        first_on=day,
        last_on=day,
        wanted=1,
        seed=1,
        population=[],
        sha256="0" * 64,
        made_at=clock.now(),
        made_by_name="甲经办",
    )
    db.session.add(draw)
    db.session.flush()
    db.session.add(
        SpotCheck(
            firm_id=tenant.firm_id,
            draw_id=draw.id,
            turn=1,
            slot_id=uuid7(),
            community_code=tenant.town.communities[0],
            street_code=street,
            adviser_id=tenant.adviser_id,
            day=day,
            starts=clock.local(clock.now()).time(),
            ends=clock.local(clock.now()).time(),
            status="recorded",
            finding=finding,
        )
    )
