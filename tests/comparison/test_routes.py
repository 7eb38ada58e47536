"""The comparison as offices and bureaus see it, and as firms do not."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from openpyxl import load_workbook

from counselhub.comparison import queries
from counselhub.comparison.rules import BY_KEY, FIGURES, Line
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.officeday import queries as officeday
from counselhub.programme import figures
from counselhub.programme.builtin import BUILT_IN
from counselhub.programme.periods import Period, Span
from counselhub.reports.picture import picture
from counselhub.services.models import ServiceRecord
from counselhub.statements.months import Month, months_between
from tests import counting, factories
from tests.comparison.conftest import District
from tests.review.factories import officer

YEAR = months_between(Month(2026, 1), Month(2026, 12))
CELL = re.compile(r'data-label="([^"]+)" class="number[^"]*">(.*?)</td>', re.DOTALL)


@contextmanager
def at_office(app: Flask, district: District) -> Iterator[None]:
    """Work as the street's checker in a request."""
    with app.test_request_context(), as_scope(district.first.town.scope):
        g.member = officer(district.first.town)
        yield


def compared(app: Flask, district: District, *months: Month) -> dict[object, Line]:
    """The lines of the first street by firm."""
    with at_office(app, district):
        found = queries.compared({district.street: "某街道"}, months or YEAR)
    return {line.firm_id: line for line in found}


def rows_of(page: str) -> dict[str, dict[str, str]]:
    """The cells of each firm's row by their labels, without markup."""
    found = {}
    for row in re.findall(r"<tr>\s*<td class=\"cell-title\">(.*?)</td>(.*?)</tr>", page, re.DOTALL):
        cells = {
            label: " ".join(re.sub("<[^>]*>", " ", cell).split())
            for label, cell in CELL.findall(row[1])
        }
        found[row[0]] = cells
    return found


def name(tenant: factories.Tenant) -> str:
    return f"某某{tenant.code}律师事务所"


def test_a_month_is_the_pictures(app: Flask, district: District) -> None:
    """Presence is what the month's page of duty says, firm by firm."""
    with at_office(app, district):
        shown = {line.key: line.now for line in picture(date(2026, 10, 1), "firm").lines}
    lines = compared(app, district, Month(2026, 10))
    assert set(shown) == {str(firm) for firm in lines}
    for firm, line in lines.items():
        now = shown[str(firm)]
        assert {key: line.numbers[key] for key in queries.OWED} == {
            key: getattr(now, key) for key in queries.OWED
        }
        met, owed = BY_KEY["done"].parts(line.numbers)
        assert now.percent == met * 100 // owed
    assert shown[str(district.first.firm_id)].counted_visits == 3


def test_a_year_is_the_sum_of_its_months(app: Flask, district: District) -> None:
    whole = compared(app, district)[district.first.firm_id].numbers
    months = [compared(app, district, month)[district.first.firm_id].numbers for month in YEAR]
    for key in queries.OWED:
        assert whole[key] == sum(one[key] for one in months)


def test_money_is_the_first_pages(app: Flask, district: District) -> None:
    with at_office(app, district):
        found = officeday.statements(district.street, 2026)
        signed = officeday.signed_facts(found, 2026)
    lines = compared(app, district)
    assert signed[0].total_fen > 0
    assert {str(firm): line.numbers["approved_fen"] for firm, line in lines.items()} == {
        str(district.first.firm_id): signed[0].total_fen,
        str(district.second.firm_id): 0,
    }
    for line in lines.values():
        assert line.numbers["claimed_fen"] == signed[0].total_fen
        assert line.numbers["shortfall_fen"] < 0
        assert line.numbers["submit_days"] == 2


def test_services_are_the_programmes(app: Flask, district: District) -> None:
    period = Period(Span.FREE, date(2026, 1, 1), date(2026, 12, 31))
    with at_office(app, district):
        report = figures.figures(
            BUILT_IN["county2018"],
            period,
            "firm",
            lambda _model: ServiceRecord.street_code == district.street,
        )
    values = {line.key: line.values for line in report.lines}
    first = compared(app, district)[district.first.firm_id].numbers
    assert first["lectures"] == values[str(district.first.firm_id)][0] == 1
    assert (first["online"], first["online_minutes"]) == (2, 25)


