"""The pages of the report and its templates: what each reader sees, and each refusal."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from counselhub.programme import data
from counselhub.programme.models import ReportTemplate
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.programme.conftest import MakeLog, log

YEAR = "span=year&at=2026-01"


def form_of(page: str) -> dict[str, Any]:
    """Return what the template form on a page would send."""
    form = page.partition("data-keep")[2].partition("</form>")[0]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        one = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if one.get("type") == "checkbox" and not re.search(r"\bchecked\b", tag):
            continue
        sent.setdefault(one["name"], []).append(unescape(one.get("value", "")))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        first = re.search(r'<option value="([^"]*)"', options)
        sent[name] = chosen.group(1) if chosen else first.group(1) if first else ""
    return sent


@pytest.fixture
def typed(as_manager: FlaskClient) -> dict[str, Any]:
    """The form of a copy of Yuexiu's table, as it would be sent."""
    return form_of(as_manager.get("/programme/templates/new?copy=yuexiu").text)


@pytest.fixture
def own(as_manager: FlaskClient, typed: dict[str, Any], tenant: Tenant, app: Flask) -> str:
    """An own template, by its address."""
    assert as_manager.post("/programme/templates", data=typed).status_code == 303
    with app.app_context(), as_scope(tenant.scope):
        return f"/programme/templates/{db.session.scalars(db.select(ReportTemplate.id)).one()}"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/programme?at=2026-10", ["服务报表", "甲社区", "25", "合计为各栏数字之和"]),
        ("/programme?template=beijing&at=2026-10", ["发布行程次数", "这张表不统计"]),
        ("/programme?by=adviser&span=quarter&at=2026-12", ["张三丰", "2026年第4季度"]),
        ("/programme?span=free&from=2026-10-01&to=2026-10-31", ["2026-10-01"]),
        ("/programme?at=2024-02", ["这段时间还没有服务记录", "记一条服务"]),
        ("/programme?at=nonsense&by=firm&span=week&sort=x", ["服务报表"]),
        ("/programme/templates", ["县半年统计表", "本所还没有自己的模板"]),
    ],
)
def test_pages(as_manager: FlaskClient, make_log: MakeLog, path: str, words: list[str]) -> None:
    make_log("consultation", 25, first="2026-10-01", days=31)
    answer = as_manager.get(path)
    assert answer.status_code == 200
    assert all(word in answer.text for word in words)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("span=free&from=2026-10-09&to=2026-10-08", 422, "结束日期不能早于开始日期"),
        ("span=free&from=2026-10-09&to=", 422, "请填写开始日期和结束日期"),
        ("span=free&from=2001-01-01&to=2026-10-08", 422, "最多统计五年"),
        ("template=nobody", 404, "没有找到"),
        ("template=01890000-0000-7000-8000-000000000000", 404, "没有找到"),
    ],
)
def test_what_cannot_be_had(as_manager: FlaskClient, path: str, status: int, words: str) -> None:
    for page in ("", "/report.xlsx", "/report.json"):
        answer = as_manager.get(f"/programme{page}?{path}")
        assert (answer.status_code, words in answer.text) == (status, True), page


def test_each_figure_opens_its_records(as_manager: FlaskClient, make_log: MakeLog) -> None:
    make_log("consultation", 9, persons=2)
    make_log("drafting", 3)
    page = as_manager.get(f"/programme?{YEAR}").text
    opened = re.findall(r'href="(/programme/records[^"]+)">([\d,]+)</a>', page)
    assert len(opened) >= 10
    for address, figure in opened:
        lead = as_manager.get(unescape(address)).text.partition('class="lead"')[2]
        assert f" {figure} " in lead.partition("</p>")[0], address


@pytest.mark.parametrize("column", ["99", "-1", "x", "", "²"])
def test_no_such_column(as_manager: FlaskClient, column: str) -> None:
    assert as_manager.get("/programme/records").location == (
        "/programme?template=yuexiu&span=month&at=" + f"{clock.today():%Y-%m}"
    )
    assert as_manager.get(f"/programme/records?column={column}").status_code == 404


