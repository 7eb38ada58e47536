"""The office's own program brings its ledger in: as the page would, whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from time import process_time
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from counselhub.api.ledger_imports import MOST_BYTES
from counselhub.api.operations import OPERATIONS
from counselhub.core.db import db
from counselhub.core.front import FORM_BYTES
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import as_platform
from counselhub.ledgers import sent
from counselhub.ledgers.models import LedgerImport, LedgerLine
from counselhub.ledgers.reading import MOST_ROWS
from counselhub.roles import ROLES
from tests import factories
from tests.counting import statements
from tests.factories import Tenant, Town
from tests.ledgers.books import AGREED, book, row, sheet
from tests.ledgers.conftest import lines
from tests.ledgers.test_routes import upload
from tests.programs import Program, member, program

At = Callable[[], Any]
MONTH = "2026-10"
PATH = "/ledgers/imports"
NAMED = ("visits", "hours", "lectures", "cases")
NAMES = [column.name for column in LedgerLine.__table__.columns]
OWN = frozenset({"id", "revision", "row_number"})
"""What tells one import from another: a sheet counts its header as a row."""
SECONDS = 10
P = Permission


@pytest.fixture
def asks(app: Flask, town: Town) -> Program:
    """A program of the street's checker, good for all that an office has."""
    return program(app, member(app, town.scope, Role.CHECKER))


def told(community: str, *values: Any, **more: Any) -> dict[str, Any]:
    """A row as a program tells it; values: visits, hours, lectures, cases, yuan."""
    figures = dict(zip(NAMED, values[:4], strict=True))
    amount = {"amount_fen": round(values[4] * 100)}
    return {"community_code": community} | figures | amount | more


def post(asks: Program, rows: Sequence[Mapping[str, Any]], key: str = "", **more: Any) -> Any:
    """Send a ledger of October under a key of its own, or under `key`."""
    headers = {"Idempotency-Key": key or uuid4().hex}
    body = {"month": MONTH, "rows": rows} | more
    return asks.ask("POST", PATH, json=body, headers=headers)


def pointers(answer: TestResponse) -> list[str]:
    """Where the faults lie."""
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    return [one["pointer"] for one in answer.get_json(force=True)["errors"]]


def imports(at: At) -> list[LedgerImport]:
    """What the office keeps."""
    with at():
        found = list(db.session.scalars(db.select(LedgerImport).order_by(LedgerImport.made_at)))
        db.session.expunge_all()
        return found


def said(at: At) -> dict[str, dict[str, Any]]:
    """Each line of the office, whole but for what is an import's own."""
    return {
        code: {name: getattr(one, name) for name in NAMES if name not in OWN}
        for code, one in lines(at).items()
    }


@pytest.mark.usefixtures("submitted")
def test_it_gives_what_the_page_gives(
    asks: Program, as_checker: FlaskClient, tenant: Tenant, at_office: At
) -> None:
    first, second, third, fourth = tenant.town.communities
    rows = [
        told(first, 3, 6, 1, 1, 1180, note="核对过"),
        told(second, 3, 2.33, 1, 1, 1810.05, month=MONTH),
        told(third, 1, 2, 0, 0, -5),
        told(fourth, 0, 0, 0, 0, 12, contract_number="街-01"),
    ]
    answer = post(asks, rows)
    assert answer.status_code == 200, answer.text
    by_program = said(at_office)
    assert len(by_program) == 4
    same = [
        row(first, 3, 6, 1, 1, 1180, note="核对过"),
        row(second, 3, 2.33, 1, 1, 1810.05),
        row(third, 1, 2, 0, 0, -5),
        row(fourth, 0, 0, 0, 0, 12, contract="街-01"),
    ]
    address = upload(as_checker, book(same))
    assert as_checker.post(f"{address}/application", data={}).status_code == 303
    assert said(at_office) == by_program
    of_program, of_page = imports(at_office)
    assert of_program.counts == of_page.counts
    assert of_page.changes == [], "the page's import changes nothing"
    assert of_program.counts == {name: answer.json[name] for name in of_program.counts}
    again = post(asks, rows).json
    assert not any(again["changes"].values()), "nor the other way round"


