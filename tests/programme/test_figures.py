"""What the database sums is what the rules say, for logs and templates of any shape."""

import random
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import postgresql

from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope, bound
from counselhub.programme import figures, rules
from counselhub.programme.builtin import BUILT_IN
from counselhub.programme.kinds import Measure, Part, Unit
from counselhub.programme.periods import Span, around
from counselhub.programme.reach import of_scope
from counselhub.programme.rules import Column, Tally, Template
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode
from counselhub.services.models import ServiceRecord
from tests import factories
from tests.factories import Tenant
from tests.programme.conftest import log

OCTOBER = around(Span.MONTH, date(2026, 10, 8))
NARROW = Template(
    "细分",
    "细分表",
    (
        Column(
            "电话咨询",
            Unit.TIMES,
            kinds=frozenset({ServiceKind.CONSULTATION}),
            modes=frozenset({ServiceMode.PHONE}),
        ),
        Column(
            "劳动调解",
            Unit.PERSON_TIMES,
            Measure.PERSONS,
            frozenset({ServiceKind.MEDIATION}),
            disputes=frozenset({DisputeKind.LABOUR}),
        ),
        Column("其他", Unit.ITEMS, part=Part.REST),
        Column("其中资料", Unit.COPIES, Measure.COPIES, part=Part.ASIDE),
    ),
    has_total=True,
)


@pytest.mark.parametrize("template", [*BUILT_IN.values(), NARROW], ids=lambda one: one.name)
def test_the_database_sums_as_the_rules_do(
    context: None, tenant: Tenant, template: Template
) -> None:
    """A random log of a fixed seed, held against the pure rules cell by cell."""
    chance = random.Random(20261008)  # noqa: S311  # no secret
    logged: dict[rules.Cell, Tally] = {}
    with as_scope(tenant.scope):
        for number in range(120):
            record = _record(tenant, chance, number)
            db.session.add(record)
            cell, tally = _cell(record)
            before = logged.get(cell, Tally())
            logged[cell] = Tally(
                before.count + tally.count,
                before.persons + tally.persons,
                before.copies + tally.copies,
                before.recovered_fen + tally.recovered_fen,
            )
        db.session.flush()
        found = figures.figures(template, OCTOBER, "community", of_scope)
    assert list(found.sums.values) == rules.values(template, logged)
    if template.has_total:
        assert found.sums.total == rules.total(template, logged)
        parts = [
            value
            for column, value in zip(template.columns, found.sums.values, strict=True)
            if column.is_summed
        ]
        assert sum(parts) == found.sums.total
    columns = zip(*(line.values for line in found.lines), strict=True)
    assert tuple(map(sum, columns)) == found.sums.values


def _record(tenant: Tenant, chance: random.Random, number: int) -> ServiceRecord:
    """One record of October, what it does not say left blank."""
    return ServiceRecord(
        number=f"Z-{number}",
        day=date(2026, 10, chance.randint(1, 31)),
        community_code=chance.choice(tenant.town.communities[:2]),
        street_code=tenant.town.street_code,
        adviser_id=tenant.adviser_id,
        kind=chance.choice(list(ServiceKind)),
        mode=chance.choice([*ServiceMode, None]),
        dispute_kind=chance.choice([*DisputeKind, None]),
        count=chance.randint(0, 3),
        persons=chance.choice([None, chance.randint(0, 9)]),
        copies=chance.choice([None, chance.randint(0, 99)]),
        recovered_fen=chance.choice([None, chance.randint(0, 10**7)]),
        created_at=text("now()"),
    )


def _cell(record: ServiceRecord) -> tuple[rules.Cell, Tally]:
    persons = record.count if record.persons is None else record.persons
    tally = Tally(record.count, persons, record.copies or 0, record.recovered_fen or 0)
    mode = ServiceMode.of(record.mode) if record.mode else None
    dispute = DisputeKind.of(record.dispute_kind) if record.dispute_kind else None
    return (ServiceKind.of(record.kind), mode, dispute), tally


@pytest.fixture(scope="module")
def years(app: Flask, urls: DatabaseUrls) -> Tenant:
    """A firm with 30,000 records of eight years, and the planner's knowledge of them."""
    tenant = factories.tenant(app, factories.town(app))
    log(app, tenant, "consultation", 30_000, first=date(2019, 1, 1), days=2_900)
    engine = create_engine(urls.owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ANALYZE service_record"))
    engine.dispose()
    return tenant


@pytest.mark.parametrize("office", [False, True], ids=["a firm", "an office"])
def test_a_month_among_years_comes_from_an_index(
    context: None, years: Tenant, office: bool
) -> None:
    with as_scope(years.town.scope if office else years.scope):
        query = figures.summed(BUILT_IN["yuexiu"], OCTOBER, "community", of_scope)
        plan = "\n".join(
            db.session.scalars(text(f"EXPLAIN {_sql(query if office else bound(query))}"))
        )
    assert "ix_service_record_" in plan
    assert "Seq Scan on service_record" not in plan


def _sql(query: Any) -> str:
    made = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    return str(made).replace("%%", "%")
