"""The quick entry, one record, the month's list and the report as people see them."""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.permissions import Role
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.services.conftest import DAY, NOON, STATEMENT, MakeRecord

HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(NOON):
        yield


def quick(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "kind": "mediation",
        "persons": "2",
        "content": "邻里漏水",
        "community_code": tenant.town.communities[0],
    } | given


def full(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "kind": "mediation",
        "day": "2026-10-08",
        "community_code": tenant.town.communities[0],
        "adviser_id": str(tenant.adviser_id),
        "count": "1",
        "persons": "2",
        "mode": "on_site",
        "dispute_kind": "neighbour",
        "recovered": "1,666.67",
        "content": "邻里漏水",
        "revision": "1",
    } | given


def test_an_entry_is_a_kind_and_a_tap(as_adviser: FlaskClient, tenant: Tenant) -> None:
    page = as_adviser.get("/services").text
    assert f'selected value="{tenant.town.communities[0]}"' in page
    row = as_adviser.post("/services", data=quick(tenant, persons="1", content=""), headers=HX)
    assert row.status_code == 200
    assert row.text.count("<li") == 1
    assert "FW20261008-0001" in row.text
    plain = as_adviser.post("/services", data=quick(tenant))
    assert (plain.status_code, plain.location) == (303, "/services")
    page = as_adviser.get("/services").text
    assert "邻里漏水" in page
    assert page.index("FW20261008-0002") < page.index("FW20261008-0001")


def test_the_kind_most_used_stands_first(as_adviser: FlaskClient, make_record: MakeRecord) -> None:
    make_record(kind="training")
    page = as_adviser.get("/services").text
    assert page.index('value="training"') < page.index('value="consultation"')


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"kind": ""}, id="no kind"),
        pytest.param({"kind": "magic"}, id="unknown kind"),
        pytest.param({"mode": "magic"}, id="unknown mode"),
        pytest.param({"dispute_kind": "magic"}, id="unknown dispute"),
        pytest.param({"persons": "-1"}, id="fewer than nobody"),
        pytest.param({"community_code": "000000000000"}, id="unknown community"),
    ],
)
def test_a_bad_entry_keeps_what_was_typed(
    as_adviser: FlaskClient, tenant: Tenant, given: dict[str, str]
) -> None:
    for headers in ({}, HX):
        answer = as_adviser.post("/services", data=quick(tenant, **given), headers=headers)
        assert answer.status_code == 422
        assert "邻里漏水" in answer.text
        assert answer.headers["HX-Retarget"] == "#entry"


def test_a_clerk_enters_for_a_lawyer(app: Flask, tenant: Tenant) -> None:
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    assert clerk.post("/services", data=quick(tenant)).status_code == 422
    given = quick(tenant, adviser_id=str(tenant.backup_id))
    assert clerk.post("/services", data=given).status_code == 303
    assert "李四光" in clerk.get("/services").text
    assert clerk.post("/services", data=quick(tenant, adviser_id="x")).status_code == 422


def test_nobody_enters_for_a_colleague(as_adviser: FlaskClient, tenant: Tenant) -> None:
    given = quick(tenant, adviser_id=str(tenant.backup_id))
    assert as_adviser.post("/services", data=given).status_code == 403


def test_a_row_becomes_its_form_and_back(
    as_adviser: FlaskClient, tenant: Tenant, make_record: MakeRecord
) -> None:
    address = f"/services/{make_record(content='邻里漏水')}"
    form = as_adviser.get(address, headers=HX).text
    assert form.lstrip().startswith("<li")
    assert "邻里漏水</textarea>" in form
    assert as_adviser.get(f"{address}?show=row", headers=HX).text.count("<form") == 0
    row = as_adviser.post(address, data=full(tenant), headers=HX)
    assert row.status_code == 200
    assert "参与调解" in row.text
    assert 'value="1,666.67"' in as_adviser.get(address).text


def test_a_record_is_changed_without_script(
    as_adviser: FlaskClient, tenant: Tenant, make_record: MakeRecord
) -> None:
    address = f"/services/{make_record()}"
    answer = as_adviser.post(address, data=full(tenant, day="2026-10-01"))
    assert (answer.status_code, answer.location) == (303, "/services/records?month=2026-10")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"day": "2026-10-09"}, "日期不能晚于今天", id="tomorrow"),
        pytest.param({"day": "x"}, "日期", id="no day"),
        pytest.param({"recovered": "一百"}, "请填写金额", id="no amount"),
        pytest.param({"recovered": "-1"}, "金额不能小于0", id="below nothing"),
        pytest.param({"count": "x"}, "件次", id="no number"),
    ],
)
def test_bad_changes_are_told(
    as_adviser: FlaskClient,
    tenant: Tenant,
    make_record: MakeRecord,
    given: dict[str, str],
    words: str,
) -> None:
    answer = as_adviser.post(f"/services/{make_record()}", data=full(tenant, **given))
    assert answer.status_code == 422
    assert words in answer.text
    assert "邻里漏水" in answer.text


def test_a_stale_form_is_refused_with_the_record_as_it_is(
    as_adviser: FlaskClient, tenant: Tenant, make_record: MakeRecord
) -> None:
    address = f"/services/{make_record()}"
    as_adviser.post(address, data=full(tenant, content="先改的"))
    answer = as_adviser.post(address, data=full(tenant, content="后改的"), headers=HX)
    assert answer.status_code == 409
    assert "别人已经改动了它" in answer.text
    assert "先改的" in answer.text


