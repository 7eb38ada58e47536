"""The whole way by the pages: asked in two taps, offered, taken, answered, told, closed."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from tests import factories
from tests.counting import statements
from tests.referrals.conftest import Firm

GIVEN = {"speciality": "labour", "urgency": "normal", "words": "九人欠薪，包工头失联"}


def post(who: FlaskClient, address: str, **data: object) -> str:
    answer = who.post(address, data=data)
    assert answer.status_code == 303, answer.status
    return str(answer.location)


def test_from_a_service_to_its_closing(firm: Firm, as_manager: FlaskClient) -> None:
    asker, taker = firm.client(firm.tenant.adviser_id), firm.client(firm.tenant.backup_id)
    ask = f"/services/{firm.service_id}/referral"
    assert ask in asker.get(f"/services/{firm.service_id}").text
    form = asker.get(ask).text
    assert "工地拖欠九人工资" in form
    assert '<option selected value="labour">' in form
    page = post(asker, ask, **GIVEN)
    assert "ZJ-2026-00001" in as_manager.get("/referrals").text
    shown = as_manager.get(page).text
    assert "核定，去选律师" in shown
    formation = post(as_manager, f"{page}/triage", urgency="normal", speciality="labour")
    assert formation == f"{page}/formation"
    ranked = as_manager.get(formation).text
    for words in ("李四光", "擅长这一类 40", "服务这个社区 15", "就是转出律师", "未检查"):
        assert words in ranked
    post(as_manager, formation, revision=str(firm.row(UUID(page[11:])).revision))
    assert "请您答复" in taker.get("/referrals").text
    assert "接收，由我承办" in taker.get(page).text
    post(taker, f"{page}/acceptance")
    post(taker, f"{page}/opinion", opinion="先行申请支付令，同时向劳动监察投诉。")
    post(asker, f"{page}/feedback", whom="both", told_on="2026-10-08", words="已告知可以申请支付令")
    post(asker, f"{page}/closing")
    row = firm.row(UUID(page[11:]))
    assert (row.status, row.due_at, row.receiver_id) == ("closed", None, firm.tenant.backup_id)
    told = as_manager.get(page).text
    way = (
        "提出转介",
        "分派：核定类别",
        "组队并发出征询",
        "接收",
        "给出意见",
        "向社区或当事人反馈",
        "办结",
    )
    assert all(words in told for words in way)


def test_a_service_is_referred_once(firm: Firm, asked: Callable[..., UUID]) -> None:
    asked()
    asker = firm.client(firm.tenant.adviser_id)
    ask = f"/services/{firm.service_id}/referral"
    assert "ZJ-2026-00001" in asker.get(ask).text
    again = asker.post(ask, data=GIVEN)
    assert again.status_code == 409
    assert "ZJ-2026-00001" in again.text
    kept = asker.post(f"/services/{firm.service_id}/removal")
    assert kept.status_code == 409
    assert "已经转介给团队" in kept.text


def test_nobody_else_finds_it(
    firm: Firm, asked: Callable[..., UUID], as_outsider: FlaskClient
) -> None:
    page = f"/referrals/{asked()}"
    fourth = firm.client(firm.fourth_id)
    for who in (fourth, as_outsider):
        assert who.get(page).status_code == 404
        assert "ZJ-2026" not in who.get("/referrals").text
        assert "ZJ-2026" not in who.get("/referrals/list").text
    finance = factories.signed_in(firm.app, firm.tenant.scope, Role.FINANCE)
    assert finance.get(page).status_code == 403
    assert fourth.post(f"/services/{firm.service_id}/referral", data=GIVEN).status_code == 404


def test_who_may_not_is_told_who_may(firm: Firm, formed: Callable[..., UUID]) -> None:
    page = f"/referrals/{formed()}"
    asker = firm.client(firm.tenant.adviser_id)
    assert asker.post(f"{page}/triage", data={}).status_code == 403
    refused = asker.post(f"{page}/acceptance", data={})
    assert (refused.status_code, "没有征询您" in refused.text) == (403, True)
    early = firm.client(firm.tenant.backup_id).post(f"{page}/opinion", data={"opinion": "x"})
    assert (early.status_code, "由承办律师或主任来做" in early.text) == (403, True)


def test_a_stale_page_and_a_blank_are_refused(
    firm: Firm, asked: Callable[..., UUID], as_manager: FlaskClient
) -> None:
    page = f"/referrals/{asked()}"
    stale = {"urgency": "normal", "speciality": "labour", "revision": "99"}
    assert as_manager.post(f"{page}/triage", data=stale).status_code == 409
    blank = as_manager.post(f"{page}/withdrawal", data={"words": " "})
    assert (blank.status_code, "请填写" in blank.text) == (422, True)
    strange = {"urgency": "none", "speciality": "labour"}
    assert as_manager.post(f"{page}/triage", data=strange).status_code == 422
    post(as_manager, f"{page}/withdrawal", words="当事人已和解")
    assert "当事人已和解" in as_manager.get(page).text
    assert as_manager.post(f"{page}/withdrawal", data={"words": "再撤"}).status_code == 409


def test_the_form_keeps_what_was_typed(firm: Firm) -> None:
    asker = firm.client(firm.tenant.adviser_id)
    given = GIVEN | {"words": "长" * 2001}
    answer = asker.post(f"/services/{firm.service_id}/referral", data=given)
    assert answer.status_code == 422
    assert "长" * 2001 in answer.text


@pytest.mark.parametrize(
    "page", ["/referrals", "/referrals/list?q=欠薪", "/teams", "{page}", "{page}/formation"]
)
def test_pages_ask_few_statements(
    firm: Firm, asked: Callable[..., UUID], as_manager: FlaskClient, page: str
) -> None:
    referral_id = asked()
    post(as_manager, f"/referrals/{referral_id}/triage", urgency="normal", speciality="labour")
    address = page.replace("{page}", f"/referrals/{referral_id}")
    as_manager.get(address)
    with statements() as sent:
        assert as_manager.get(address).status_code == 200
    own = [one for one in sent if "membership" not in one and "sign_in_session" not in one]
    assert len(own) <= 8, "\n".join(own)
