"""A dossier from its first paper to the claw-back, by the people who touch it."""

import io
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.claims import dossier_queries as queries
from counselhub.claims.dossier_models import ClaimDossier
from counselhub.claims.models import CaseClaim
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.claims.conftest import LIST, claim_of, entry, put, ready
from tests.counting import statements
from tests.factories import Tenant
from tests.statements import work

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def id_of(address: str) -> UUID:
    return UUID(address.rpartition("/")[2])


def status_of(app: Flask, tenant: Tenant, address: str) -> str:
    with app.app_context(), as_scope(tenant.scope):
        row = queries.dossier_of(id_of(address))
        return row.status if row else ""


def declare(client: FlaskClient, address: str) -> None:
    data = {"claim": str(id_of(address)), "month": "2026-10"}
    assert (
        "已申报 1 件" in client.post("/claims/declaration", data=data, follow_redirects=True).text
    )


@pytest.fixture
def declared(as_manager: FlaskClient, tenant: Tenant, address: str) -> str:
    """The address of a declared claim."""
    ready(as_manager, tenant, address)
    declare(as_manager, address)
    return address


def test_what_is_missing_is_said_and_papers_complete_it(
    as_manager: FlaskClient, tenant: Tenant, address: str
) -> None:
    page = as_manager.get(f"{address}/dossier").text
    assert "还缺 2 样：" in page
    assert "民间纠纷受理调解登记表" in as_manager.get(LIST).text
    file = {"document": "register", "files": (io.BytesIO(PDF), "a.pdf")}
    assert as_manager.post(f"{address}/papers", data=file).status_code == 303
    again = {"document": "register", "files": (io.BytesIO(PDF), "b.pdf")}
    assert as_manager.post(f"{address}/papers", data=again).status_code == 303
    page = as_manager.get(f"{address}/dossier").text
    assert "已有 1 个文件" in page  # the same file twice is one
    put(as_manager, address, "minutes")
    assert "还缺" not in as_manager.get(f"{address}/dossier").text
    shown = page.partition('href="/claims/files/')[2].partition('"')[0]
    sent = as_manager.get(f"/claims/files/{shown}")
    assert sent.data == PDF
    assert "attachment" in sent.headers["Content-Disposition"]
    gone = as_manager.post(f"{address}/files/{shown}/removal", follow_redirects=True)
    assert "还缺 1 样：" in gone.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"document": "nonsense"}, "", id="no such document"),
        pytest.param({"document": "register", "state": "not_needed", "reason": "无"}, "主要文书",
                     id="DOSSIER-5 a main document"),
        pytest.param({"document": "cover", "state": "not_needed"}, "为什么不需要", id="no reason"),
        pytest.param({"document": "cover", "files": (io.BytesIO(b"text"), "a.txt")}, "第 1 个文件",
                     id="no picture"),
    ],
)  # fmt: skip
def test_bad_papers_are_refused(
    as_manager: FlaskClient, address: str, given: dict[str, str], words: str
) -> None:
    answer = as_manager.post(f"{address}/papers", data=given)
    assert answer.status_code == 422
    assert words in answer.text


