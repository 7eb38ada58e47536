"""The split inside the firm: read off what was frozen, shown to the firm alone."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from counselhub.assignments.models import Assignment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.statements.models import Statement
from counselhub.statements.sealed_models import StatementFreeze
from counselhub.statements.shares import queries
from tests import counting
from tests.factories import Tenant
from tests.statements import work
from tests.statements.sealed import submitted
from tests.statements.work import NOVEMBER_3


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with clock.frozen(NOVEMBER_3):
        yield


def hand_over(tenant: Tenant) -> None:
    """张三丰 leads the first community for 17 days of October, 李四光 for the rest."""
    own = Assignment.community_code == tenant.town.communities[0]
    last = {"ends_on": date(2026, 10, 17)}
    db.session.execute(update(Assignment).where(own).values(last))
    db.session.add(
        Assignment(
            community_code=tenant.town.communities[0],
            street_code=tenant.town.street_code,
            adviser_id=tenant.backup_id,
            role="lead",
            starts_on=date(2026, 10, 18),
        )
    )
    db.session.flush()


@pytest.fixture
def draft_id(app: Flask, tenant: Tenant) -> UUID:
    """October's draft of a month in which the adviser changed; the new one lectured."""
    with app.app_context(), as_scope(tenant.scope):
        hand_over(tenant)
        for day in (5, 12, 14):
            work.session(tenant, date(2026, 10, day))
        work.lecture(tenant, date(2026, 10, 20), adviser_id=tenant.backup_id)
        work.claim(tenant, date(2026, 10, 21), adviser_id=tenant.backup_id)
        made = work.compute(tenant)
        db.session.commit()
        return made.id


@pytest.fixture
def statement_id(app: Flask, tenant: Tenant, draft_id: UUID) -> UUID:
    """The same, submitted."""
    with app.app_context(), as_scope(tenant.scope):
        submitted(tenant)
        db.session.commit()
    return draft_id


def shares_of(tenant: Tenant, statement_id: UUID) -> queries.Shares:
    with as_scope(tenant.scope):
        row = db.session.scalars(select(Statement).where(Statement.id == statement_id)).one()
        return queries.of_statement(row)


def named(shares: queries.Shares, community: str) -> dict[str, list[tuple[str, int]]]:
    """Who gets what of a community's lines, by kind."""
    return {
        one.line.kind.value: [(shares.names[part.adviser], part.amount_fen) for part in one.parts]
        for one in shares.lines
        if one.line.community == community
    }


EXPECTED = {
    "base": [("张三丰", 91_398), ("李四光", 75_269)],
    "shortfall": [("李四光", -10_000)],
    "lecture": [("李四光", 30_000)],
    "case": [("李四光", 10_000)],
    "withhold": [("张三丰", -9_140), ("李四光", -7_527)],
}


def test_a_draft_is_split_by_the_records_of_now(app: Flask, tenant: Tenant, draft_id: UUID) -> None:
    with app.app_context():
        found = shares_of(tenant, draft_id)
        assert not found.is_frozen
        assert named(found, tenant.town.communities[0]) == EXPECTED
        assert named(found, tenant.town.communities[1])["base"] == [("张三丰", 166_667)]


def test_a_submission_is_split_by_what_was_frozen(
    app: Flask, tenant: Tenant, statement_id: UUID
) -> None:
    """Rewriting who led, past every lock, moves nothing."""
    with app.app_context():
        with as_scope(tenant.scope):
            db.session.execute(update(Assignment).values(adviser_id=tenant.backup_id))
        found = shares_of(tenant, statement_id)
        assert found.is_frozen
        assert named(found, tenant.town.communities[0]) == EXPECTED
        db.session.rollback()


def test_the_page_tells_each_ones_share_and_days(
    as_manager: FlaskClient, tenant: Tenant, statement_id: UUID
) -> None:
    with counting.statements() as sent:
        page = as_manager.get(f"/statements/{statement_id}/shares")
    assert page.status_code == 200
    assert len(sent) <= 8
    for words in ("张三丰", "李四光", "17 天", "14 天", "913.98", "按第 1 版提交时封存的记录"):
        assert words in page.text
    assert "司法所看不到" in page.text
    assert (
        f"/statements/{statement_id}/shares" in as_manager.get(f"/statements/{statement_id}").text
    )


def test_the_months_add_every_statement_up(as_manager: FlaskClient, statement_id: UUID) -> None:
    with counting.statements() as sent:
        page = as_manager.get("/shares?first=2026-09&last=2026-12")
    assert page.status_code == 200
    assert len(sent) <= 8
    assert "2026-10" in page.text
    total = sum(fen for parts in EXPECTED.values() for who, fen in parts if who == "李四光")
    assert f"{total / 100:,.2f}" in page.text
    nothing = as_manager.get("/shares?first=2026-11&last=nonsense")
    assert "还没有提交的结算单" in nothing.text


def test_workbooks_sum_to_the_statement(as_manager: FlaskClient, statement_id: UUID) -> None:
    file = as_manager.get(f"/statements/{statement_id}/shares.xlsx")
    people, detail = openpyxl.load_workbook(BytesIO(file.data)).worksheets
    shown = {row[0]: row[-1] for row in people.iter_rows(min_row=4, values_only=True)}
    parts = [row[-1] for row in detail.iter_rows(min_row=4, values_only=True)]
    assert list(shown) == ["张三丰", "李四光", "合计"]
    assert round(sum(parts), 2) == shown["合计"]
    months = as_manager.get("/shares.xlsx?first=2026-10&last=2026-10")
    (page,) = openpyxl.load_workbook(BytesIO(months.data)).worksheets
    assert page.cell(3, 2).value == "2026-10（元）"
    assert page.cell(6, 2).value == shown["合计"]


def test_only_who_reads_statements_of_the_firm_sees_it(
    as_adviser: FlaskClient, as_outsider: FlaskClient, as_checker: FlaskClient, statement_id: UUID
) -> None:
    for ending in ("shares", "shares.xlsx"):
        address = f"/statements/{statement_id}/{ending}"
        assert as_adviser.get(address).status_code == 403
        assert as_outsider.get(address).status_code == 404
        assert as_checker.get(address).status_code == 403
        assert as_checker.get(f"/{ending}").status_code == 403


def test_what_cannot_be_read_is_refused_with_the_way_out(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, statement_id: UUID
) -> None:
    """A version that nothing was frozen of is tried out; one that is not whole is not."""
    address = f"/statements/{statement_id}/shares"
    with app.app_context(), as_scope(tenant.scope):
        db.session.execute(update(Statement).values(version=2))
        db.session.commit()
        assert "按现有记录试算" in as_manager.get(address).text
        broken = StatementFreeze(
            statement_id=statement_id,
            street_code=tenant.town.street_code,
            version=2,
            at=clock.now(),
            digest=b"other",
            content=b"other",
        )
        db.session.add(broken)
        db.session.commit()
    page = as_manager.get(address)
    assert page.status_code == 409
    assert "counselhub verify" in page.text