def test_the_page_puts_firms_side_by_side(district: District) -> None:
    every = ".".join(BY_KEY)
    page = district.checker.get(f"/office/firms?from=2026-10&to=2026-10&columns={every}").text
    rows = rows_of(page)
    assert list(rows) == [name(district.first), name(district.second)]
    first = rows[name(district.first)]
    assert first["服务社区"] == "2"
    assert first["到岗次数"] == "3 / 8"
    assert first["抽查在岗"].startswith("50% 1/2")
    assert first["以案定补"] == "1 / 1"
    assert first["提交用时（天）"].startswith("2.0")
    assert rows[name(district.second)]["抽查在岗"] == "—"
    for figure in FIGURES:
        assert figure.meaning in page
    assert f"firm={district.first.firm_id}" in page


@pytest.mark.parametrize(
    ("sort", "direction", "is_first"),
    [("approved", "asc", False), ("approved", "desc", True), ("spots", "asc", True)],
)
def test_any_column_orders(district: District, sort: str, direction: str, is_first: bool) -> None:
    rows = rows_of(district.checker.get(f"/office/firms?sort={sort}&direction={direction}").text)
    assert (next(iter(rows)) == name(district.first)) is is_first


def test_chosen_columns_stand_in_the_address(district: District) -> None:
    gone = district.checker.get("/office/firms?show=spots&show=grade&from=2026-10&to=2026-10")
    assert gone.status_code == 303
    assert "columns=spots.grade" in gone.location
    cells = rows_of(district.checker.get(gone.location).text)[name(district.first)]
    assert list(cells) == ["年度考核", "抽查在岗"]


def test_the_bureau_compares_by_street(app: Flask, district: District) -> None:
    page = district.reader.get("/office/firms").text
    assert set(rows_of(page)) == {
        name(one) for one in (district.first, district.second, district.third)
    }
    assert "邻近街道" in page
    assert 'href="/review' not in page
    one = district.reader.get(f"/office/firms?street={district.street}").text
    assert name(district.third) not in one
    away = factories.tenant(app, factories.town(app))
    other = district.reader.get(f"/office/firms?street={away.town.street_code}").text
    assert name(away) not in other
    assert name(district.third) in other


def test_nobody_else_sees_it(app: Flask, district: District) -> None:
    for role in (Role.MANAGER, Role.FINANCE):
        client = factories.signed_in(app, district.first.scope, role)
        assert client.get("/office/firms").status_code == 403
        assert client.get("/office/firms.xlsx").status_code == 403
    assert name(district.third) not in district.checker.get("/office/firms").text
    elsewhere = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    assert "这个期间没有律所可比" in elsewhere.get("/office/firms").text
    assert name(district.first) not in elsewhere.get(f"/office/firms?street={district.street}").text


@pytest.mark.parametrize(
    "asked",
    [
        "from=nonsense&to=9999-99",
        "from=2026-12&to=2026-01",
        "sort=--&columns=.x.&street=x",
        "from=2001-01",
    ],
)
def test_nonsense_gives_a_page(as_checker: FlaskClient, asked: str) -> None:
    assert as_checker.get(f"/office/firms?{asked}").status_code == 200


def test_the_workbook_has_every_figure(district: District) -> None:
    answer = district.checker.get(
        "/office/firms.xlsx?from=2026-10&to=2026-10&sort=approved&direction=desc"
    )
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    head, *rows = sheet.values
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert [line["律师事务所"] for line in lines] == [name(district.first), name(district.second)]
    assert lines[0]["到岗次数：完成"] == 3
    assert lines[0]["抽查在岗：全部"] == 2
    assert lines[0]["审定金额（元）"] > 0
    assert lines[1]["抽查在岗：全部"] == 0


@pytest.mark.parametrize("who", ["checker", "reader"])
def test_it_asks_as_little_of_many_firms(district: District, who: str) -> None:
    client: FlaskClient = getattr(district, who)
    client.get("/office/firms")
    with counting.statements() as sent:
        assert client.get("/office/firms").status_code == 200
    assert len(sent) <= 8, sent
