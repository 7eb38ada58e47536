"""Renewal in bulk: what follows, what is in the way, all or none."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from counselhub.assignments.models import Assignment
from counselhub.contracts import renewal_rules as rules
from counselhub.contracts.models import Contract
from counselhub.contracts.renewal_rules import Before, Taken
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_firm
from tests import counting
from tests.factories import Tenant

SPACE = UUID(int=1)


def before(number: str = "HT-2026-1", annual_fen: int | None = 1_800_000) -> Before:
    return Before(
        uuid5(SPACE, number), number, "procurement", date(2026, 1, 1), date(2026, 12, 31),
        annual_fen, ("440104001001",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "fen"),
    [
        pytest.param(Decimal(0), 1_800_000, id="kept"),
        pytest.param(Decimal("3.5"), 1_863_000, id="more"),
        pytest.param(Decimal(-10), 1_620_000, id="less"),
    ],
)
def test_what_follows(percent: Decimal, fen: int) -> None:
    (found,) = rules.proposals([before()], percent, [], [])
    assert (found.number, found.first, found.last, found.annual_fen, found.fault) == (
        "HT-2027-1",
        date(2027, 1, 1),
        date(2027, 12, 31),
        fen,
        "",
    )


def test_what_the_scheme_pays_stays_by_the_scheme() -> None:
    (found,) = rules.proposals([before(annual_fen=None)], Decimal(5), [], [])
    assert found.annual_fen is None


@pytest.mark.parametrize(
    ("taken", "numbers", "fault"),
    [
        pytest.param([], ["HT-2027-1"], "number", id="a number that is used"),
        pytest.param(
            [Taken("440104001001", "procurement", date(2027, 12, 31), date(2028, 1, 1), "X")],
            [],
            "overlap",
            id="a day in common",
        ),
        pytest.param(
            [Taken("440104001001", "engagement", date(2027, 1, 1), date(2027, 12, 31), "X")],
            [],
            "",
            id="of another kind",
        ),
        pytest.param(
            [Taken("440104001001", "procurement", date(2028, 1, 1), date(2028, 12, 31), "X")],
            [],
            "",
            id="the year after",
        ),
    ],
)
def test_what_is_in_the_way(taken: list[Taken], numbers: list[str], fault: str) -> None:
    (found,) = rules.proposals([before()], Decimal(0), taken, numbers)
    assert found.fault == fault


def test_two_of_one_number_are_both_at_fault() -> None:
    found = rules.proposals([before(), before()], Decimal(0), [], [])
    assert [one.fault for one in found] == ["number", "number"]


def test_a_contract_without_a_year_in_its_number() -> None:
    assert rules.next_number(before("合同甲")) == "合同甲-2027"


def asked(tenant: Tenant, **more: str) -> dict[str, str]:
    return {"chosen": str(tenant.contract_id), "percent": "5", "within": "365", **more}


def test_it_is_tried_and_made(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    with app.app_context(), as_firm(tenant.firm_id):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        contract.annual_fen = 2_000_000
        lead = db.session.scalars(
            db.select(Assignment).where(Assignment.role == "lead").limit(1)
        ).one()
        lead.ends_on = contract.ends_on
        db.session.commit()
    page = as_manager.get("/contracts/renewals?within=365").text
    assert f"{tenant.code}-001" in page
    tried = as_manager.post("/contracts/renewals", data=asked(tenant))
    assert tried.status_code == 200
    for words in ("21,000.00", "2027-01-01", "可以续签"):
        assert words in tried.text
    made = as_manager.post("/contracts/renewals", data=asked(tenant, make="1", prolongs="y"))
    assert made.status_code == 303
    with app.app_context(), as_firm(tenant.firm_id):
        new = db.session.scalars(db.select(Contract).where(Contract.status == "draft")).one()
        assert (new.renews_id, new.annual_fen) == (tenant.contract_id, 2_100_000)
        first = db.select(Assignment).where(Assignment.starts_on == date(2027, 1, 1))
        assert [one.ends_on for one in db.session.scalars(first)] == [date(2027, 12, 31)]
    assert f"{tenant.code}-001 " not in as_manager.get("/contracts/renewals?within=365").text


def test_one_fault_and_nothing_is_made(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    as_manager.post("/contracts/renewals", data=asked(tenant, make="1"))
    again = as_manager.post("/contracts/renewals", data=asked(tenant, make="1"))
    assert again.status_code == 422
    assert "有 1 份不能续签" in again.text
    with app.app_context(), as_firm(tenant.firm_id):
        assert db.session.scalar(db.select(db.func.count()).select_from(Contract)) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"chosen": []}, "至少选一份合同", id="none"),
        pytest.param({"chosen": "x"}, "请重新选择", id="no id"),
        pytest.param({"percent": "many"}, "金额调整", id="no number"),
        pytest.param({"percent": "-100"}, "金额调整", id="nothing left"),
    ],
)
def test_bad_input(
    as_manager: FlaskClient, tenant: Tenant, changes: dict[str, Any], words: str
) -> None:
    answer = as_manager.post("/contracts/renewals", data=asked(tenant) | changes)
    assert answer.status_code == 422
    assert words in answer.text


def test_another_firms_contract_is_not_chosen(as_outsider: FlaskClient, tenant: Tenant) -> None:
    assert as_outsider.post("/contracts/renewals", data=asked(tenant)).status_code == 404


def test_fifty_rows_ask_as_little_as_one(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    """The list of what ends soon, each contract with its communities."""
    with app.app_context(), as_firm(tenant.firm_id):
        first = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        copied = {one.key: getattr(first, one.key) for one in Contract.__table__.columns}
        rows = [copied | {"id": uuid7(), "number": f"XY-{place}"} for place in range(49)]
        db.session.execute(insert(Contract), rows)
        db.session.commit()
    with counting.statements() as sent:
        page = as_manager.get("/contracts/renewals").text
    assert all(f"XY-{place} " in page for place in range(49))
    assert len(sent) <= 8, sent
