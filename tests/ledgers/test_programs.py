"""The office's own program brings its ledger in: as the page would, whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.tenancy import as_platform
from counselhub.ledgers.models import LedgerLine
from tests import factories
from tests.factories import Tenant
from tests.ledgers.books import AGREED, book, row, sheet
from tests.ledgers.conftest import lines
from tests.ledgers.sending import MONTH, At, imports, pointers, post, told
from tests.ledgers.test_routes import upload
from tests.programs import Program

NAMES = [column.name for column in LedgerLine.__table__.columns]
OWN = frozenset({"id", "revision", "row_number"})
"""What tells one import from another: a sheet counts its header as a row."""


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