@pytest.mark.usefixtures("submitted")
def test_a_trial_says_the_same_and_writes_nothing(
    asks: Program, tenant: Tenant, at_office: At
) -> None:
    rows = [told(code, *AGREED) for code in tenant.town.communities[:2]]
    tried = post(asks, rows, trial=True)
    assert tried.status_code == 200, tried.text
    assert lines(at_office) == {}
    assert imports(at_office) == []
    done = post(asks, rows).json
    assert done["matched"] == 2
    assert tried.json | {name: done[name] for name in ("id", "sha256", "trial")} == done
    assert (tried.json["id"], tried.json["sha256"], tried.json["trial"]) == (None, None, True)


@pytest.mark.usefixtures("submitted")
@pytest.mark.parametrize("is_trial", [True, False])
def test_every_fault_is_told_at_once_at_its_place(
    asks: Program, tenant: Tenant, at_office: At, is_trial: bool
) -> None:
    code = tenant.town.communities[0]
    rows = [
        told(code, *AGREED),
        told("110101001001", *AGREED),
        told(code, *AGREED, month="2026-09"),
        {"amount_fen": 1, "hours": 1e300},
        told(code, *AGREED),
        {"community_name": "无此社区", "amount_fen": 1},
    ]
    answer = post(asks, rows, trial=is_trial)
    assert pointers(answer) == [
        "/body/rows/1/community_code",
        "/body/rows/2/month",
        "/body/rows/3/community_code",
        "/body/rows/3/hours",
        "/body/rows/4/community_code",
        "/body/rows/5/community_name",
    ]
    problem = answer.get_json(force=True)
    assert problem["detail"] == "台账有错误，没有导入任何数据。"
    words = [one["detail"] for one in problem["errors"]]
    assert "不属于本街道" in words[0]
    assert "与第 1 行重复" in words[4]
    assert lines(at_office) == {}
    assert imports(at_office) == []


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
def test_a_sum_is_passed_over_and_told(asks: Program, tenant: Tenant) -> None:
    code = tenant.town.communities[0]
    rows = [told(code, *AGREED), {"community_name": "合计", "amount_fen": 181_000}]
    answer = post(asks, rows, trial=True).json
    assert answer["rows"] == 1
    assert [one["pointer"] for one in answer["warnings"]] == ["/body/rows/1/community_name"]


@pytest.mark.usefixtures("submitted")
def test_the_same_request_is_done_once(asks: Program, tenant: Tenant, at_office: At) -> None:
    rows, key = [told(tenant.town.communities[0], *AGREED)], uuid4().hex
    assert post(asks, [{"amount_fen": 1}], key).status_code == 422, "a refused one is kept as none"
    first, again = post(asks, rows, key), post(asks, rows, key)
    assert first.status_code == 200, first.text
    assert again.data == first.data
    assert len(imports(at_office)) == 1
    assert post(asks, rows, key, trial=True).status_code == 422, "another request under its key"


