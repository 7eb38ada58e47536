"""Packs for tests: whose they are, what they say, and how one comes into force."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind, as_scope
from counselhub.packs import actions, adopting, example_actions
from counselhub.packs.example_actions import Case
from counselhub.packs.models import PackVersion, SchemePack
from counselhub.packs.rules import Draft
from counselhub.schemes.rules import Terms
from tests.factories import Town, number

TERMS = Terms(
    effective_from=date(2026, 10, 1),
    annual_fen=2_000_000,
    cycle="month",
    required_hours=Decimal(8),
    required_visits=4,
    shortest_visit_minutes=60,
    deduction_mode="per_hour",
    deduction_fen=5_000,
    lecture_fen=30_000,
    lecture_quarter_cap=1,
    case_simple_fen=20_000,
    oral_percent=Decimal(50),
    withhold_percent=Decimal(10),
    district_percent=Decimal(50),
    street_percent=Decimal(50),
)
"""The scheme of the rules' worked example."""
EXAMPLE = Case(
    "缺两小时",
    {
        "month": "2026-10",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "visits": [["2026-10-12", 120], ["2026-10-19", 120], ["2026-10-26", 120]],
        "lectures": 1,
        "cases": [["simple", True, 1]],
    },
    {"base": 166_667, "shortfall": -10_000, "lecture": 30_000, "case": 10_000, "total": 180_000},
)


def draft(document: dict[str, Any] | None = None, **terms: Any) -> Draft:
    """The worked example's terms with some changes."""
    return Draft(terms=replace(TERMS, **terms), document=document or {}, note="某字〔2026〕1号")


def bureau_of(town: Town) -> Scope:
    """The bureau of the town's district."""
    return Scope(ScopeKind.BUREAU, town.street_code[:6])


def member(scope: Scope, role: Role) -> Member:
    """Somebody of a place, another person each time."""
    return Member(uuid4(), "某经办", role, scope, "某单位")


def pack(scope: Scope, made: Draft | None = None, case: Case | None = EXAMPLE) -> SchemePack:
    """A pack with one draft and one example, under its owner's scope."""
    by = member(scope, Role.ASSESSOR)
    row = actions.create(f"BF-{number()}", "某区补贴办法", made or draft(), by=by)
    if case is not None:
        example_actions.save(row.versions[0], case, by=by)
    return row


def activate(scope: Scope, version: PackVersion) -> list[adopting.Adopter]:
    """Propose and activate, two persons."""
    actions.propose(version, by=member(scope, Role.ASSESSOR))
    return adopting.activate(version, by=member(scope, Role.ASSESSOR))


def active(scope: Scope, made: Draft | None = None) -> SchemePack:
    """A pack in force; committed."""
    with as_scope(scope):
        row = pack(scope, made, None if made else EXAMPLE)
        if made:
            total = Case("月份", {**EXAMPLE.facts, "cases": []}, {"base": base_of(made)})
            example_actions.save(row.versions[0], total, by=member(scope, Role.ASSESSOR))
        activate(scope, row.versions[0])
        db.session.commit()
    return row


def base_of(made: Draft) -> int:
    """The base of October by the year's amount alone."""
    fen = made.terms.annual_fen
    return (fen * 10 + 6) // 12 - (fen * 9 + 6) // 12
