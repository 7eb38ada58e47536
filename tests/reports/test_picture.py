"""The picture's figures are the month's own, and each reader sees what is his."""

import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.reports.picture import picture
from counselhub.statements.month_view import month_view
from tests import counting, factories
from tests.reports.conftest import MONTH, OCTOBER, Furnished

PAGES = ("/picture", "/picture/sessions", "/picture/slots")


def figures(page: str) -> str:
    """The words of a page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_required_and_counted_are_what_the_month_says(app: Flask, furnished: Furnished) -> None:
    with app.test_request_context(), as_scope(furnished.firm.scope):
        g.member = furnished.firm.member()
        seen = picture(OCTOBER, "community")
        outlooks = [row.outlook for row in month_view(OCTOBER).rows]
    now = seen.now
    assert now.required_minutes == sum(one.owed.minutes for one in outlooks) == 960
    assert now.required_visits == sum(one.owed.visits for one in outlooks) == 8
    assert now.counted_minutes == sum(one.present.minutes for one in outlooks) == 215
    assert now.missing_minutes == sum(one.missing_minutes for one in outlooks)
    assert now.met == sum(one.is_met for one in outlooks) == 0


def test_what_came_and_what_was_planned(app: Flask, furnished: Furnished) -> None:
    with app.test_request_context(), as_scope(furnished.firm.scope):
        g.member = furnished.firm.member()
        seen = picture(OCTOBER, "adviser")
    lead, backup = sorted(seen.lines, key=lambda line: line.name, reverse=True)[::-1]
    assert (lead.name, backup.name) == ("张三丰", "李四光")
    now = lead.now
    assert (now.sessions, now.minutes, now.done, now.short, now.missed) == (2, 215, 1, 1, 1)
    assert (now.substituted, now.excused, now.slots, now.planned_minutes) == (1, 1, 4, 480)
    assert (now.late, now.late_minutes) == (1, 25)
    assert now.grades == {"A": 0, "B": 0, "C": 2, "D": 0}
    assert (lead.before.sessions, lead.before.minutes, lead.before.done) == (1, 60, 1)
    assert (backup.now.sessions, backup.now.stood_in, backup.now.untold) == (1, 1, 1)


@pytest.mark.parametrize(
    ("show", "names"),
    [
        pytest.param("", {"甲社区", "乙社区"}, id="all"),
        pytest.param("behind", {"甲社区", "乙社区"}, id="below what is required"),
        pytest.param("unproven", {"甲社区", "乙社区"}, id="nothing proves it"),
        pytest.param("absent", {"甲社区"}, id="missed"),
        pytest.param("nonsense", {"甲社区", "乙社区"}, id="nonsense"),
    ],
)
def test_filters(app: Flask, furnished: Furnished, show: str, names: set[str]) -> None:
    with app.test_request_context(), as_scope(furnished.firm.scope):
        g.member = furnished.firm.member()
        seen = picture(OCTOBER, "community", show=show)
    assert {line.name for line in seen.lines} == names
    assert seen.counts[""] == 2


def test_an_office_sees_every_firm_of_its_street(furnished: Furnished) -> None:
    page = furnished.checker.get(f"/picture?{MONTH}&by=firm").text
    for firm in (furnished.firm, furnished.other):
        assert f"某某{firm.code}律师事务所" in page
    assert "按街道" not in page
    sessions = furnished.checker.get(f"/picture/sessions?{MONTH}").text
    assert "共 4 条" in sessions


def test_a_firm_sees_nothing_of_another(furnished: Furnished) -> None:
    for path in PAGES:
        page = furnished.manager.get(f"{path}?{MONTH}").text
        assert furnished.other.code not in page
    other = furnished.other.firm_id
    page = furnished.manager.get(f"/picture/sessions?{MONTH}&firm={other}").text
    assert "没有符合条件的记录" in page


def test_a_lawyer_sees_the_own_duty_only(furnished: Furnished) -> None:
    page = furnished.adviser.get(f"/picture?{MONTH}&by=adviser").text
    assert "李四光" in page
    assert "张三丰" not in page
    sessions = furnished.adviser.get(f"/picture/sessions?{MONTH}").text
    assert "共 1 条" in sessions
    assert "没有排班" in furnished.adviser.get(f"/picture/slots?{MONTH}").text


@pytest.mark.parametrize("reader", ["manager", "checker", "adviser"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_at_most_eight_statements(
    furnished: Furnished, reader: str, path: str
) -> None:
    client: FlaskClient = getattr(furnished, reader)
    with counting.statements() as sent:
        assert client.get(f"{path}?{MONTH}").status_code == 200
    assert len(sent) <= 8, sent


def test_figures_open_their_records(furnished: Furnished) -> None:
    client = furnished.manager
    page = client.get(f"/picture?{MONTH}").text
    for address, words in (
        ("status=missed", "2026-10-29"),
        ("status=late", "迟到 25 分钟"),
        ("grade=stood_in", "替 张三丰"),
        ("grade=untold", "2026-10-22"),
        ("grade=D", "没有签退"),
    ):
        [link, *_more] = re.findall(rf'href="(/picture/[^"]*{address}[^"]*)"', page)
        found = client.get(link.replace("&amp;", "&")).text
        assert "共 1 条" in found, address
        assert words in figures(found), address


def test_a_month_without_anything_teaches(furnished: Furnished) -> None:
    assert "去排班" in furnished.manager.get("/picture?month=2020-01").text
    assert "换一个月份看看" in furnished.checker.get("/picture?month=2020-01").text
    assert "看排班" in furnished.adviser.get("/picture?month=2020-01").text
    assert furnished.manager.get("/picture?month=nonsense&sort=x&by=y&page=z").status_code == 200
    page = furnished.manager.get(f"/picture?{MONTH}&q=没有这个").text
    assert "没有符合条件的" in page


def test_a_scheme_that_says_nothing_is_named(app: Flask) -> None:
    tenant = factories.tenant(app, factories.town(app), deduction_fen=None)
    client = factories.signed_in(app, tenant.scope, Role.MANAGER)
    assert f"{tenant.code}-001" in client.get(f"/picture?{MONTH}").text