@pytest.mark.usefixtures("submitted")
def test_two_at_once_follow_one_another(app: Flask, asks: Program, tenant: Tenant) -> None:
    code = tenant.town.communities[0]
    both = [Program(app.test_client(), asks.secret) for _number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(post, both, [[told(code, *AGREED)], [told(code, 3, 6, 1, 1, 1180)]])
        told_of = sorted(answer.json["changes"]["changed"] for answer in answers)
    assert told_of == [0, 1], "the second one saw what the first one wrote"


@pytest.mark.usefixtures("submitted")
def test_the_streets_own_headers_do_not_matter(
    asks: Program, as_checker: FlaskClient, tenant: Tenant
) -> None:
    address = upload(as_checker, sheet([["社区", "金额"], ["甲社区", 1810]]))
    mapping = {"map-community_name": "社区", "map-amount": "金额"}
    assert as_checker.post(f"{address}/mapping", data=mapping).status_code == 303
    assert post(asks, [told(tenant.town.communities[0], *AGREED)]).json["matched"] == 1


@pytest.mark.usefixtures("submitted")
def test_a_firms_ledger_says_nothing_of_other_firms(
    app: Flask, asks: Program, tenant: Tenant, outsider: Tenant
) -> None:
    code = tenant.town.communities[0]
    answer = post(asks, [told(code, *AGREED)], firm_id=str(tenant.firm_id))
    assert answer.json["matched"] == 1
    elsewhere = factories.tenant(app, factories.town(app))
    refused = post(asks, [told(code, *AGREED)], firm_id=str(elsewhere.firm_id))
    assert pointers(refused) == ["/body/firm_id"]


def test_a_sheet_that_is_frozen_stays(
    differing: Tenant, asks: Program, as_checker: FlaskClient, at_office: At
) -> None:
    first, second, third = differing.town.communities[:3]
    data = {"firm": str(differing.firm_id)}
    url = as_checker.post(f"/ledgers/sheets?month={MONTH}", data=data).location
    line = lines(at_office)[first]
    entry = {"party": "ledger", "cause": "typing"}
    assert as_checker.post(f"/ledgers/lines/{line.id}/settlement", data=entry).status_code == 303
    assert as_checker.post(f"{url}/freezing", data={}).status_code == 303
    before = said(at_office)
    rows = [told(third, 1, 2, 0, 0, 5), told(second, *AGREED), told(first, 3, 6, 1, 1, 1181)]
    answer = post(asks, rows)
    assert pointers(answer) == ["/body/rows/2"]
    assert "已定稿" in answer.text
    assert said(at_office) == before
    assert set(pointers(post(asks, [told(third, 1, 2, 0, 0, 5)]))) == {"/body/rows"}
    assert said(at_office) == before


def test_what_was_settled_and_changes_is_open_again(
    differing: Tenant, asks: Program, as_checker: FlaskClient, at_office: At
) -> None:
    first, second, third = differing.town.communities[:3]
    line = lines(at_office)[first]
    entry = {"party": "ledger", "cause": "typing"}
    assert as_checker.post(f"/ledgers/lines/{line.id}/settlement", data=entry).status_code == 303
    rows = [told(first, 3, 6, 1, 1, 1181), told(second, *AGREED)]
    tried = post(asks, rows, trial=True).json
    assert tried["changes"] == {"new": 0, "changed": 0, "reopened": 1, "gone": 1}
    assert lines(at_office)[first].status == "settled"
    post(asks, rows)
    assert lines(at_office)[first].status == "open"
    assert third not in lines(at_office)


@pytest.mark.usefixtures("submitted")
def test_it_stands_among_the_imports_as_it_came(
    app: Flask, asks: Program, as_checker: FlaskClient, tenant: Tenant
) -> None:
    code = tenant.town.communities[0]
    made = post(asks, [told(code, *AGREED)]).json
    assert "（令牌：测试程序）" in as_checker.get("/ledgers/imports").text
    address = f"/ledgers/imports/{made['id']}"
    assert "没有变化" in as_checker.get(address).text
    assert as_checker.post(f"{address}/application", data={}).status_code == 409
    file = as_checker.get(f"{address}/file")
    assert file.mimetype == "application/json"
    assert sha256(file.data).hexdigest() == made["sha256"]
    assert file.json["rows"][0]["community_code"] == code
    with app.app_context(), as_platform():
        query = db.select(AccountEvent.act, AccountEvent.name).where(
            AccountEvent.detail["ids"].contains([made["id"]])
        )
        acts = {event.act: event.name for event in db.session.execute(query)}
    assert set(acts) == {"try_ledger", "apply_ledger"}
    assert all("令牌：测试程序" in name for name in acts.values())


@pytest.mark.usefixtures("submitted")
def test_it_costs_the_same_whatever_its_size(asks: Program, tenant: Tenant) -> None:
    code = tenant.town.communities[0]
    asks.get(f"/ledgers/lines?month={MONTH}")  # the day of its first use is noted
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
