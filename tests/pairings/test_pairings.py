"""Agreements: list, draft, signature with scan, begin, change, renew, end, and each refusal."""

from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.pairings import actions, nightly
from counselhub.pairings.models import Pairing
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.pairings.conftest import PDF, entry, file, made, status_of


def sent(tenant: Tenant, **given: object) -> dict[str, object]:
    return {
        "community_code": tenant.town.communities[0],
        "party_a": "中共某某律师事务所支部委员会",
        "party_b": "中共甲社区支部委员会",
        "valid_until": "2026-12-31",
        "topics": ["organisation", "custom"],
        "content": "每季度一次法治讲座",
        "principles": "资源共享",
    } | given


def test_from_draft_to_the_end(app: Flask, as_secretary: FlaskClient, tenant: Tenant) -> None:
    answer = as_secretary.post("/pairings", data=sent(tenant))
    page = answer.location
    assert "草稿" in as_secretary.get(page).text
    signed = {"signed_on": "2026-01-08", "scans": [file(), file(photo(), "第2页.jpg")]}
    assert as_secretary.post(f"{page}/signature", data=signed).status_code == 303
    shown = as_secretary.get(page).text
    assert "已签订" in shown
    assert "协议扫描件.pdf" in shown
    assert as_secretary.post(f"{page}/activation").status_code == 303
    shown = as_secretary.get(page).text
    for words in ("共建中", "组织联动", "自定义", "资源共享"):
        assert words in shown
    over = {"ended_on": "2026-10-19", "reason": "社区合并"}
    assert as_secretary.post(f"{page}/ending", data=over).status_code == 303
    shown = as_secretary.get(page).text
    assert "已结束" in shown
    assert "社区合并" in shown
    with app.app_context(), as_scope(tenant.scope):
        row = db.session.scalars(select(Pairing)).one()
        acts = [event.act for event in history.of(row)]
    moves = ["sign_pairing", "activate_pairing", "end_pairing"]
    assert acts == ["add", "add_scan", "add_scan", *moves]


def photo() -> bytes:
    target = BytesIO()
    Image.new("RGB", (40, 30), "white").save(target, "JPEG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        pytest.param({"party_a": ""}, 422, "请填写", id="no organisation"),
        pytest.param({"party_b": "字" * 101}, 422, "最多100字", id="too long"),
        pytest.param({"community_code": "x"}, 422, "社区", id="no such community"),
        pytest.param({"topics": ["nonsense"]}, 422, "共建内容", id="no such topic"),
        pytest.param({"valid_until": "tomorrow"}, 422, "有效期至", id="no day"),
    ],
)
def test_bad_drafts_are_refused(
    at_desk: FlaskClient, house: Tenant, given: dict[str, str], status: int, words: str
) -> None:
    answer = at_desk.post("/pairings", data=sent(house, **given))
    assert answer.status_code == status
    assert words in answer.text
    assert "每季度一次法治讲座" in answer.text


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        pytest.param({"signed_on": ""}, 422, "请填写", id="no day"),
        pytest.param({"signed_on": "2026-10-21"}, 422, "不能晚于今天", id="tomorrow"),
        pytest.param({"signed_on": "2026-01-07", "bare": "1"}, 422, "请上传", id="no scan"),
        pytest.param({"signed_on": "2026-01-08", "revision": "7"}, 409, "已经改动", id="stale"),
        pytest.param({"signed_on": "2026-01-08"}, 409, "2026-01-08 已经登记过", id="day taken"),
    ],
)
def test_bad_signatures_are_refused(
    app: Flask,
    at_desk: FlaskClient,
    house: Tenant,
    standing: str,
    given: dict[str, str],
    status: int,
    words: str,
) -> None:
    draft = made(app, house, until="draft")
    files = {} if "bare" in given else {"scans": [file()]}
    answer = at_desk.post(f"/pairings/{draft}/signature", data=given | files)
    assert answer.status_code == status
    assert words in answer.text
    assert status_of(app, house, draft) == "draft"


def test_a_signed_agreement_is_changed_with_care(
    as_secretary: FlaskClient, tenant: Tenant, address: str
) -> None:
    given = sent(tenant, signed_on="2026-01-09", valid_until="2026-12-31", revision="3")
    moved = {**given, "community_code": tenant.town.communities[1]}
    early = {**given, "valid_until": "2026-01-01"}
    assert "社区不能更换" in as_secretary.post(address, data=moved).text
    refused = as_secretary.post(address, data=early)
    assert refused.status_code == 422
    assert "不能早于签订日期" in refused.text
    assert as_secretary.post(address, data=given).status_code == 303
    assert "2026-01-09" in as_secretary.get(address).text
    stale = as_secretary.post(address, data=given)
    assert stale.status_code == 409
    assert 'value="2026-01-09"' in stale.text


def test_only_a_draft_is_deleted(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant, address: str
) -> None:
    draft = made(app, tenant, until="draft")
    assert as_secretary.post(f"/pairings/{draft}/removal").status_code == 303
    assert as_secretary.get(f"/pairings/{draft}").status_code == 404
    kept = as_secretary.post(f"{address}/removal")
    assert kept.status_code == 409
    assert "只能结束" in kept.text