def test_an_import_s_word_stands_until_the_checklist_is_asked(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, address: str
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        claim = db.session.get_one(CaseClaim, (tenant.firm_id, id_of(address)))
        claim.dossier_complete = claim.fulfilled = True
        db.session.commit()
    assert "导入声明" in as_manager.get(LIST).text
    put(as_manager, address, "register")
    assert "可申报" in as_manager.get(LIST).text
    done = as_manager.post(f"{address}/checking", follow_redirects=True).text
    assert "已改按清单核对" in done
    assert "准备中" in done
    assert as_manager.post(f"{address}/checking").status_code == 409


def test_only_ready_claims_are_declared_all_or_none(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, address: str
) -> None:
    ready(as_manager, tenant, address)
    as_manager.post("/claims", data=entry(tenant, number="AJ-2"))
    with app.app_context(), as_scope(tenant.scope):
        ids = [str(one) for one in db.session.scalars(db.select(CaseClaim.id))]
    answer = as_manager.post("/claims/declaration", data={"claim": ids})
    assert answer.status_code == 409
    assert "AJ-2 还没有履行" in answer.text
    assert status_of(app, tenant, address) != "claimed"
    nothing = as_manager.post("/claims/declaration")
    assert nothing.status_code == 422
    assert "请先勾选" in nothing.text


def test_a_declared_dossier_is_sealed_until_it_is_taken_back(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, declared: str
) -> None:
    sealed = as_manager.post(f"{declared}/papers", data={"document": "cover", "state": "on_paper"})
    assert sealed.status_code == 409
    assert "卷宗已随申报封存" in sealed.text
    stale = as_manager.post(f"{declared}/withdrawal", data={"revision": "999"})
    assert stale.status_code == 409
    assert as_manager.post(f"{declared}/withdrawal").status_code == 303
    assert status_of(app, tenant, declared) == "draft"
    declare(as_manager, declared)


def test_the_case_proposes_its_class_and_keeps_parties_sealed(
    app: Flask, as_manager: FlaskClient, address: str
) -> None:
    # Nothing is known yet: it begins the dossier, which is an act (tests/recording.py).
    assert as_manager.post(f"{address}/case", data={}).status_code == 303
    given = {"parties": "甄有其；贾如真", "persons": "12", "sittings": "2", "revision": ""}
    page = as_manager.post(f"{address}/case", data=given, follow_redirects=True).text
    assert "重大" in page
    assert "涉及 12 人" in page
    assert "甄**" in page
    assert "甄有其" not in page
    alone = as_manager.post(f"{address}/case", data={"parties": "甄有其"})
    assert alone.status_code == 422
    assert "至少有两方" in alone.text
    assert as_manager.post(f"{address}/case", data={"persons": "0"}).status_code == 422


def test_a_visit_is_recorded_by_phone(as_manager: FlaskClient, address: str) -> None:
    given = {"visit_on": "2026-10-12", "visit_way": "phone", "visit_result": "kept"}
    page = as_manager.post(f"{address}/visit", data=given, follow_redirects=True).text
    assert "协议已履行，没有反复" in page
    early = as_manager.post(f"{address}/visit", data=given | {"visit_on": "2026-10-01"})
    assert early.status_code == 422
    assert as_manager.post(f"{address}/visit", data={}).status_code == 422


def test_thresholds_are_the_firm_s(as_manager: FlaskClient) -> None:
    page = as_manager.get("/claims/scale")
    assert page.status_code == 200
    given = {f"{name}_{place}": str(place * 5) for name in ("persons", "amount", "sittings")
             for place in (1, 2, 3)}  # fmt: skip
    given["revision"] = ""
    assert as_manager.post("/claims/scale", data=given).status_code == 303
    assert 'value="15"' in as_manager.get("/claims/scale").text
    assert as_manager.post("/claims/scale", data=given).status_code == 409
    flat = as_manager.post("/claims/scale", data=given | {"persons_2": "5", "revision": "1"})
    assert flat.status_code == 422


def test_one_dispute_clashes_across_firms_and_tells_nothing_else(
    app: Flask, as_manager: FlaskClient, as_outsider: FlaskClient, tenant: Tenant,
    outsider: Tenant, address: str,
) -> None:  # fmt: skip
    theirs = entry(outsider, number="QT-88", dispute_kind="neighbour")
    assert as_outsider.post("/claims", data=theirs).status_code == 303
    other = claim_of(as_outsider)
    as_outsider.post(f"{other}/case", data={"parties": "贾如真、甄有其"})
    same = "当事人、类型和月份相同"
    assert same not in as_manager.get(f"{address}/dossier").text
    as_manager.post(f"{address}/case", data={"parties": "甄有其；贾如真"})
    page = as_manager.get(f"{address}/dossier").text
    assert f"{same}：2026-10" in page
    assert "QT-88" not in page
    assert "重复" in as_manager.get(LIST).text


def test_two_readers_decide_and_the_firm_sees_nothing_before(
    app: Flask, as_manager: FlaskClient, as_checker: FlaskClient, tenant: Tenant, declared: str
) -> None:
    review = f"/review{declared}"
    assert "AJ-1" in as_checker.get("/review/claims?tab=read").text
    bare = as_checker.post(f"{review}/reading", data={"difficulty": "simple", "verdict": "refuse"})
    assert bare.status_code == 422
    assert "要选一项原因" in bare.text
    given = {"difficulty": "simple", "verdict": "refuse", "reason": "disorder", "words": "页码不清"}
    assert as_checker.post(f"{review}/reading", data=given).status_code == 303
    assert "页码不清" not in as_manager.get(f"{declared}/dossier").text
    assert as_checker.post(f"{review}/confirmation", data={}).status_code == 403
    chief = factories.signed_in(app, tenant.town.scope, Role.APPROVER)
    assert chief.post(f"{review}/return", data={}).status_code == 422
    assert chief.post(f"{review}/confirmation", data={"revision": "99"}).status_code == 409
    assert chief.post(f"{review}/confirmation", data={"revision": "1"}).status_code == 303
    assert status_of(app, tenant, declared) == "refused"
    page = as_manager.get(f"{declared}/dossier").text
    assert "页码不清" in page
    assert "卷宗混乱" in page
    assert as_manager.post(f"{declared}/concession").status_code == 303
    assert "卷宗未齐" in as_manager.get(LIST).text
    assert as_manager.post(f"{declared}/mending").status_code == 303
    assert "可申报" in as_manager.get(LIST).text


def test_another_class_leaves_the_claim_declared(
    app: Flask, as_manager: FlaskClient, as_checker: FlaskClient, tenant: Tenant, declared: str
) -> None:
    review = f"/review{declared}"
    given = {"difficulty": "ordinary", "verdict": "accept"}
    as_checker.post(f"{review}/reading", data=given)
    chief = factories.signed_in(app, tenant.town.scope, Role.APPROVER)
    assert chief.post(f"{review}/confirmation", data={}).status_code == 303
    assert status_of(app, tenant, declared) == "claimed"
    assert "司法所认定为“普通”，您申报的是“简易”" in as_manager.get(f"{declared}/dossier").text
    assert "不一致" in as_checker.get("/review/claims?tab=class").text


def test_a_paid_claim_is_clawed_back_after_audit(
    app: Flask, as_manager: FlaskClient, as_checker: FlaskClient, tenant: Tenant, declared: str
) -> None:
    review = f"/review{declared}"
    given = {"reason": "false", "words": "回访查无此事"}
    assert as_checker.post(f"{review}/claw-back", data=given).status_code == 409
    with app.app_context(), as_scope(tenant.scope):
        row = db.session.get_one(ClaimDossier, (tenant.firm_id, id_of(declared)))
        row.status = "paid"  # as the payment of its statement leaves it
        db.session.commit()
    assert as_checker.post(f"{review}/claw-back", data={}).status_code == 422
    assert as_checker.post(f"{review}/claw-back", data=given).status_code == 303
    page = as_manager.get(f"{declared}/dossier").text
    assert "待下期扣回" in page
    assert "回访查无此事" in page


def test_papers_print(as_manager: FlaskClient, declared: str) -> None:
    for path in (f"{declared}/cover.pdf", "/claims/table.pdf?month=2026-10"):
        assert as_manager.get(path).data.startswith(b"%PDF-")
    assert as_manager.get("/claims/table.xlsx?month=2026-10").data.startswith(b"PK")


def test_strangers_and_other_roles(
    app: Flask, as_outsider: FlaskClient, as_checker: FlaskClient, tenant: Tenant, declared: str
) -> None:
    for path in (f"{declared}/dossier", f"{declared}/cover.pdf"):
        assert as_outsider.get(path).status_code == 404
        assert as_checker.get(path).status_code == 403
    assert as_outsider.post(f"{declared}/withdrawal").status_code == 404
    foreign = {"claim": str(id_of(declared))}
    assert as_outsider.post("/claims/declaration", data=foreign).status_code == 404
    finance = factories.signed_in(app, tenant.scope, Role.FINANCE)
    assert finance.get(f"{declared}/dossier").status_code == 403


def test_pages_ask_the_database_at_most_eight_times(
    as_manager: FlaskClient, as_checker: FlaskClient, declared: str
) -> None:
    for client, path in (
        (as_manager, LIST),
        (as_manager, f"{declared}/dossier"),
        (as_checker, "/review/claims"),
        (as_checker, f"/review{declared}"),
    ):
        with statements() as asked:
            assert client.get(path).status_code == 200
        assert len(asked) <= 8, (path, asked)


def test_legal_aid_and_subsidy_for_one_dispute_clash(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, address: str
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        record = work.lecture(tenant, date(2026, 10, 6), kind="legal_aid")
        service = str(record.id)
        db.session.commit()
    number = f"粤法援（2026）{tenant.code}号"
    done = as_manager.post(f"/claims/aid/{service}", data={"aid_number": number})
    assert done.status_code == 303
    assert number in as_manager.get(done.location).text
    as_manager.post(f"{address}/case", data={"aid_number": number.replace("（2026）", "(2026) ")})
    assert "已作为法律援助办理" in as_manager.get(f"{address}/dossier").text
    assert as_manager.post(f"/claims/aid/{service}", data={"aid_number": ""}).status_code == 303
    assert "已作为法律援助办理" not in as_manager.get(f"{address}/dossier").text