def test_a_record_is_removed(as_adviser: FlaskClient, make_record: MakeRecord) -> None:
    address = f"/services/{make_record()}"
    gone = as_adviser.post(f"{address}/removal", headers=HX)
    assert (gone.status_code, gone.text.strip()) == (200, "")
    assert as_adviser.get(address).status_code == 404
    assert as_adviser.post(f"{address}/removal").status_code == 404


def test_a_closed_month_names_its_statement(
    as_adviser: FlaskClient,
    tenant: Tenant,
    make_record: MakeRecord,
    close_october: Callable[[], None],
) -> None:
    address = f"/services/{make_record()}"
    close_october()
    for path, given in (
        ("/services", quick(tenant)),
        (address, full(tenant)),
        (f"{address}/removal", {}),
    ):
        answer = as_adviser.post(path, data=given)
        assert answer.status_code == 409
        assert STATEMENT in answer.text


def test_another_firm_finds_nothing(as_outsider: FlaskClient, make_record: MakeRecord) -> None:
    made: UUID = make_record("FW20261008-0001", "邻里漏水")
    assert "FW20261008-0001" not in as_outsider.get("/services/records?month=2026-10").text
    found = as_outsider.get("/services/records?month=2026-10&q=邻里漏水").text
    assert "没有符合条件的记录" in found
    assert as_outsider.get(f"/services/{made}").status_code == 404
    assert as_outsider.post(f"/services/{made}").status_code == 404
    assert as_outsider.post(f"/services/{made}/removal").status_code == 404


def test_roles_and_strangers(
    app: Flask, tenant: Tenant, as_checker: FlaskClient, make_record: MakeRecord
) -> None:
    finance = factories.signed_in(app, tenant.scope, Role.FINANCE)
    made = make_record(content="邻里漏水")
    assert finance.get("/services").status_code == 403
    assert finance.get("/services/records?month=2026-10").status_code == 200
    page = finance.get(f"/services/{made}").text
    assert "邻里漏水" in page
    assert "<textarea" not in page
    assert finance.post(f"/services/{made}").status_code == 403
    for address in ("/services", "/services/records"):
        assert app.test_client().get(address).status_code == 303
        assert as_checker.get(address).status_code == 403


def test_a_lawyer_sees_and_mends_the_own_only(
    as_adviser: FlaskClient, tenant: Tenant, make_record: MakeRecord
) -> None:
    other = make_record("FW20261008-0009", adviser_id=tenant.backup_id)
    make_record("FW20261008-0001")
    page = as_adviser.get("/services/records?month=2026-10").text
    assert "FW20261008-0001" in page
    assert "FW20261008-0009" not in page
    assert as_adviser.post(f"/services/{other}", data=full(tenant)).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=漏水", True),
        ("q=邻里漏水纠纷", True),
        ("q=100%", False),
        ("q=已和解", True),
        ("q=fw20261008-0001", True),
        ("q=王五", False),
        ("kind=mediation", True),
        ("kind=lecture", False),
        ("sort=community", True),
        ("sort=adviser&direction=desc", True),
        ("sort=nonsense", True),
        ("adviser=nonsense", False),
        ("month=2026-09", False),
        ("month=nonsense", True),
    ],
)
def test_the_list_is_searched(
    as_manager: FlaskClient, make_record: MakeRecord, query: str, found: bool
) -> None:
    make_record(
        "FW20261008-0001", "邻里漏水纠纷，告知责任", kind="mediation", persons=4, outcome="已和解"
    )
    month = "" if "month" in query else "&month=2026-10"
    page = as_manager.get(f"/services/records?{query}{month}").text
    assert ("FW20261008-0001" in page) is found
    assert ("共 1 条 · 1 件次 · 4 人次" in page) is found


def test_pages_ask_the_database_at_most_eight_times(
    as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant, make_record: MakeRecord
) -> None:
    made = [make_record(content="内容", day=DAY - timedelta(days=days % 3)) for days in range(6)]
    pages = "/services", "/services/records?month=2026-10", f"/services/{made[0]}"
    for reader, address in itertools.product((as_adviser, as_manager), pages):
        with statements() as asked:
            assert reader.get(address).status_code == 200
        assert len(asked) <= 8, asked
    with statements() as asked:
        assert as_adviser.post("/services", data=quick(tenant), headers=HX).status_code == 200
    assert len(asked) == 2, asked  # who asks; the record with its words and its act


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"day": "2026-10-09"}, "day", id="a day to come"),
        pytest.param({"community_code": "000000000000"}, "community_code", id="not served"),
    ],
)
def test_a_refused_entry_is_told_at_the_field_it_is_about(
    as_adviser: FlaskClient, tenant: Tenant, given: dict[str, str], field: str
) -> None:
    answer = as_adviser.post("/services", data=quick(tenant, **given), headers=HX)
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-error"', answer.text) == [field]


def test_times_in_no_order_are_told_at_the_end(
    as_adviser: FlaskClient, tenant: Tenant, make_record: MakeRecord
) -> None:
    given = full(tenant, starts="10:00", ends="09:00")
    answer = as_adviser.post(f"/services/{make_record()}", data=given)
    assert answer.status_code == 422
    assert re.findall(r'id="[\w-]+-(\w+)-error"', answer.text) == ["ends"]


def test_the_calendar_of_an_entry_ends_today(as_adviser: FlaskClient) -> None:
    page = as_adviser.get("/services").text
    assert re.search(r'<input[^>]* id="day"[^>]* max="2026-10-08"', page)
