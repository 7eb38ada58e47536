"""Statements from real rows: the worked example, idempotence, refusals, cases, carries."""

import json
import sys
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from counselhub.cli import cli
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.tenancy import as_scope
from counselhub.schemes.models import SchemeVersion
from counselhub.statements import actions, wording
from counselhub.statements.gather import gather
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from counselhub.statements.queries import lines_with_queries
from counselhub.statements.records import records_of
from tests.factories import Tenant
from tests.statements import work
from tests.statements.work import compute


def run_command(app: Flask, *arguments: str) -> Any:
    with app.app_context():
        return CliRunner().invoke(cli, arguments, obj=nullcontext)


@pytest.fixture
def one_community(app: Flask, tenant: Tenant) -> Tenant:
    """The tenant, serving only the first community."""
    with app.app_context(), as_scope(tenant.scope):
        second = tenant.town.communities[1]
        db.session.execute(
            db.delete(ContractCommunity).where(ContractCommunity.community_code == second)
        )
        db.session.commit()
    return tenant


def amounts(statement: Statement) -> dict[tuple[str, str], int]:
    return {
        (line.community_code or "", line.kind): line.amount_fen
        for line in lines_with_queries(statement.id)
    }


def test_worked_example_by_command(app: Flask, one_community: Tenant) -> None:
    tenant = one_community
    with app.app_context():
        work.example(tenant)
    place = ["--firm", tenant.code, "--street", tenant.town.street_code, "--month", "2026-10"]
    answer = run_command(app, "statement", "compute", *place, "--json")
    assert answer.exit_code == 0, answer.output
    made = json.loads(answer.stdout)
    community = tenant.town.communities[0]
    assert [(line["kind"], line["quantity"], line["amount_fen"]) for line in made["lines"]] == [
        ("base", "31/31", 166_667),
        ("shortfall", "2", -10_000),
        ("lecture", "1", 30_000),
        ("case", "1", 10_000),
        ("withhold", "10", -16_667),
    ]
    assert {line["community"] for line in made["lines"]} == {community}
    assert {line["contract"] for line in made["lines"]} == {f"{tenant.code}-001"}
    del made["lines"]
    assert made == {
        "firm": tenant.code,
        "street": tenant.town.street_code,
        "month": "2026-10",
        "status": "draft",
        "version": 1,
        "total_fen": 180_000,
        "total_capital": "人民币壹仟捌佰元整",
        "funding": [
            {"source": "区级", "amount_fen": 90_000},
            {"source": "街道", "amount_fen": 90_000},
        ],
    }
    shown = run_command(app, "statement", "show", *place, "--json")
    assert shown.stdout == answer.stdout


@pytest.mark.usefixtures("context")
def test_the_same_rows_keep_their_lines(tenant: Tenant) -> None:
    work.example(tenant)
    with as_scope(tenant.scope):
        first = compute(tenant)
        before = {line.id: (line.revision, line.trace) for line in lines_with_queries(first.id)}
        again = compute(tenant)
        db.session.expire_all()
        assert again.id == first.id
        assert {
            line.id: (line.revision, line.trace) for line in lines_with_queries(first.id)
        } == before


@pytest.mark.usefixtures("context")
def test_a_new_record_changes_only_its_line(tenant: Tenant) -> None:
    work.example(tenant)
    community = tenant.town.communities[0]
    with as_scope(tenant.scope):
        statement = compute(tenant)
        before = {(line.community_code, line.kind): line.id for line in statement.lines}
        work.session(tenant, date(2026, 10, 27))
        compute(tenant)
        assert amounts(statement)[community, "shortfall"] == 0
        db.session.expire_all()
        assert {(line.community_code, line.kind): line.id for line in statement.lines} == before


@pytest.mark.usefixtures("context")
def test_a_record_gone_takes_its_draft_line(tenant: Tenant) -> None:
    community = tenant.town.communities[0]
    with as_scope(tenant.scope):
        lecture = work.lecture(tenant, date(2026, 10, 5))
        statement = compute(tenant)
        assert amounts(statement)[community, "lecture"] == 30_000
        db.session.delete(lecture)
        db.session.flush()
        compute(tenant)
        assert (community, "lecture") not in amounts(statement)


@pytest.mark.usefixtures("context")
def test_nothing_to_settle_is_refused(tenant: Tenant) -> None:
    with as_scope(tenant.scope), pytest.raises(RefusedError, match="没有履行中的合同"):
        compute(tenant, date(2025, 10, 1))


@pytest.mark.usefixtures("context")
def test_a_draft_contract_counts_for_nothing(tenant: Tenant) -> None:
    with as_scope(tenant.scope):
        contract = db.session.scalars(select(Contract)).one()
        contract.status = "draft"
        db.session.flush()
        with pytest.raises(RefusedError):
            compute(tenant)


@pytest.mark.usefixtures("context")
def test_a_certified_statement_is_reopened_first(tenant: Tenant) -> None:
    with as_scope(tenant.scope):
        statement = compute(tenant)
        actions.certify(statement, tenant.member())
        with pytest.raises(IllegalMoveError, match="律所已确认"):
            compute(tenant)
        actions.reopen(statement, tenant.member())
        assert compute(tenant).status == "draft"


