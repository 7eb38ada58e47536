"""Two firms and an office with one of everything: for tests that walk all addresses.

The foreign firm sits in another street; its code stands in every name and number of its own, so
that one search finds whatever leaked.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.engine import Connection, Engine
from werkzeug.routing import Rule

from counselhub.claims.models import CaseClaim
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import Base, db
from counselhub.core.permissions import Duty, Permission, Role
from counselhub.core.tenancy import PLATFORM, FirmScoped, Scope, ScopeKind, apart, as_scope
from counselhub.duty.models import OnlineShift
from counselhub.pairings.models import Pairing
from counselhub.people import actions as people
from counselhub.people.models import Person
from counselhub.policy import POLICY
from tests import factories
from tests.factories import Tenant
from tests.review import factories as reviews
from tests.statements import work
from tests.test_every_route import held_by

RECORDS = {
    "account_event", "chain_day", "event_link", "factor_tries", "sign_in_session", "sign_in_tries",
}  # fmt: skip
"""Tables that keep what was tried and who is there, whatever came of it."""
WRITING = re.compile(r"\b(?:insert into|delete from|update(?! of\b| set\b))\s+\"?(\w+)", re.I)


@dataclass
class World:
    """What there is, who may do what with it, and how to ask for it."""

    app: Flask
    home: Tenant
    foreign: Tenant
    clients: dict[str, FlaskClient]
    """By role; `stranger` has not signed in."""
    ids: dict[str, list[str]] = field(default_factory=dict)

    @property
    def scopes(self) -> list[Scope]:
        """Every scope that sees anything of it."""
        homes = [self.home.scope, self.home.town.scope]
        return [*homes, self.foreign.scope, self.foreign.town.scope, PLATFORM]

    def addresses(self, rule: Rule) -> list[str]:
        """Return addresses of a route with ids of real rows, where there are any."""
        values = {name: self.values(name, one) for name, one in rule._converters.items()}
        many = max([len(found) for found in values.values()], default=1)
        with self.app.test_request_context():
            adapter = self.app.create_url_adapter(None)
            assert adapter is not None
            return [
                adapter.build(
                    rule.endpoint,
                    {name: found[place % len(found)] for name, found in values.items()},
                    method=sorted((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"})[0],
                )
                for place in range(many)
            ]

    def values(self, name: str, converter: object) -> list[Any]:
        """Return what stands for an argument: ids of the rows that its name tells of."""
        if type(converter).__name__ == "UUIDConverter":
            return self.ids.setdefault(name, self._rows(name.removesuffix("_id"))) or [uuid4()]
        known = {"code": self.home.town.communities[:1], "token": [self.link()], "year": ["2026"]}
        return known.get(name, ["0" * 64])

    def _rows(self, name: str) -> list[Any]:
        tables = [one for one in Base.metadata.sorted_tables if f"_{one.name}".endswith(f"_{name}")]
        found: list[Any] = []
        with self.app.app_context():
            for table in tables:
                if "id" in table.c:
                    own = "firm_id" in table.c and f" where firm_id = '{self.home.firm_id}'"
                    scope = (
                        self.home.scope if issubclass(_model(table.name), FirmScoped) else PLATFORM
                    )
                    query = f"select id from {table.name}{own or ''} order by id limit 3"
                    with apart(db.engine, scope) as connection:
                        found += connection.scalars(text(query)).all()
        return found

    def link(self) -> str:
        """Return the token of a fresh one-time link."""
        with self.app.app_context():
            with as_scope(PLATFORM):
                person = Person(
                    email=f"new{uuid4()}@example.test", name="某新人", created_at=clock.now()
                )
                db.session.add(person)
                db.session.flush()
                token = people.make_link(person)
            db.session.commit()
        return token

    def contents(self, *scopes: Scope) -> dict[tuple[str, str], tuple[int, int]]:
        """Return for each scope and table how many rows there are, and a digest of them."""
        parts = " union all ".join(
            f"select '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)"
            f" from {name} t"
            for name in sorted(Base.metadata.tables)
            if name not in RECORDS | {"rate_count"}
        )
        found = {}
        with self.app.app_context():
            for scope in scopes or self.scopes:
                with apart(db.engine, scope) as connection:
                    rows = connection.execute(text(parts)).all()
                found |= {(f"{scope.kind} {scope.key}", row[0]): (row[1], row[2]) for row in rows}
        return found


def held(role: str) -> frozenset[Permission]:
    """Return what a client of the world may do; two of them are clerks who are administrators."""
    if role in ("security", "audit"):
        return POLICY.held(Role.CLERK, ScopeKind.FIRM, frozenset({Duty(role)}))
    return held_by(Role(role))


def _model(name: str) -> type[Any]:
    return next(one.class_ for one in Base.registry.mappers if one.local_table.name == name)


def make(app: Flask) -> World:
    """Make the two firms, their street offices, their month, and everybody who signs in."""
    home, foreign = (_tenant(app) for _firm in range(2))
    clients = {
        role.value: factories.signed_in(app, scope, role, adviser_id=adviser)
        for role, scope, adviser in (
            (Role.MANAGER, home.scope, None),
            (Role.CLERK, home.scope, None),
            (Role.ADVISER, home.scope, home.adviser_id),
            (Role.CHECKER, home.town.scope, None),
            (Role.APPROVER, home.town.scope, None),
            (Role.ASSESSOR, Scope(ScopeKind.BUREAU, home.town.street_code[:6]), None),
            (Role.OPERATOR, PLATFORM, None),
        )
    }
    clients |= {
        duty.value: factories.named(app, home.scope, Role.CLERK, duty)
        for duty in (Duty.SECURITY, Duty.AUDIT)
    }
    factories.account(app, foreign.scope, Role.MANAGER)
    return World(app, home, foreign, clients | {"stranger": app.test_client()})


def _tenant(app: Flask) -> Tenant:
    tenant = factories.tenant(app, factories.town(app))
    reviews.records(app, tenant)
    reviews.statement(app, tenant)
    now = clock.now()
    with app.app_context(), as_scope(tenant.scope):
        mark, today = tenant.code, clock.today()
        street, place = tenant.town.street_code, tenant.town.communities[2]
        contract = Contract(
            number=f"{mark}-草", kind="procurement", status="draft", scheme_id=tenant.scheme_id,
            starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
        )  # fmt: skip
        db.session.add(contract)
        db.session.flush()
        db.session.add_all(
            [
                ContractCommunity(
                    contract_id=contract.id, community_code=place, street_code=street,
                    kind=contract.kind, starts_on=contract.starts_on, last_on=contract.ends_on,
                ),
                Pairing(
                    community_code=place, street_code=street, party_a=f"{mark}党支部",
                    party_b="某社区党委", signed_on=date(2026, 3, 1), status="active",
                ),
                OnlineShift(
                    adviser_id=tenant.adviser_id, street_code=street,
                    starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, hours=4),
                ),
                CaseClaim(
                    number=f"AJ-{mark}", accepted_on=date(2026, 9, 3), closed_on=date(2026, 9, 12),
                    community_code=place, street_code=street, adviser_id=tenant.adviser_id,
                    difficulty="simple", form="oral", fulfilled=True, dossier_complete=True,
                ),
            ]
        )  # fmt: skip
        work.session(tenant, today, community_code=place, remark=f"{mark}备注")
        work.lecture(tenant, today, community_code=place, number=f"FW-{mark}")
        db.session.commit()
    return tenant


class Watch:
    """Notes the tables that committed transactions of an engine wrote to."""

    def __init__(self) -> None:
        self.written: set[str] = set()

    @contextmanager
    def on(self, engine: Engine) -> Iterator["Watch"]:
        """Watch inside the block."""
        hooks = {
            "before_cursor_execute": self._executed,
            "commit": self._committed,
            "rollback": self._forgotten,
        }
        for name, hook in hooks.items():
            event.listen(engine, name, hook)
        try:
            yield self
        finally:
            for name, hook in hooks.items():
                event.remove(engine, name, hook)

    def taken(self) -> set[str]:
        """Return what was written since the last call, but for the records."""
        written, self.written = self.written - RECORDS, set()
        return written

    def _executed(self, connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if found := WRITING.findall(statement):
            connection.info.setdefault("written", set()).update(one.lower() for one in found)

    def _committed(self, connection: Connection) -> None:
        self.written |= connection.info.pop("written", set())

    def _forgotten(self, connection: Connection) -> None:
        connection.info.pop("written", None)
