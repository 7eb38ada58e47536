"""What a program may send as a ledger, how much of it, and whose program may."""

from time import process_time
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from counselhub.api.ledger_imports import MOST_BYTES
from counselhub.api.operations import OPERATIONS
from counselhub.core.front import FORM_BYTES
from counselhub.core.permissions import Permission, Role
from counselhub.ledgers import sent
from counselhub.ledgers.reading import MOST_ROWS
from counselhub.roles import ROLES
from tests.counting import statements
from tests.factories import Tenant
from tests.ledgers.books import AGREED
from tests.ledgers.sending import PATH, At, imports, pointers, post, told
from tests.programs import Program, member, program

SECONDS = 10
P = Permission


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        pytest.param({"month": "2099-10"}, "/body/month", id="a month to come"),
        pytest.param({"month": "十月"}, "/body/month", id="no month"),
        pytest.param({"firm_id": str(uuid4())}, "/body/firm_id", id="nobody's firm"),
        pytest.param({"rows": []}, "/body/rows", id="no rows"),
        pytest.param({"rows": [{"amount_fen": 1}] * (MOST_ROWS + 1)}, "/body/rows", id="too many"),
        pytest.param({"rows": [{}]}, "/body/rows/0/amount_fen", id="no amount"),
        pytest.param(
            {"rows": [{"amount_fen": 1, "hours": -1}]}, "/body/rows/0/hours", id="below nothing"
        ),
        pytest.param({"rows": [{"amount": 1}]}, "/body/rows/0/amount", id="an unknown name"),
    ],
)
def test_what_the_description_does_not_allow(
    asks: Program, tenant: Tenant, change: dict[str, Any], pointer: str
) -> None:
    rows = change.pop("rows", [told(tenant.town.communities[0], *AGREED)])
    assert pointer in pointers(post(asks, rows, **change))


@pytest.mark.usefixtures("submitted")
def test_it_costs_the_same_whatever_its_size(asks: Program, tenant: Tenant) -> None:
    code = tenant.town.communities[0]
    post(asks, [told(code, *AGREED)], trial=True)  # keys are read once, and a day of use noted
    counts = []
    for many in (1, 500):
        rows = [told(code, *AGREED, contract_number=f"街-{number}") for number in range(many)]
        with statements() as asked:
            assert post(asks, rows).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


def test_it_may_be_as_long_as_a_workbook(asks: Program, tenant: Tenant) -> None:
    code = tenant.town.communities[0]
    rows = [
        told(code, *AGREED, contract_number=f"街-{number}", note="核对过的一行" * 3)
        for number in range(MOST_ROWS)
    ]
    begun = process_time()
    answer = post(asks, rows, trial=True)
    assert answer.json["rows"] == MOST_ROWS
    assert process_time() - begun < SECONDS


def test_nothing_takes_more_than_it_needs(app: Flask, asks: Program, tenant: Tenant) -> None:
    firms = program(app, member(app, tenant.scope, Role.MANAGER))
    for one, path, most in ((asks, PATH, MOST_BYTES), (firms, "/statements", FORM_BYTES)):
        for size, status in ((most, 400), (most + 1, 413)):
            headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
            answer = one.ask("POST", path, headers=headers, data=b"x" * size)
            assert answer.status_code == status, (path, size, answer.text)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.MANAGER])
def test_nobody_elses_program_may(app: Flask, tenant: Tenant, at_office: At, role: Role) -> None:
    scope = tenant.scope if role is Role.MANAGER else tenant.town.scope
    asks = program(app, member(app, scope, role))
    assert post(asks, [told(tenant.town.communities[0], *AGREED)]).status_code == 403
    assert imports(at_office) == []


def test_nor_one_without_the_scope(app: Flask, tenant: Tenant) -> None:
    by = member(app, tenant.town.scope, Role.CHECKER)
    answer = post(program(app, by, ["ledgers:read"]), [told(tenant.town.communities[0], *AGREED)])
    assert answer.status_code == 403
    assert "ledgers:write" in answer.get_json(force=True)["detail"]


def test_a_checkers_program_does_nothing_else() -> None:
    """No operation accepts, queries, certifies, signs or pays."""
    may = ROLES[Role.CHECKER]
    changing = [one for one in OPERATIONS if one.method != "GET" and may & set(one.permissions)]
    assert [one.name for one in changing] == ["import_ledger"]
    personal = {P.STATEMENT_CERTIFY, P.REVIEW_SIGN, P.PAYMENT_RECORD, P.RECEIPT_MANAGE}
    assert not [one.name for one in OPERATIONS if personal & set(one.permissions)]


def test_every_column_has_a_name() -> None:
    """What is kept is read as it was sent, a value for each column."""
    grid = sent.grid_of(b'{"month":"2026-10","rows":[{"amount_fen":-5}]}')
    assert list(sent.NAMES) == list(sent.PLACES)
    assert len(sent.NAMES) == len(grid.cells[0]) == len(grid.header.labels)
    assert [value for value in grid.cells[0] if value is not None] == ["2026-10", "-0.05"]