def test_signed_sessions_are_counted_and_opened(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        for hour, status in ((1, "closed"), (4, "voided")):
            starts = datetime(2026, 10, 8, hour, tzinfo=UTC)
            db.session.add(
                DutySession(
                    adviser_id=tenant.adviser_id,
                    community_code=tenant.town.communities[0],
                    street_code=tenant.town.street_code,
                    day=clock.local(starts).date(),
                    signed_in_at=starts,
                    signed_out_at=starts.replace(hour=hour + 1),
                    status=status,
                )
            )
        db.session.commit()
    document = as_manager.get("/programme/report.json?template=beijing&at=2026-10").get_json()
    assert document["rows"][-1] == {"label": "签到次数", "unit": "次", "value": 1}
    behind = as_manager.get("/programme/records?template=beijing&at=2026-10&column=9").text
    assert "09:00–10:00" in behind
    assert "12:00" not in behind


def test_a_lawyer_counts_only_the_own(
    app: Flask, tenant: Tenant, make_log: MakeLog, as_adviser: FlaskClient
) -> None:
    make_log("legal_opinion", 8)
    assert as_adviser.get(f"/programme/report.json?{YEAR}").get_json()["total"] == 4
    page = as_adviser.get(f"/programme?{YEAR}&by=adviser").text
    assert "张三丰" in page
    assert "李四光" not in page


def test_an_office_counts_all_firms_of_its_street(
    app: Flask, tenant: Tenant, outsider: Tenant, make_log: MakeLog, as_checker: FlaskClient
) -> None:
    make_log("mediation", 4)
    log(app, outsider, "mediation", 6)
    page = as_checker.get(f"/programme?{YEAR}&by=firm").text
    assert [tenant.code in page, outsider.code in page] == [True, True]
    document = as_checker.get(f"/programme/report.json?{YEAR}&by=firm").get_json()
    assert document["street"] == tenant.town.street_code
    assert sorted(line["total"] for line in document["lines"]) == [4, 6]
    one = as_checker.get(f"/programme/report.json?{YEAR}&firm={outsider.firm_id}").get_json()
    assert one["total"] == 6
    elsewhere = factories.town(app)
    stranger = factories.signed_in(app, elsewhere.scope, Role.CHECKER)
    assert stranger.get(f"/programme/report.json?{YEAR}").get_json()["total"] == 0


def test_a_template_is_made_changed_and_removed(
    as_manager: FlaskClient, own: str, typed: dict[str, Any], make_log: MakeLog
) -> None:
    make_log("training", 7)
    key = own.rpartition("/")[2]
    assert "越秀区统计表（本所）" in as_manager.get("/programme/templates").text
    sent = form_of(as_manager.get(own).text) | {"columns-5-title": "杂项", "columns-5-place": "5"}
    assert as_manager.post(own, data=sent).status_code == 303
    document = as_manager.get(f"/programme/report.json?template={key}&{YEAR}").get_json()
    assert document["rows"][0] == {"label": "杂项", "unit": "项", "value": 7}
    stale = as_manager.post(own, data=sent)
    assert (stale.status_code, "别人已经改动了它" in stale.text) == (409, True)
    assert as_manager.post(f"{own}/removal", data={"revision": 1}).status_code == 409
    assert as_manager.post(f"{own}/removal", data={"revision": 2}).status_code == 303
    assert as_manager.get(own).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            {"columns-1-kinds": ["legal_opinion", "mediation"]},
            "参与调解在“法律意见书”和“参与调解”里各算了一次",
            id="counted twice",
        ),
        pytest.param(
            {"columns-5-part": "aside", "columns-5-kinds": ["other"]},
            "法治体检",
            id="left out",
        ),
        pytest.param({"columns-0-unit": "yuan"}, "单位不能是“元”", id="wrong unit"),
        pytest.param({"columns-0-title": ""}, "请填写栏名", id="no title"),
        pytest.param({"columns-0-place": "x"}, "次序", id="no number"),
        pytest.param({"columns-0-unit": "ells"}, "columns-0-unit", id="no such unit"),
        pytest.param({"name": " "}, "请填写", id="no name"),
        pytest.param({"name": "越秀区统计表"}, "已经有一个模板叫", id="a built-in's name"),
    ],
)
def test_an_unsound_template_comes_back_as_typed(
    as_manager: FlaskClient, typed: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    answer = as_manager.post("/programme/templates", data=typed | {"title": "我的表头"} | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert "我的表头" in answer.text
    assert "本所还没有自己的模板" in as_manager.get("/programme/templates").text


def test_a_template_is_tried_before_it_is_kept(
    as_manager: FlaskClient, typed: dict[str, Any], own: str, make_log: MakeLog
) -> None:
    make_log("legal_aid", 5, first=clock.this_month(), days=1)
    for address in ("/programme/templates", own):
        answer = as_manager.post(address, data=typed | {"act": "try", "name": "试一试"})
        assert answer.status_code == 200
        assert "5 件" in answer.text
        assert "试一试" in answer.text
    assert "试一试" not in as_manager.get("/programme/templates").text


def test_what_no_longer_sums_makes_no_report(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, own: str
) -> None:
    """As when a kind of service is added and a template names each of them."""
    with app.app_context(), as_scope(tenant.scope):
        row = db.session.scalars(db.select(ReportTemplate)).one()
        row.columns = data.written(row.template.columns[:-1])
        db.session.commit()
    key = own.rpartition("/")[2]
    page = as_manager.get(f"/programme?template={key}")
    assert (page.status_code, "修改模板" in page.text) == (409, True)
    assert as_manager.get(f"/programme/report.xlsx?template={key}").status_code == 422
    assert "需要修改" in as_manager.get("/programme/templates").text


def test_only_who_looks_after_services_makes_templates(
    as_adviser: FlaskClient, as_checker: FlaskClient, as_outsider: FlaskClient, own: str
) -> None:
    for reader in (as_adviser, as_checker):
        assert reader.get("/programme/templates/new").status_code == 403
        assert reader.post("/programme/templates", data={}).status_code == 403
        assert "照此新建" not in reader.get("/programme/templates").text
    key = own.rpartition("/")[2]
    assert as_outsider.get(own).status_code == 404
    assert as_outsider.post(own, data={}).status_code == 404
    assert as_outsider.get(f"/programme?template={key}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/programme?template=beijing&community={community}&street={street}",
        "/programme?by=adviser",
        "/programme/records?column=total",
        "/programme/templates",
    ],
)
def test_statements(as_manager: FlaskClient, tenant: Tenant, make_log: MakeLog, path: str) -> None:
    make_log("consultation", 60)
    make_log("lecture", 60, persons=30)
    town = tenant.town
    address = path.format(community=town.communities[0], street=town.street_code)
    joined = f"{address}{'&' if '?' in address else '?'}{YEAR}"
    as_manager.get(joined)
    with statements() as sent:
        assert as_manager.get(joined).status_code == 200
    assert len(sent) <= 8, sent
