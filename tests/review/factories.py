"""Made-up statements of October 2026 at the office, their lines computed by the real rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask import Flask

from counselhub.claims.models import CaseClaim
from counselhub.closing import actions as closing
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.review import actions
from counselhub.services.models import ServiceRecord
from counselhub.statements.facts import (
    AssignmentFact,
    ClaimFact,
    ContractFact,
    ContractKind,
    DutyRole,
    LectureFact,
    MonthFacts,
    SessionFact,
    ShiftFact,
)
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from counselhub.statements.rules.statement import compute
from counselhub.statements.states import STATEMENT_FLOW
from counselhub.statements.terms import Cycle, Deduction, Difficulty, SchemeTerms, Source
from tests.factories import Tenant, Town, number

MONTH = Month(2026, 10)
VISITS = (date(2026, 10, 8), date(2026, 10, 15), date(2026, 10, 22))
TERMS = SchemeTerms(
    scheme="S1",
    effective_on=date(2026, 1, 1),
    annual_fen=2_000_000,
    cycle=Cycle.MONTH,
    required_minutes=Fraction(480),
    required_visits=4,
    shortest_visit_minutes=60,
    deduction=Deduction.PER_HOUR,
    deduction_fen=5_000,
    lecture_fen=30_000,
    lecture_cap=1,
    online_fen=1_000,
    case_fen={Difficulty.SIMPLE: 20_000},
    oral_percent=Decimal(50),
    withhold_percent=Decimal(10),
    shares=((Source.DISTRICT, Decimal(50)), (Source.STREET, Decimal(50))),
)


@dataclass(frozen=True)
class Made:
    """A statement in the database, to be fetched again in whatever scope a test acts in."""

    id: UUID
    tenant: Tenant
    number: str

    def get(self) -> Statement:
        """Read it in the present scope."""
        return db.session.get_one(Statement, (self.tenant.firm_id, self.id))

    def lines(self, kind: str = "") -> list[StatementLine]:
        """Read its lines, of one kind when given, in printing order."""
        query = db.select(StatementLine).where(StatementLine.statement_id == self.id)
        if kind:
            query = query.where(StatementLine.kind == kind)
        return list(db.session.scalars(query.order_by(StatementLine.position)))


def officer(town: Town, role: Role = Role.CHECKER, name: str = "甲经办") -> Member:
    """An actor of the street's office, for actions called directly."""
    return Member(uuid7(), name, role, town.scope, "测试司法所")


def facts_of(tenant: Tenant, communities: list[str]) -> MonthFacts:
    """The worked example of the money rules, for each of `communities`, and a day online."""
    contract = ContractFact(
        number=f"{tenant.code}-001",
        kind=ContractKind.PROCUREMENT,
        communities=communities,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        scheme_versions=[TERMS],
    )
    return MonthFacts(
        street=tenant.town.street_code,
        month=MONTH,
        contracts=[contract],
        assignments=[
            AssignmentFact("A", code, date(2026, 1, 1), None, DutyRole.LEAD) for code in communities
        ],
        sessions={
            code: [SessionFact(day, 540, 660, "A") for day in VISITS] for code in communities
        },
        lectures=[LectureFact(date(2026, 10, 20), code) for code in communities],
        shifts=[ShiftFact(date(2026, 10, 1), 0, date(2026, 10, 2), 0)],
        claims=[
            ClaimFact(
                case_number=f"AJ-{code}",
                closed_on=date(2026, 10, 12),
                community=code,
                difficulty=Difficulty.SIMPLE,
                is_oral=True,
            )
            for code in communities
        ],
    )


