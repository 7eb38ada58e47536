"""The page of leaving: the archive asked for and taken, the departure asked for and withdrawn."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, text

from counselhub.billing.models import Plan, Subscription
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_platform
from counselhub.leaving import deleting
from counselhub.tenants import keys
from counselhub.work.models import LongWork
from tests import factories
from tests.billing.plans import add_plan
from tests.factories import Tenant
from tests.leaving.conftest import asked
from tests.work.worker import empty_queue, work

PASSPHRASE = "correct horse battery"
LINK = re.compile(r"/leaving/archives/([0-9a-f-]{36})/firm\.zip")


@pytest.fixture(autouse=True)
def emptied(urls: DatabaseUrls) -> Iterator[None]:
    """Leave nothing in the queue."""
    yield
    empty_queue(urls)


def given(passphrase: str = PASSPHRASE, again: str = PASSPHRASE) -> dict[str, str]:
    return {"passphrase": passphrase, "again": again}


def acts(app: Flask, tenant: Tenant) -> list[str]:
    with app.app_context(), as_platform():
        query = select(AccountEvent.act).where(AccountEvent.key == str(tenant.firm_id))
        return list(db.session.scalars(query.order_by(AccountEvent.at, AccountEvent.id)))


def rows(app: Flask, tenant: Tenant) -> list[LongWork]:
    with app.app_context(), as_platform():
        found = list(
            db.session.scalars(select(LongWork).where(LongWork.key == str(tenant.firm_id)))
        )
        db.session.expunge_all()
        return found


def test_the_whole_archive(
    app: Flask, urls: DatabaseUrls, as_manager: FlaskClient, tenant: Tenant
) -> None:
    """Made under the passphrase, which lies in the clear nowhere and is gone when it is made."""
    assert as_manager.post("/leaving/archives", data=given()).status_code == 303
    (waiting,) = rows(app, tenant)
    assert PASSPHRASE not in str(waiting.detail)
    with app.app_context():
        queued = db.session.scalars(text("SELECT args::text FROM jobs.procrastinate_jobs")).all()
    assert queued
    assert not any(PASSPHRASE in one for one in queued)
    work(app, urls)
    (made,) = rows(app, tenant)
    assert made.outcome == "done"
    assert "passphrase" not in made.detail
    page = as_manager.get("/leaving").text
    assert made.detail["digest"] in page
    found = LINK.search(page)
    assert found is not None
    with as_manager.get(found[0]) as answer:
        content = answer.data
    with ZipFile(BytesIO(content)) as source:
        digest = hashlib.sha256(source.read("manifest.json")).hexdigest()
    assert digest == made.detail["digest"]
    told = json.loads(ZipFile(BytesIO(content)).read("manifest.json"))["keys"]
    with app.app_context():
        assert keys.unpacked(told, PASSPHRASE)
    assert acts(app, tenant)[-2:] == ["long_work_asked", "long_work_fetched"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        pytest.param(given("", ""), "请填写口令", id="none"),
        pytest.param(given("short", "short"), "口令至少 12 个字符", id="short"),
        pytest.param(given(again="something else"), "两次输入的口令不一样", id="a slip"),
    ],
)
def test_a_bad_passphrase(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, form: dict[str, str], sentence: str
) -> None:
    answer = as_manager.post("/leaving/archives", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(app, tenant) == []


def test_one_archive_at_a_time(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    for _twice in range(2):
        as_manager.post("/leaving/archives", data=given())
    assert len(rows(app, tenant)) == 1
    assert "已经有一份正在制作" in as_manager.get("/leaving").text


def test_an_archive_is_nobody_elses(
    app: Flask,
    urls: DatabaseUrls,
    as_manager: FlaskClient,
    as_outsider: FlaskClient,
    tenant: Tenant,
) -> None:
    as_manager.post("/leaving/archives", data=given())
    address = f"/leaving/archives/{rows(app, tenant)[0].id}/firm.zip"
    assert as_manager.get(address).status_code == 404  # not made yet
    work(app, urls)
    with as_manager.get(address) as answer:
        assert answer.status_code == 200
    assert as_outsider.get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.FINANCE, Role.ADVISER])
def test_only_the_manager(app: Flask, tenant: Tenant, role: Role) -> None:
    adviser_id = tenant.adviser_id if role is Role.ADVISER else None
    client = factories.signed_in(app, tenant.scope, role, adviser_id=adviser_id)
    assert client.get("/leaving").status_code == 403
    assert client.post("/leaving/departure", data={"name": "某所"}).status_code == 403


def test_a_firm_that_may_only_read_takes_its_data_and_leaves(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, subscribed: Callable[[Tenant], None]
) -> None:
    subscribed(tenant)
    assert "现在只读" in as_manager.get("/leaving").text
    assert as_manager.post("/leaving/archives", data=given()).status_code == 303
    name = {"name": f"某某{tenant.code}律师事务所"}
    assert as_manager.post("/leaving/departure", data=name).status_code == 303
    assert as_manager.post("/leaving/withdrawal").status_code == 303


@pytest.fixture
def subscribed(app: Flask) -> Callable[[Tenant], None]:
    """What makes a firm read-only: the one date that its members carry."""

    def over(tenant: Tenant) -> None:
        with app.app_context(), as_platform():
            add_plan()
            plan = db.session.scalars(select(Plan).where(Plan.code == "standard")).one()
            yesterday = clock.today() - timedelta(days=1)
            made = Subscription(firm_id=tenant.firm_id, plan_id=plan.id, grace_from=yesterday)
            db.session.add(made)
            made.read_only_on = yesterday
            db.session.commit()

    return over


def test_asked_and_withdrawn(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    """Everybody of the firm is told meanwhile, and nobody else."""
    adviser = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    name = f"某某{tenant.code}律师事务所"
    wrong = as_manager.post("/leaving/departure", data={"name": "别的所"})
    assert wrong.status_code == 422
    assert f"与本所名称不一致。请原样输入：{name}" in wrong.text
    assert 'value="别的所"' in wrong.text
    assert as_manager.post("/leaving/departure", data={"name": name}).status_code == 303
    assert as_manager.post("/leaving/departure", data={"name": name}).status_code == 409
    day = clock.today() + timedelta(days=30)
    assert day.isoformat() in as_manager.get("/leaving").text
    assert "本所已申请离开平台" in adviser.get("/duty").text
    operator = factories.signed_in(app, deleting.PLATFORM, Role.OPERATOR)
    assert name in operator.get(f"/console/departures?q={tenant.code}&status=asked").text
    assert as_manager.post("/leaving/withdrawal").status_code == 303
    assert as_manager.post("/leaving/withdrawal").status_code == 409
    assert "本所已申请离开平台" not in adviser.get("/duty").text
    assert name in operator.get(f"/console/departures?q={tenant.code}&status=withdrawn").text
    told = [act for act in acts(app, tenant) if act.endswith("departure")]
    assert told == ["ask_departure", "withdraw_departure"]


def test_the_certificate(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, hurry: Callable[[UUID], None]
) -> None:
    """By its link for ninety days, to the operator for good; nobody of the firm signs in."""
    departure_id = asked(app, tenant)
    link = re.search(
        r'id="certificate-at" value="http://localhost([^"]+)"', as_manager.get("/leaving").text
    )
    assert link is not None
    stranger, paper = app.test_client(), f"{link[1]}/certificate.pdf"
    assert "还没有删除" in stranger.get(link[1]).text
    assert stranger.get(paper).status_code == 404
    hurry(departure_id)
    with app.app_context():
        deleting.run()
    assert as_manager.get("/leaving").status_code in (302, 303)
    page = stranger.get(link[1]).text
    assert "真实有效" in page
    sheets = PdfReader(BytesIO(stranger.get(paper).data)).pages
    words = "".join(sheet.extract_text() for sheet in sheets)
    plain = re.sub(r"\s", "", words)
    assert "数据删除证明" in plain
    assert f"某某{tenant.code}律师事务所" in plain
    digest = re.search(r"SHA-256）：([0-9a-f]{64})", plain)
    assert digest is not None
    assert digest[1] in page
    operator = factories.signed_in(app, deleting.PLATFORM, Role.OPERATOR)
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert "下载期限已过" in stranger.get(link[1]).text
        assert stranger.get(paper).status_code == 404
    kept = operator.get(f"/console/departures/{departure_id}/certificate.pdf")
    assert kept.data.startswith(b"%PDF-")


@pytest.mark.parametrize("code", ["0" * 32, "none", "不是代码"])
def test_an_unknown_certificate(app: Flask, code: str) -> None:
    answer = app.test_client().get(f"/certificates/{code}")
    assert answer.status_code == 404
    assert "查无此件" in answer.text


def test_no_code_yet(app: Flask) -> None:
    assert "页脚的二维码" in app.test_client().get("/certificates").text
