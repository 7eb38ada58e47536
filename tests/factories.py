"""Made-up towns, firms and people for tests; all names are plainly made up."""

import itertools
import os
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask, session
from flask.testing import FlaskClient

from counselhub.admins import actions as admins
from counselhub.admins.queries import everybody
from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import PUBLIC, Scope, ScopeKind, as_platform, as_scope
from counselhub.people import actions as people
from counselhub.people import passwords
from counselhub.people.session import begin_for
from counselhub.places.models import Community, District, Street
from counselhub.schemes.models import Scheme, SchemeVersion

_numbers = itertools.count(1)


def number() -> int:
    """Return a number that no other test of this run has."""
    return next(_numbers)


@dataclass(frozen=True)
class Town:
    """A street with its communities."""

    street_code: str
    communities: list[str]

    @property
    def scope(self) -> Scope:
        """The street office's scope."""
        return Scope(ScopeKind.OFFICE, self.street_code)


@dataclass(frozen=True)
class Tenant:
    """A law firm with what it needs for a month of work; all rows are in force in 2026."""

    firm_id: UUID
    code: str
    adviser_id: UUID
    backup_id: UUID
    scheme_id: UUID
    contract_id: UUID
    town: Town

    @property
    def scope(self) -> Scope:
        """The firm's scope."""
        return Scope(ScopeKind.FIRM, str(self.firm_id))

    def member(self, role: Role = Role.MANAGER, **more: Any) -> Member:
        """An actor of this firm for actions that are called directly."""
        return Member(None, "测试员", role, self.scope, "测试所", **more)


def town(app: Flask) -> Town:
    """Make a district, a street and four communities that no other test uses."""
    serial = number()
    district = f"{90 + serial % 10}{serial // 10 % 10000:04d}"
    street = f"{district}001"
    codes = [f"{street}{place:03d}" for place in (1, 2, 3, 4)]
    with app.app_context(), as_platform():
        db.session.add(
            District(code=district, name="测试区", city_name="某市", province_name="某省")
        )
        db.session.flush()
        db.session.add(Street(code=street, district_code=district, name=f"测试{serial}街道"))
        db.session.flush()
        for place, code in enumerate(codes):
            name = f"{'甲乙丙丁'[place]}社区居委会"
            db.session.add(
                Community(
                    code=code, street_code=street, name=name, pinyin=code, search=f"{code} {name}"
                )
            )
        db.session.commit()
    return Town(street, codes)


def community(where: Town, code: str) -> None:
    """Add one more community to a street."""
    with as_platform():
        name = f"{code[-3:]}社区居委会"
        db.session.add(
            Community(
                code=code,
                street_code=where.street_code,
                name=name,
                pinyin=code,
                search=f"{code} {name}",
            )
        )


TERMS: dict[str, Any] = {
    "annual_fen": 2_000_000,
    "cycle": "month",
    "required_hours": 8,
    "required_visits": 4,
    "shortest_visit_minutes": 60,
    "deduction_mode": "per_hour",
    "deduction_fen": 5_000,
    "lecture_fen": 30_000,
    "lecture_quarter_cap": 1,
    "case_simple_fen": 20_000,
    "oral_percent": 50,
    "withhold_percent": 10,
    "district_percent": 50,
    "street_percent": 50,
    "city_percent": 0,
}


def tenant(app: Flask, where: Town, **terms: Any) -> Tenant:
    """Make a firm that serves the first two communities of `where` under one contract each year."""
    code = f"F{os.getpid()}-{number()}"
    with app.app_context():
        firm = people.create_firm(code, f"某某{code}律师事务所")
        scope = Scope(ScopeKind.FIRM, str(firm.id))
        with as_scope(scope):
            lead, backup = (
                Adviser(
                    name=name,
                    pinyin=name,
                    search=name,
                    licence_number=f"{code}-{name}",
                    category="lawyer",
                )
                for name in ("张三丰", "李四光")
            )
            scheme = Scheme(code="S1", name="某街道补贴方案")
            db.session.add_all([lead, backup, scheme])
            db.session.flush()
            db.session.add(SchemeVersion(scheme_id=scheme.id, **(TERMS | terms)))
            contract = Contract(
                number=f"{code}-001",
                kind="procurement",
                status="active",
                scheme_id=scheme.id,
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
            )
            db.session.add(contract)
            db.session.flush()
            for community in where.communities[:2]:
                db.session.add(
                    ContractCommunity(
                        contract_id=contract.id,
                        community_code=community,
                        street_code=where.street_code,
                        kind=contract.kind,
                        starts_on=contract.starts_on,
                        last_on=contract.ends_on,
                    )
                )
                for adviser, role in ((lead, "lead"), (backup, "backup")):
                    db.session.add(
                        Assignment(
                            community_code=community,
                            street_code=where.street_code,
                            adviser_id=adviser.id,
                            role=role,
                            starts_on=contract.starts_on,
                        )
                    )
            made = Tenant(firm.id, code, lead.id, backup.id, scheme.id, contract.id, where)
            db.session.flush()
        db.session.commit()
    return made


PASSWORD = "Qinghe-7315"


def account(app: Flask, scope: Scope, role: Role, *, adviser_id: UUID | None = None) -> str:
    """Make a person with `role` in `scope` and PASSWORD; return the e-mail."""
    return _joined(app, scope, role, adviser_id)[0]


def signed_in(
    app: Flask, scope: Scope, role: Role, *, adviser_id: UUID | None = None
) -> FlaskClient:
    """Return a client signed in as a new person with `role` in `scope`."""
    return entered(app, _joined(app, scope, role, adviser_id)[1])


def named(app: Flask, scope: Scope, role: Role, duty: Duty) -> FlaskClient:
    """Return a client signed in as a new person with `role`, named to an administrator's duty."""
    _email, person_id = _joined(app, scope, role)
    with app.app_context():
        whom = next(one for one in everybody(scope) if one.facts.person_id == person_id)
        hand = Member(None, "测试员", Role.MANAGER, scope, "测试所")
        admins.name(duty, whom.membership_id, by=hand)
        db.session.commit()
    return entered(app, person_id)


def _joined(
    app: Flask, scope: Scope, role: Role, adviser_id: UUID | None = None
) -> tuple[str, UUID]:
    email = f"{role}{number()}-{os.getpid()}@example.test"
    with app.app_context(), as_platform():
        person = people.join(email, f"某{role}", scope, role, adviser_id=adviser_id).person
        person.password_hash, person.password_set_at = _kept(), clock.now()
        db.session.commit()
        return email, person.id


@cache
def _kept() -> str:
    """The hash of PASSWORD, the same for everybody: that each has a salt is tested elsewhere."""
    return passwords.hashed(PASSWORD)


def entered(app: Flask, person_id: UUID) -> FlaskClient:
    """Return a browser in which somebody has signed in; the page that does it has its own tests."""
    client = app.test_client()
    with app.test_request_context(environ_base=client.environ_base), as_scope(PUBLIC):
        begin_for(person_id)
        db.session.commit()
        signed = dict(session)
    with client.session_transaction() as kept:
        kept.update(signed)
    return client


def month_now() -> date:
    """The first day of the present month."""
    return clock.this_month()
