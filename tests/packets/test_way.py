"""A packet from one firm to another: what each side sees, answers, revocation, its end."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from counselhub.core import clock, data_keys
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.permissions import Role
from counselhub.core.sealing import KeyRing
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.packets import expiring, nightly, seals
from counselhub.packets.models import Packet, PacketFile, PacketReceived
from counselhub.people import actions as people
from counselhub.people.models import Firm
from tests import factories
from tests.counting import statements
from tests.packets.conftest import MASKED, NAME, PDF, PHONE, Two
from tests.referrals.conftest import NOON

WORDS = "九人欠薪，包工头失联"
NOTE = "工地拖欠九人工资，包工头失联"


def acts(two: Two, sent: str, *, there: bool) -> list[Event]:
    here, away = two.rows(sent)
    scope, row = (two.other.scope, away) if there else (two.firm.tenant.scope, here)
    with two.firm.app.test_request_context(), as_scope(scope):
        query = db.select(Event).where(Event.subject_id == row.id).order_by(Event.at, Event.id)
        return list(db.session.scalars(query.where(Event.firm_id == row.firm_id)))


def test_the_form_shows_what_would_leave(two: Two) -> None:
    page = two.sender.get(f"{two.referral}/packets/new").text
    assert WORDS in page
    assert NOTE in page
    assert MASKED in page


def test_the_receiver_sees_nothing_before_the_check_and_only_the_ticked_after(two: Two) -> None:
    sent = two.send()
    page = two.there(sent)
    assert WORDS not in two.receiver.get("/packets").text
    before = two.receiver.get(page).text
    assert "先查利益冲突" in before
    assert two.receiver.post(f"{page}/opening").status_code == 409  # PACK-1
    assert two.receiver.post(f"{page}/check").status_code == 303
    checked = two.receiver.get(page).text
    assert "未发现冲突" in checked
    for text in (before, checked):
        assert not {one for one in (WORDS, NOTE, NAME, PHONE, MASKED) if one in text}
    assert two.receiver.post(f"{page}/opening").status_code == 303
    after = two.receiver.get(page).text
    assert WORDS in after
    assert MASKED in after
    assert not {one for one in (NOTE, NAME, PHONE) if one in after}
    assert "对方已查看" in two.sender.get(sent).text


def test_a_client_who_agrees_is_named(two: Two) -> None:
    _sent, page = two.opened(shows_client="y")
    assert f"{NAME} {PHONE}" in two.receiver.get(page).text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"to_name": "没有的律师事务所"}, "没有找到这家律所", id="no such firm"),
        pytest.param({"fields": None}, "请至少勾选一项", id="nothing chosen"),
        pytest.param({"fields": ["secret"]}, "aria-invalid", id="no such field"),
        pytest.param({"consent_on": "2026-10-09"}, "不能晚于今天", id="PACK-4 future"),
        pytest.param({"consent_on": "2026-03-01"}, "已超过半年", id="PACK-4 old"),
        pytest.param({"paper": None}, "请上传当事人签字的同意书", id="no consent"),
        pytest.param({"paper": "text"}, "这不是 PDF", id="no file"),
        pytest.param({"days": "90"}, "aria-invalid", id="no such term"),
    ],
)
def test_what_cannot_be_sent_comes_back(two: Two, changed: dict[str, Any], sentence: str) -> None:
    answer = two.sender.post(f"{two.referral}/packets", data=two.form(**changed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "还没有发出" in two.sender.get("/packets?tab=sent").text
    assert "还没有收到" in two.receiver.get("/packets").text


def firm_called(two: Two, name: str, *, closed: bool = False) -> UUID:
    """Make a firm of this name; return its id."""
    with two.firm.app.test_request_context(), as_platform():
        made = people.create_firm(f"n{factories.number()}", name)
        made.closed_at = clock.now() if closed else None
        db.session.commit()
        return made.id


def receiver_of(two: Two, **changed: Any) -> UUID:
    """Send a packet and take it back; returns whom it went to."""
    sent = two.send(**changed)
    assert two.sender.post(f"{sent}/revocation").status_code == 303
    with two.firm.inside():
        packet_id = UUID(sent.rpartition("/")[2])
        return db.session.get_one(Packet, (two.firm.tenant.firm_id, packet_id)).to_firm_id


def test_a_closed_firm_gets_nothing(two: Two) -> None:
    name = f"某丙{factories.number()}所"
    firm_called(two, name, closed=True)
    answer = two.sender.post(f"{two.referral}/packets", data=two.form(to_name=name))
    assert (answer.status_code, "没有找到这家律所" in answer.text) == (422, True)
    right = firm_called(two, name)
    assert receiver_of(two, to_name=name) == right


def test_of_two_firms_of_one_name_a_code_tells(two: Two) -> None:
    name, credit_code = f"某丁{factories.number()}所", f"31440000Q{factories.number():09d}"
    first, second = firm_called(two, name), firm_called(two, name)
    answer = two.sender.post(f"{two.referral}/packets", data=two.form(to_name=name))
    assert (answer.status_code, "不止一家律所叫这个名称" in answer.text) == (422, True)
    assert name in answer.text
    with two.firm.app.test_request_context(), as_platform():
        code = db.session.get_one(Firm, first).code
        db.session.get_one(Firm, second).credit_code = credit_code
        db.session.commit()
    assert receiver_of(two, to_name=code) == first
    assert receiver_of(two, to_name=credit_code.lower()) == second


def test_one_packet_of_a_referral_stands_at_a_time(two: Two) -> None:
    sent = two.send()
    again = two.sender.post(f"{two.referral}/packets", data=two.form())
    assert (again.status_code, "已经转给一家律所" in again.text) == (409, True)
    assert two.sender.post(f"{sent}/revocation").status_code == 303
    assert two.send() != sent
    stale = two.sender.post(f"{two.referral}/packets", data=two.form(revision="0"))
    assert stale.status_code == 409


def test_an_answer_reaches_the_sender_without_a_name(two: Two) -> None:
    sent, page = two.opened()
    assert two.receiver.post(f"{page}/acceptance", data={"words": "由本所承办"}).status_code == 303
    text = two.sender.get(sent).text
    assert "对方已接收" in text
    assert "由本所承办" in text
    assert WORDS in two.receiver.get(page).text
    assert two.receiver.post(f"{page}/acceptance").status_code == 409
    assert two.receiver.post(f"{page}/refusal", data={"why": "busy"}).status_code == 409
    ours, theirs = acts(two, sent, there=False), acts(two, sent, there=True)
    assert [one.act for one in ours] == ["send", "open", "accept"]
    assert [one.act for one in theirs] == ["receive", "check_packet", "open", "accept"]
    foreign = [*ours[1:], theirs[0]]
    assert {one.actor_id for one in foreign} == {None}
    assert {one.address for one in foreign} == {""}
    assert {one.actor_name for one in ours[1:]} == {two.other_name}
    for one in (*ours, *theirs):
        assert not {w for w in (WORDS, NAME, PHONE, "由本所承办") if w in str(one.changes)}
        assert one.detail == {}


def test_a_refusal_erases_what_was_sent(two: Two) -> None:
    sent = two.send()
    page = two.there(sent)
    bare = two.receiver.post(f"{page}/refusal", data={})
    assert (bare.status_code, "请选择" in bare.text) == (422, True)
    given = {"why": "busy", "words": "本月排满"}
    assert two.receiver.post(f"{page}/refusal", data=given).status_code == 303
    here, there = two.rows(sent)
    assert (here.status, there.status, there.sealed) == ("declined", "declined", None)
    text = two.sender.get(sent).text
    assert "近期无法承办" in text
    assert "本月排满" in text
    assert WORDS in text  # the sender keeps what it sent
    assert two.sender.post(f"{sent}/revocation").status_code == 409


@pytest.mark.parametrize("is_accepted", [False, True], ids=["waiting", "accepted"])
def test_a_revocation_erases_it_there_and_leaves_a_trace(two: Two, is_accepted: bool) -> None:
    sent, page = two.opened()
    if is_accepted:
        two.receiver.post(f"{page}/acceptance")
    stale = two.sender.post(f"{sent}/revocation", data={"revision": "1"})
    assert stale.status_code == 409
    assert two.sender.post(f"{sent}/revocation").status_code == 303
    text = two.receiver.get(page).text
    assert "对方已撤回" in text
    assert WORDS not in text
    assert two.rows(sent)[1].sealed is None
    assert two.receiver.post(f"{page}/acceptance").status_code == 409
    assert acts(two, sent, there=True)[-1].act == "revoke"


def test_past_a_possible_conflict_only_the_manager_reads(two: Two, named: Any) -> None:
    named("李四光", "13800000009")  # whose name a lawyer of the receiver has
    sent = two.send()
    page = two.there(sent)
    assert two.clerk.post(f"{page}/check").status_code == 303
    text = two.clerk.get(page).text
    assert "可能有冲突" in text
    assert "李四光" not in text
    assert two.clerk.post(f"{page}/opening", data={"words": "x"}).status_code == 403
    bare = two.receiver.post(f"{page}/opening")
    assert (bare.status_code, "怎么核实的" in bare.text) == (422, True)
    assert two.receiver.post(f"{page}/opening", data={"words": "同名"}).status_code == 303
    assert "同名" not in two.sender.get(sent).text


def test_what_nobody_answers_ends_on_both_sides(two: Two) -> None:
    sent, page = two.opened()
    with clock.frozen(NOON + timedelta(days=7)):
        receiver = factories.signed_in(two.firm.app, two.other.scope, Role.MANAGER)
        late = receiver.post(f"{page}/acceptance")
        assert (late.status_code, "期限已过" in late.text) == (409, True)
        with two.firm.app.test_request_context():
            nightly.run()
            nightly.run()
    here, there = two.rows(sent)
    assert (here.status, there.status, there.sealed) == ("expired", "expired", None)
    assert [one.act for one in acts(two, sent, there=True)][-1] == "expire"


def test_the_office_knows_that_but_not_what(two: Two, office: FlaskClient) -> None:
    sent, page = two.opened()
    two.receiver.post(f"{page}/acceptance", data={"words": "由本所承办"})
    with statements() as asked:
        known = office.get("/packets/known").text
    assert len(asked) <= 8, asked
    assert two.other_name in known
    assert "对方已接收" in known
    assert not {w for w in (WORDS, NOTE, NAME, PHONE, MASKED, "由本所承办") if w in known}
    assert office.get(sent).status_code == 403
    assert office.get(page).status_code == 403
    assert two.other_name in office.get(f"/packets/known?q={two.other_name}").text
    assert "没有符合条件" in office.get("/packets/known?q=没有的").text


def test_neither_firm_opens_the_others_page(two: Two) -> None:
    sent, page = two.opened()
    assert two.receiver.get(sent).status_code == 404
    assert two.sender.get(page).status_code == 404
    assert two.receiver.post(f"{sent}/consent").status_code == 404
    third = factories.tenant(two.firm.app, two.firm.tenant.town)
    stranger = factories.signed_in(two.firm.app, third.scope, Role.MANAGER)
    assert {stranger.get(one).status_code for one in (sent, page)} == {404}
    adviser = two.firm.client(two.firm.tenant.adviser_id)
    assert adviser.get("/packets").status_code == 403


def test_the_consent_comes_back_as_it_was(two: Two) -> None:
    sent = two.send()
    answer = two.sender.post(f"{sent}/consent")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert acts(two, sent, there=False)[-1].act == "read_consent"


def test_without_a_client_it_cannot_be_checked_and_is_not_sent(two: Two) -> None:
    with two.firm.inside():
        db.session.execute(db.text("DELETE FROM service_client"))
        db.session.commit()
    assert "还没有登记服务对象" in two.sender.get(f"{two.referral}/packets/new").text
    answer = two.sender.post(f"{two.referral}/packets", data=two.form(fields=["words"]))
    assert (answer.status_code, "先在来源记录上登记" in answer.text) == (422, True)


def test_the_lists_ask_little(two: Two) -> None:
    two.send()
    for client, page in ((two.sender, "/packets?tab=sent"), (two.receiver, "/packets")):
        with statements() as asked:
            assert client.get(page).status_code == 200
        assert len(asked) <= 8, asked


def test_what_was_sent_goes_when_its_time_is_over(two: Two) -> None:
    sent = two.send()
    until = NOON + timedelta(days=1)
    for scope, model in ((two.firm.tenant.scope, PacketFile), (two.other.scope, PacketReceived)):
        with two.firm.app.test_request_context(), as_scope(scope):
            due = list(db.session.scalars(expiring.due(until)))
            assert [str(one) for one in due] == [sent.rpartition("/")[2]]
            by = (two.firm.tenant if model is PacketFile else two.other).member()
            assert expiring.wipe(due, by=by, days=1095) == 1
            db.session.commit()
            assert list(db.session.scalars(expiring.due(until))) == []
    assert "已按保存期限清除" in two.sender.get(sent).text
    assert two.sender.post(f"{sent}/consent").status_code == 404


def test_packets_are_sealed_anew(two: Two) -> None:
    sent = two.send()
    with two.firm.app.test_request_context():
        old = data_keys.ring()
        ring = KeyRing({"fresh": b"n" * 32} | old.keys)
        resealed, needed = seals.reseal(ring)
        db.session.rollback()
    assert resealed >= 2
    assert needed == set()
    assert two.rows(sent)[1].sealed is not None
