"""Three furnished firms in two streets of two districts: every kind of row, each marked.

Whatever text a row of a firm may carry carries the firm's token, so that an answer which contains
the token has shown something of that firm.
"""

from dataclasses import dataclass
from uuid import uuid4

from flask import Flask

from counselhub.core.db import db
from counselhub.core.tenancy import Scope, ScopeKind, as_office, as_platform, as_scope
from tests import factories
from tests.factories import Tenant, Town
from tests.isolation import (
    furnishing_archive,
    furnishing_billing,
    furnishing_claims,
    furnishing_joining,
    furnishing_leaving,
    furnishing_ledgers,
    furnishing_log,
    furnishing_money,
    furnishing_notices,
    furnishing_overdue,
    furnishing_packs,
    furnishing_payments,
    furnishing_premises,
    furnishing_programs,
    furnishing_review,
    furnishing_robots,
    furnishing_sealed,
    furnishing_spotchecks,
    furnishing_support,
)
from tests.isolation.furnishing import DAY, Room
from tests.review import factories as review


@dataclass(frozen=True)
class Furnished:
    """One firm with a row of every kind; `ids` by the name of the parameter in an address."""

    tenant: Tenant
    token: str
    ids: dict[str, str]

    @property
    def scope(self) -> Scope:
        """The firm's scope."""
        return self.tenant.scope


@dataclass(frozen=True)
class World:
    """victim and neighbour serve one street, stranger another one of another district."""

    victim: Furnished
    neighbour: Furnished
    stranger: Furnished

    @property
    def firms(self) -> tuple[Furnished, ...]:
        """All three."""
        return self.victim, self.neighbour, self.stranger

    def scopes(self) -> dict[str, Scope | None]:
        """Everybody who may look, by name: nobody, the public, the platform, firms, government."""
        here, there = self.victim.tenant.town, self.stranger.tenant.town
        return {
            "no scope": None,
            "public": Scope(ScopeKind.PUBLIC),
            "platform": Scope(ScopeKind.PLATFORM),
            "victim": self.victim.scope,
            "neighbour": self.neighbour.scope,
            "unknown firm": Scope(ScopeKind.FIRM, str(uuid4())),
            "its office": here.scope,
            "another office": there.scope,
            "its bureau": Scope(ScopeKind.BUREAU, here.street_code[:6]),
            "another bureau": Scope(ScopeKind.BUREAU, there.street_code[:6]),
        }


def build(app: Flask) -> World:
    """Make the three firms, their streets and all their rows."""
    here, there = factories.town(app), factories.town(app)
    return World(*(furnish(app, bare(app, town)) for town in (here, here, there)))


def bare(app: Flask, town: Town) -> Tenant:
    """Make a firm of which nothing is marked yet."""
    return factories.tenant(app, town)


def furnish(app: Flask, tenant: Tenant) -> Furnished:
    """Give a firm a row of every kind and mark all of them with a fresh token."""
    room = Room(tenant, f"ZQ{uuid4().hex[:10].upper()}")
    review.records(app, tenant)
    with app.test_request_context(), as_scope(tenant.scope):
        room.mark_claim()
        db.session.commit()
    statement = review.statement(app, tenant, until=("certify", "submit", "open_review"), warned=1)
    room.note(statement_id=statement.id)
    with app.test_request_context():
        with as_scope(tenant.scope):
            room.mark_standing_data()
            room.add_work()
            room.add_money(statement)
            room.try_workbook()
            furnishing_payments.add(room)
            furnishing_overdue.add(room)
            db.session.commit()
        with as_office(tenant.town.street_code):
            room.ask_about(statement)
            furnishing_review.furnish_office(room, statement)
            furnishing_spotchecks.furnish(room, DAY)
            furnishing_sealed.add_budget(room)
            furnishing_ledgers.furnish(room)
            furnishing_claims.add_readings(room)
            furnishing_premises.furnish(room, DAY)
            furnishing_payments.add_lists(room)
            furnishing_money.add_rule(room)
            furnishing_money.add_clawback(room)
            furnishing_money.add_assessment(room)
            furnishing_packs.furnish(room)
            db.session.commit()
        with as_platform():
            room.add_people()
            furnishing_archive.add(room)
            furnishing_joining.add(room)
            furnishing_billing.add(room)
            furnishing_leaving.add(room)
            furnishing_programs.add(room)
            furnishing_support.add(room)
            furnishing_robots.add(room)
            furnishing_notices.add(room)
            db.session.commit()
        with as_scope(tenant.scope):
            furnishing_joining.begin(room)
            furnishing_log.add(room, DAY)
            furnishing_review.furnish_firm(room, statement)
            db.session.commit()
    return Furnished(tenant, room.token, room.ids)
