"""A firm with four lawyers, a team, a service of the first, on Thursday 8 October 2026 at noon."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.advisers.models import Adviser
from counselhub.clients import actions as clients
from counselhub.clients.actions import ClientEntry
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.referrals import actions, forming, team_actions
from counselhub.referrals.actions import Plea
from counselhub.referrals.kinds import Speciality, Urgency
from counselhub.referrals.models import Referral, ReferralOffer
from counselhub.referrals.team_actions import TeamEntry
from counselhub.services.models import ServiceNote, ServiceRecord
from tests import factories
from tests.factories import Tenant

PHONE = "13800000027"
NOON = datetime(2026, 10, 8, 12, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is Thursday, 8 October 2026, noon: a worked day after the holiday."""
    with clock.frozen(NOON):
        yield


@dataclass(frozen=True)
class Firm:
    """The firm, its lawyers beyond the factory's two, and one service of the first."""

    app: Flask
    tenant: Tenant
    leader_id: UUID
    fourth_id: UUID
    service_id: UUID
    team_id: UUID

    def row(self, referral_id: UUID) -> Referral:
        """A referral as it now is."""
        with self.inside():
            return db.session.get_one(Referral, (self.tenant.firm_id, referral_id))

    def inside(self) -> Any:
        """Work as the firm."""
        return _Inside(self.app, self.tenant)

    def attach_client(self) -> None:
        """Let the service be one of 甄有其."""
        with self.inside():
            record = db.session.get_one(ServiceRecord, (self.tenant.firm_id, self.service_id))
            clients.attach(record, ClientEntry("甄有其", PHONE), by=self.tenant.member())
            db.session.commit()

    def states(self, referral_id: UUID) -> dict[UUID, str]:
        """What became of each offer, by lawyer."""
        with self.inside():
            query = db.select(ReferralOffer.adviser_id, ReferralOffer.state)
            query = query.where(ReferralOffer.referral_id == referral_id)
            return {row.adviser_id: row.state for row in db.session.execute(query)}

    def client(self, adviser_id: UUID, role: Role = Role.ADVISER) -> FlaskClient:
        """A lawyer, signed in."""
        return factories.signed_in(self.app, self.tenant.scope, role, adviser_id=adviser_id)


class _Inside:
    """A request's context under the firm's scope."""

    def __init__(self, app: Flask, tenant: Tenant) -> None:
        self.context, self.scope = app.test_request_context(), as_scope(tenant.scope)

    def __enter__(self) -> None:
        self.context.__enter__()
        self.scope.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.scope.__exit__(*error)
        self.context.__exit__(*error)


def adviser(tenant: Tenant, name: str, pinyin: str) -> Adviser:
    """A further lawyer of a firm."""
    return Adviser(
        name=name, pinyin=pinyin, search=name,
        licence_number=f"{tenant.code}-{name}", category="lawyer",
    )  # fmt: skip


def service(tenant: Tenant, **given: Any) -> ServiceRecord:
    """A service of the first lawyer in the first community, about wages."""
    values = {
        "number": f"FW-{factories.number()}",
        "day": date(2026, 10, 8),
        "community_code": tenant.town.communities[0],
        "street_code": tenant.town.street_code,
        "adviser_id": tenant.adviser_id,
        "kind": "consultation",
        "dispute_kind": "labour",
        "created_at": clock.now(),
        "note": ServiceNote(content="工地拖欠九人工资，包工头失联"),
    }
    return ServiceRecord(**values | given)


@pytest.fixture
def firm(app: Flask, tenant: Tenant) -> Firm:
    """The firm of these tests."""
    with _Inside(app, tenant):
        leader = adviser(tenant, "王五一", "wangwuyi")
        fourth = adviser(tenant, "赵六顺", "zhaoliushun")
        record = service(tenant)
        db.session.add_all([leader, fourth, record])
        db.session.flush()
        entry = TeamEntry(
            "劳动争议团队", [Speciality.LABOUR], [tenant.town.communities[0]],
            leader.id, [tenant.backup_id], date(2026, 1, 1),
        )  # fmt: skip
        team = team_actions.create(entry, by=tenant.member())
        db.session.commit()
        return Firm(app, tenant, leader.id, fourth.id, record.id, team.id)


@pytest.fixture
def asked(firm: Firm) -> Callable[..., UUID]:
    """Refer the service; returns the referral's id."""

    def make(urgency: Urgency = Urgency.NORMAL) -> UUID:
        with firm.inside():
            record = db.session.get_one(ServiceRecord, (firm.tenant.firm_id, firm.service_id))
            plea = Plea(Speciality.LABOUR, urgency, "九人欠薪，包工头失联")
            row = actions.ask(record, plea, by=firm.tenant.member())
            db.session.commit()
            return row.id

    return make


@pytest.fixture
def formed(firm: Firm, asked: Callable[..., UUID]) -> Callable[..., UUID]:
    """Refer it and ask the second lawyer, then the leader; returns the referral's id."""

    def make(urgency: Urgency = Urgency.NORMAL) -> UUID:
        referral_id = asked(urgency)
        with firm.inside():
            row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
            by = firm.tenant.member()
            actions.triage(row, Speciality.LABOUR, urgency, revision=None, by=by)
            chosen = [firm.tenant.backup_id, firm.leader_id]
            forming.form(row, chosen, firm.team_id, [], revision=None, by=by)
            db.session.commit()
        return referral_id

    return make
