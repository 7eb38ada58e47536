"""Two real tables come out of a generated log exactly: on the page, in Excel, as JSON.

Yuexiu reported 25,325 items in 2021; a county reported its first half of 2018 (domain.md 2).
"""

import json
import re
from contextlib import nullcontext
from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from counselhub.cli import cli
from counselhub.core.permissions import Role
from tests import factories
from tests.factories import Tenant
from tests.programme.conftest import log

YUEXIU = {
    "法律咨询": 17_988,
    "法律意见书": 145,
    "参与调解": 1_166,
    "法治宣传": 4_406,
    "法律援助": 63,
    "其他": 1_557,
}
COUNTY = {
    "法治讲座、普法活动": 48,
    "修订村规民约、审查合同协议": 42,
    "法律咨询": 650,
    "代写法律文书": 46,
    "申请法律援助": 6,
    "参与人民调解": 39,
    "协助处理涉法事务": 10,
    "法律意见书": 18,
    "挽回经济损失": 250_000,
}
LOG_2026 = (
    ("consultation", 8_994, {"persons": 2}),
    ("legal_opinion", 145, {}),
    ("mediation", 1_166, {"persons": 3}),
    ("publicity", 4_000, {"copies": 50}),
    ("lecture", 406, {"persons": 40}),
    ("legal_aid", 63, {}),
    ("drafting", 1_000, {}),
    ("contract_review", 300, {}),
    ("legal_checkup", 100, {}),
    ("training", 57, {"persons": 12}),
    ("other", 100, {}),
)
"""A year whose parts sum to 25,325: kind, records, what each holds."""
LOG_2025 = (
    ("lecture", 28, {"persons": 60}),
    ("publicity", 10, {"count": 2}),
    ("bylaw_revision", 12, {}),
    ("contract_review", 30, {}),
    ("consultation", 300, {"persons": 2}),
    ("consultation", 50, {}),
    ("drafting", 46, {}),
    ("legal_aid", 6, {}),
    ("mediation", 38, {"recovered_fen": 650_000}),
    ("mediation", 1, {"recovered_fen": 300_000}),
    ("legal_affairs", 10, {}),
    ("legal_opinion", 18, {}),
    ("training", 5, {"persons": 30}),
)
"""A half-year for the county's table, with a kind that it does not count."""
TABLES = pytest.mark.parametrize(
    ("template", "span", "days", "parts", "total"),
    [
        pytest.param(
            "yuexiu",
            "span=year&at=2026-01",
            ("2026-01-01", "2026-12-31"),
            YUEXIU,
            25_325,
            id="Yuexiu",
        ),
        pytest.param(
            "county2018",
            "span=half_year&at=2025-01",
            ("2025-01-01", "2025-06-30"),
            COUNTY,
            None,
            id="the county",
        ),
    ],
)


@pytest.fixture(scope="module")
def logged(app: Flask) -> tuple[Tenant, FlaskClient]:
    """A firm with both logs, and its manager."""
    tenant = factories.tenant(app, factories.town(app))
    for kind, rows, given in LOG_2026:
        log(app, tenant, kind, rows, **given)
    for kind, rows, given in LOG_2025:
        log(app, tenant, kind, rows, first=date(2025, 1, 1), days=181, **given)
    return tenant, factories.signed_in(app, tenant.scope, Role.MANAGER)


def test_the_parts_are_the_reported_ones() -> None:
    assert sum(YUEXIU.values()) == 25_325


@TABLES
@pytest.mark.parametrize("by", ["community", "adviser"])
def test_the_page(
    logged: tuple[Tenant, FlaskClient],
    template: str,
    span: str,
    days: tuple[str, str],
    parts: dict[str, int],
    total: int | None,
    by: str,
) -> None:
    page = logged[1].get(f"/programme?template={template}&{span}&by={by}").text
    foot = page.partition("<tfoot>")[2].partition("</tfoot>")[0]
    shown = {
        name: re.sub("<[^>]+>", "", cell)
        for name, cell in re.findall(r'data-label="([^"]+)">(.*?)</td>', foot)
    }
    wanted = {name: f"{value:,}" for name, value in parts.items()}
    if total is None:
        wanted["挽回经济损失"] += ".00"
    else:
        wanted["合计"] = f"{total:,}"
    assert shown == wanted


@TABLES
def test_excel(
    logged: tuple[Tenant, FlaskClient],
    template: str,
    span: str,
    days: tuple[str, str],
    parts: dict[str, int],
    total: int | None,
) -> None:
    file = logged[1].get(f"/programme/report.xlsx?template={template}&{span}").data
    rows = list(load_workbook(BytesIO(file)).active.iter_rows(values_only=True))
    titles = [str(title).rpartition("（")[0] for title in rows[2][2:] if title != "合计"]
    (sums,) = [row for row in rows[3:] if row[0] == "合计"]
    assert dict(zip(titles, sums[2:], strict=False)) == parts
    if total is not None:
        assert sums[-1] == total
    lines = [row[2:] for row in rows[3:] if isinstance(row[0], int)]
    assert len(lines) == 2
    assert [sum(column) for column in zip(*lines, strict=True)] == list(sums[2:])
    words = [cell for row in rows for cell in row if isinstance(cell, str)]
    assert {"填报人：", "审核人："} <= set(words)


@TABLES
def test_json(
    context: None,
    logged: tuple[Tenant, FlaskClient],
    template: str,
    span: str,
    days: tuple[str, str],
    parts: dict[str, int],
    total: int | None,
) -> None:
    """The command's document and the download say the same."""
    code, (first, last) = logged[0].code, days
    arguments = ["report", "programme", "--firm", code, "--from", first, "--to", last]
    arguments += ["--template", template, "--json"]
    document = json.loads(CliRunner().invoke(cli, arguments, obj=nullcontext).output)
    assert {row["label"]: row["value"] for row in document["rows"]} == parts
    assert document["total"] == total
    sent = json.loads(logged[1].get(f"/programme/report.json?template={template}&{span}").data)
    lines = sent.pop("lines")
    assert sent == document
    assert [sum(values) for values in zip(*(line["values"] for line in lines), strict=True)] == [
        row["value"] for row in document["rows"]
    ]