def statement(
    app: Flask,
    tenant: Tenant,
    *,
    until: tuple[str, ...] = ("certify", "submit"),
    communities: list[str] | None = None,
    warned: int = 0,
) -> Made:
    """Insert the October statement of `tenant` and move it along the flow as far as `until`.

    warned: how many of its first lines carry a warning.
    """
    places = communities or tenant.town.communities[:2]
    computed = compute(facts_of(tenant, places))
    at = datetime(2026, 11, 2, 9, tzinfo=clock.SHANGHAI)
    with app.app_context(), as_scope(tenant.scope):
        row = Statement(
            number=f"JS-{tenant.code}-202610-{number()}",
            street_code=tenant.town.street_code,
            month=MONTH.first,
            status="draft",
            computed_at=at,
            version=0,
            total_fen=computed.total_fen,
            funding=[[source.value, fen] for source, fen in computed.funding],
            payee={"name": "某某律师事务所", "bank": "某某银行某某支行", "account": "6200000001"},
        )
        db.session.add(row)
        db.session.flush()
        for place, line in enumerate(computed.lines):
            db.session.add(line_row(row, tenant, place, line, warned=place < warned))
        db.session.flush()
        clerk = tenant.member(Role.MANAGER)
        for act in until:
            history.advance(row, STATEMENT_FLOW, act, by=clerk, street_code=row.street_code)
            if act == "certify":
                row.certified_at, row.certified_by_name = at, "测试主任"
            if act == "submit":
                row.submitted_at, row.version = at, 1
                closing.close(
                    tenant.firm_id,
                    row.street_code,
                    row.month,
                    [*places, row.street_code],
                    statement_id=row.id,
                    number=row.number,
                )
            db.session.flush()
        made = Made(row.id, tenant, row.number)
        db.session.commit()
    return made


def line_row(
    row: Statement, tenant: Tenant, place: int, line: Any, *, warned: bool
) -> StatementLine:
    """A computed line as a row."""
    return StatementLine(
        statement_id=row.id,
        street_code=row.street_code,
        position=place,
        contract_id=tenant.contract_id if line.contract else None,
        contract_number=line.contract,
        community_code=line.community or None,
        kind=line.kind.value,
        month=line.month.first,
        quantity=line.quantity,
        amount_fen=line.amount_fen,
        trace=[step.document() for step in line.trace],
        warnings=[{"code": "manual", "inputs": {"days": ["2026-10-08"]}}] if warned else [],
    )


def records(app: Flask, tenant: Tenant) -> None:
    """Insert the records behind the statement's first community, before its month is closed."""
    code, street = tenant.town.communities[0], tenant.town.street_code
    with app.app_context(), as_scope(tenant.scope):
        for day in VISITS:
            db.session.add(_session(tenant, code, day, hour=9, minutes=120))
        db.session.add(_session(tenant, code, date(2026, 10, 28), hour=9, minutes=20))
        db.session.add(_session(tenant, code, date(2026, 10, 29), hour=9, minutes=None))
        db.session.add(
            ServiceRecord(
                number=f"FW-{number()}",
                day=date(2026, 10, 20),
                community_code=code,
                street_code=street,
                adviser_id=tenant.adviser_id,
                kind="lecture",
                persons=46,
                created_at=clock.now(),
            )
        )
        db.session.add(
            OnlineShift(
                adviser_id=tenant.adviser_id,
                street_code=street,
                starts_at=datetime(2026, 10, 1, tzinfo=clock.SHANGHAI),
                ends_at=datetime(2026, 10, 2, tzinfo=clock.SHANGHAI),
            )
        )
        db.session.add(
            CaseClaim(
                number=f"AJ-{code}",
                accepted_on=date(2026, 10, 3),
                closed_on=date(2026, 10, 12),
                community_code=code,
                street_code=street,
                adviser_id=tenant.adviser_id,
                difficulty="simple",
                form="oral",
                fulfilled=True,
                dossier_complete=True,
            )
        )
        db.session.commit()


def _session(
    tenant: Tenant, code: str, day: date, *, hour: int, minutes: int | None
) -> DutySession:
    begins = datetime(day.year, day.month, day.day, hour, tzinfo=clock.SHANGHAI)
    ends = begins.replace(hour=hour + minutes // 60, minute=minutes % 60) if minutes else None
    return DutySession(
        adviser_id=tenant.adviser_id,
        community_code=code,
        street_code=tenant.town.street_code,
        day=day,
        signed_in_at=begins,
        signed_out_at=ends,
        status="closed",
        source="phone",
        community_confirmed=True,
    )


@contextmanager
def at_office(app: Flask, town: Town) -> Iterator[None]:
    """Work as the street's office inside a request, and leave nothing behind uncommitted."""
    with app.test_request_context(), as_office(town.street_code):
        yield
        db.session.commit()


def accept_all(made: Made, by: Member) -> None:
    """Accept every line, with warnings too."""
    found = made.get()
    actions.accept_selected(found, [line.id for line in made.lines()], by=by)


def approved(made: Made, by: Member) -> None:
    """Accept every line and approve."""
    accept_all(made, by)
    actions.approve(made.get(), by=by)


def payable(made: Made, town: Town) -> None:
    """Approve by one person and sign by another."""
    approved(made, officer(town))
    actions.sign(made.get(), by=officer(town, Role.APPROVER, "乙所长"))