def test_an_ended_agreement_takes_no_more(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant, address: str, pairing_id: UUID
) -> None:
    over = {"ended_on": "2026-10-20", "reason": "不再合作"}
    as_secretary.post(f"{address}/ending", data=over)
    assert as_secretary.get(f"{address}/edit").status_code == 409
    assert as_secretary.post(address, data=sent(tenant)).status_code == 409
    assert as_secretary.post(f"{address}/ending", data=over).status_code == 409
    assert as_secretary.post(f"{address}/activation").status_code == 409
    more = as_secretary.post(f"{address}/scans", data={"scans": [file(photo(), "x.jpg")]})
    assert more.status_code == 409
    assert status_of(app, tenant, pairing_id) == "ended"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"ended_on": "2026-10-19", "reason": ""}, "请填写", id="no reason"),
        pytest.param({"ended_on": "2026-10-21", "reason": "x"}, "和今天之间", id="tomorrow"),
        pytest.param({"ended_on": "2026-01-07", "reason": "x"}, "2026-01-08", id="too early"),
    ],
)
def test_bad_endings_are_refused(
    at_desk: FlaskClient, standing: str, given: dict[str, str], words: str
) -> None:
    answer = at_desk.post(f"{standing}/ending", data=given)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_renewal_names_the_one_before(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant
) -> None:
    old = made(app, tenant, valid_until=date(2026, 12, 1))
    listed = as_secretary.get("/pairings?tab=renewal").text
    assert "甲社区" in listed
    assert "1 份协议在 60 天内到期" in as_secretary.get("/pairings").text
    asked = as_secretary.get(f"/pairings/new?renews={old}").text
    assert "每季度一次法治讲座" in asked
    answer = as_secretary.post("/pairings", data=sent(tenant, renews=str(old)))
    assert "续自 2026-01-08" in as_secretary.get(answer.location).text
    assert "已续签为新的协议" in as_secretary.get(f"/pairings/{old}").text
    assert "份协议在 60 天内到期" not in as_secretary.get("/pairings").text
    again = as_secretary.post("/pairings", data=sent(tenant, renews=str(old)))
    assert again.status_code == 409
    assert "已经续签过" in again.text


def test_the_notice_is_the_firms(app: Flask, as_secretary: FlaskClient, tenant: Tenant) -> None:
    made(app, tenant, valid_until=date(2027, 1, 7))
    assert "份协议在" not in as_secretary.get("/pairings").text
    assert as_secretary.post("/pairings/notice", data={"days": "90"}).status_code == 303
    assert "1 份协议在 90 天内到期" in as_secretary.get("/pairings").text
    refused = as_secretary.post("/pairings/notice", data={"days": "0"})
    assert refused.status_code == 422
    assert "1 至 365" in refused.text


def test_the_night_ends_what_is_over(app: Flask, tenant: Tenant, pairing_id: UUID) -> None:
    over = made(app, tenant, until="draft", valid_until=date(2026, 10, 19))
    by = tenant.member(Role.PARTY_SECRETARY)
    with app.app_context():
        with as_scope(tenant.scope):
            row = db.session.get_one(Pairing, (tenant.firm_id, over))
            given = [actions.Sent("x.pdf", PDF)]
            actions.sign(row, date(2026, 1, 9), given, revision=None, by=by)
            db.session.commit()
        nightly.run()
        nightly.run()
        with as_scope(tenant.scope):
            row = db.session.get_one(Pairing, (tenant.firm_id, over))
            assert (row.status, row.ended_on) == ("ended", date(2026, 10, 19))
            assert row.end_reason == actions.TERM_OVER
            assert [event.act for event in history.of(row)].count("end_pairing") == 1
    assert status_of(app, tenant, pairing_id) == "active"


def test_what_is_over_does_not_begin(app: Flask, as_secretary: FlaskClient, tenant: Tenant) -> None:
    signed = made(app, tenant, until="signed", valid_until=date(2026, 10, 19))
    answer = as_secretary.post(f"/pairings/{signed}/activation")
    assert answer.status_code == 422
    assert "2026-10-19 已经到期" in answer.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=甲社区", True),
        ("q=某某律师", True),
        ("q=乙社区", False),
        ("tab=ended", False),
        ("tab=nonsense", True),
        ("tab=all&sort=until", True),
        ("sort=community&direction=desc", True),
        ("sort=nonsense", True),
    ],
)
def test_the_list_is_searched(at_desk: FlaskClient, standing: str, query: str, found: bool) -> None:
    assert ("中共甲社区支部" in at_desk.get(f"/pairings?{query}").text) is found


def test_strangers_roles_and_other_firms(
    app: Flask,
    as_outsider: FlaskClient,
    as_adviser: FlaskClient,
    as_checker: FlaskClient,
    tenant: Tenant,
    address: str,
) -> None:
    assert app.test_client().get("/pairings").status_code == 303
    assert as_checker.get("/pairings").status_code == 403
    assert as_outsider.get(address).status_code == 404
    assert as_outsider.post(address, data=sent(tenant)).status_code == 404
    assert "还没有结对协议" in as_outsider.get("/pairings").text
    assert "甲社区" in as_adviser.get(address).text
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    for client in (as_adviser, clerk):
        assert client.get("/pairings/new").status_code == 403
        for path in ("", "/signature", "/activation", "/ending", "/removal"):
            assert client.post(f"{address}{path}").status_code == 403


def test_pages_ask_the_database_at_most_eight_times(
    as_secretary: FlaskClient, address: str
) -> None:
    for path in ("/pairings", address, f"{address}/lists", f"{address}/plan", f"{address}/edit"):
        as_secretary.get(path)
        with statements() as asked:
            assert as_secretary.get(path).status_code == 200
        assert len(asked) <= 8, (path, asked)


def test_an_entry_is_the_same_through_the_page(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant
) -> None:
    as_secretary.post("/pairings", data=sent(tenant))
    with app.app_context(), as_scope(tenant.scope):
        row = db.session.scalars(select(Pairing)).one()
        assert row.topics == ["organisation", "custom"]
        assert row.valid_until == date(2026, 12, 31)
        assert row.party_b == entry(tenant).party_b