@pytest.mark.usefixtures("context")
def test_void_gives_way_to_another_statement(tenant: Tenant) -> None:
    with as_scope(tenant.scope):
        first = compute(tenant)
        actions.void(first, tenant.member(), words="街道弄错了")
        second = compute(tenant)
        assert second.id != first.id
        assert second.number == f"{first.number}-2"


@pytest.mark.usefixtures("context")
def test_one_case_is_paid_once_between_two_firms(tenant: Tenant, outsider: Tenant) -> None:
    community = tenant.town.communities[0]
    with as_scope(tenant.scope):
        work.claim(tenant, date(2026, 10, 8), number=f"AJ-{community}")
        first = compute(tenant)
        assert amounts(first)[community, "case"] == 10_000
    with as_scope(outsider.scope):
        work.claim(outsider, date(2026, 10, 8), number=f"AJ-{community}")
        second = compute(outsider)
        line = next(line for line in lines_with_queries(second.id) if line.kind == "case")
        assert line.amount_fen == 0
        assert line.trace[0]["inputs"]["refusal"] == "taken_elsewhere"
        assert [notice["code"] for notice in line.warnings] == ["case_refused"]
    with as_scope(tenant.scope):
        actions.void(first, tenant.member())
    with as_scope(outsider.scope):
        assert amounts(compute(outsider))[community, "case"] == 10_000


@pytest.mark.usefixtures("context")
def test_warnings_travel_with_their_line(tenant: Tenant) -> None:
    community = tenant.town.communities[0]
    with as_scope(tenant.scope):
        work.session(tenant, date(2026, 10, 5), 30)
        work.session(tenant, date(2026, 10, 6), None)
        work.session(tenant, date(2026, 10, 7), source="manual", community_confirmed=False)
        statement = compute(tenant)
        warnings = {
            (line.community_code, line.kind): [notice["code"] for notice in line.warnings]
            for line in lines_with_queries(statement.id)
        }
    assert warnings[community, "shortfall"] == [
        "no_sign_out",
        "short_day",
        "manual",
        "not_confirmed",
    ]
    assert warnings[community, "base"] == []
    assert warnings[tenant.town.communities[1], "shortfall"] == []


@pytest.mark.usefixtures("context")
def test_a_scheme_may_ask_for_better_evidence(tenant: Tenant) -> None:
    """Confirmed by the community, a session by hand is C; one that nobody vouches for is D."""
    community = tenant.town.communities[0]
    with as_scope(tenant.scope):
        work.session(tenant, date(2026, 10, 5), 120, source="manual", community_confirmed=True)
        work.session(tenant, date(2026, 10, 6), 120, source="manual")
        assert _visits(_shortfall(compute(tenant), community)) == 2
        version = db.session.scalars(select(SchemeVersion)).one()
        version.lowest_grade = "C"
        db.session.flush()
        line = _shortfall(compute(tenant), community)
        assert _visits(line) == 1
        assert "low_grade" in [notice["code"] for notice in line.warnings]
        assert [one.fate for one in records_of(line).sessions] == ["counted", "low_grade"]
        assert any("证据等级低于 C 的不计" in wording.sentence(step) for step in line.trace)


def _shortfall(statement: Statement, community: str) -> StatementLine:
    lines = lines_with_queries(statement.id)
    return next(x for x in lines if (x.kind, x.community_code) == ("shortfall", community))


def _visits(line: StatementLine) -> int:
    """How many visits a shortfall was reckoned with."""
    steps = {step["name"]: step["inputs"] for step in line.trace}
    return int(steps["presence"]["visits"])


def test_command_refusals(app: Flask, tenant: Tenant) -> None:
    place = ["--firm", tenant.code, "--street", tenant.town.street_code]
    wrong = run_command(app, "statement", "compute", *place, "--month", "2026-13")
    assert wrong.exit_code == 2
    none = run_command(app, "statement", "show", *place, "--month", "2026-10", "--json")
    assert (none.exit_code, none.stdout) == (1, "")
    assert "还没有结算单" in none.stderr
    nobody = run_command(
        app, "statement", "compute", "--firm", "nobody", *place[2:], "--month", "2026-10"
    )
    assert nobody.exit_code == 1


def test_a_case_lost_while_computing_is_left_out(
    app: Flask, tenant: Tenant, outsider: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another firm registers the case after this one has read the registry."""
    making = sys.modules["counselhub.statements.actions.making"]
    community = tenant.town.communities[0]
    with app.app_context():
        for firm in (tenant, outsider):
            with as_scope(firm.scope):
                work.claim(firm, date(2026, 10, 8), number=f"AJ-{community}")
                db.session.commit()
        with as_scope(tenant.scope):
            read_before = gather(Month(2026, 10))
        with as_scope(outsider.scope):
            assert amounts(compute(outsider))[community, "case"] == 10_000
        with as_scope(tenant.scope):
            making.make(read_before, tenant.member())
            live = select(Statement).where(Statement.status != "void")  # not the honey row
            made = db.session.scalars(live).one()
            assert amounts(made)[community, "case"] == 0


@pytest.mark.usefixtures("context")
def test_two_making_the_same_statement(tenant: Tenant) -> None:
    making = sys.modules["counselhub.statements.actions.making"]
    with as_scope(tenant.scope):
        read_before = gather(Month(2026, 10))
        first = compute(tenant)
        with pytest.raises(ConflictError, match=first.number):
            making.make(read_before, tenant.member())
