"""The pages of the firm and of the operator, and the door that Stripe knocks at."""

import json
import re
import time

import pytest
import urllib3
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from counselhub.billing import events
from counselhub.billing.models import Bill, StripeEvent
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, as_platform
from tests import factories
from tests.billing.conftest import Card
from tests.factories import Tenant
from tests.stripe.own import signature

DOOR = "/billing/stripe/events"
BILL = re.compile(r"/billing/bills/([0-9a-f-]{36})")
INVOICE = {"kind": "plain", "title": "某某律师事务所", "tax_number": "91350100M000100Y43"}


@pytest.fixture
def payee(app: Flask, paying: Tenant, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """The operator has named an account."""
    monkeypatch.setitem(app.config, "PAYEE", ("某某科技公司", "某某银行", "6222000000001"))
    return paying


def told(event_id: str) -> bytes:
    event = {
        "id": event_id,
        "object": "event",
        "type": "invoice.paid",
        "api_version": "",
        "created": int(time.time()),
        "data": {"object": {"object": "invoice", "customer": "cus_nobody"}},
    }
    return json.dumps(event).encode()


def knock(app: Flask, body: bytes, signed: str) -> int:
    headers = {"Stripe-Signature": signed, "Content-Type": "application/json"}
    return app.test_client().post(DOOR, data=body, headers=headers).status_code


def test_an_event_is_stored_once_and_asked_for_in_the_queue(app: Flask, card: Card) -> None:
    body = told(f"evt_{card.own.run}")
    assert [knock(app, body, signature(body)) for _twice in range(2)] == [200, 200]
    with app.app_context(), as_platform():
        ours = StripeEvent.id == f"evt_{card.own.run}"
        assert db.session.scalar(select(func.count()).where(ours)) == 1
        query = text("SELECT count(*) FROM jobs.procrastinate_jobs WHERE args->>'event_id' = :id")
        assert db.session.scalar(query, {"id": f"evt_{card.own.run}"}) == 1


@pytest.mark.parametrize(
    ("body", "secret", "age"),
    [
        pytest.param(b"{}", "whsec_other", 0, id="another key"),
        pytest.param(told("evt_old"), "", 301, id="too old"),
        pytest.param(b"no json", "", 0, id="no json"),
        pytest.param(b'{"object":"event"}', "", 0, id="no event"),
        pytest.param(b" " * (2**18 + 1), "", 0, id="too long"),
    ],
)
def test_what_stripe_did_not_say_is_refused(
    app: Flask, card: Card, body: bytes, secret: str, age: int
) -> None:
    at = int(time.time()) - age
    signed = signature(body, secret, at) if secret else signature(body, at=at)
    assert knock(app, body, signed) == 400
    assert knock(app, body, "") == 400


def test_without_keys_the_door_is_shut_and_the_page_says_how(
    app: Flask, payee: Tenant, as_manager: FlaskClient
) -> None:
    body = told("evt_early")
    assert knock(app, body, signature(body)) == 400
    shown = as_manager.get("/billing").text
    assert "COUNSELHUB_STRIPE_KEY" in shown
    assert "对公转账" in shown
    assert as_manager.post("/billing/checkout", data={"interval": "month"}).status_code == 422


def test_a_transfer_from_the_page_to_the_operator_and_back(
    app: Flask, payee: Tenant, as_manager: FlaskClient
) -> None:
    assert as_manager.post("/billing/orders", data={}).status_code == 422
    ordered = as_manager.post("/billing/orders", data={"interval": "month"})
    found = BILL.search(ordered.headers["Location"])
    assert found is not None
    page = f"/billing/bills/{found[1]}"
    shown = as_manager.get(page).text
    assert "6222000000001" in shown
    assert "198.00" in shown
    assert as_manager.post("/billing/orders", data={"interval": "month"}).status_code == 409
    wrong = INVOICE | {"tax_number": "91350100M000100Y44"}
    assert as_manager.post(f"{page}/invoice-request", data=wrong).status_code == 422
    special = INVOICE | {"kind": "special"}
    assert "专用发票必须填写" in as_manager.post(f"{page}/invoice-request", data=special).text
    assert as_manager.post(f"{page}/invoice-request", data=INVOICE).status_code == 303
    assert as_manager.get(f"{page}/bill.pdf").data.startswith(b"%PDF")
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    listed = operator.get("/console/billing").text
    assert found[1] in listed
    assert "91350100M000100Y43" in listed
    money = {"amount": "1", "on_day": clock.today().isoformat(), "bank_reference": found[1]}
    desk = f"/console/billing/{found[1]}"
    assert operator.post(f"{desk}/payments", data=money).status_code == 422
    assert operator.post(f"{desk}/payments", data=money | {"amount": "198"}).status_code == 303
    assert "已付清" in as_manager.get(page).text
    undoing = re.search(r'action="(/console/billing/payments/[^"]+)"', operator.get(desk).text)
    assert undoing is not None
    assert operator.post(undoing[1]).status_code == 303
    assert "待付款" in as_manager.get(page).text
    assert operator.post(f"{desk}/refusal", data={"words": "重复"}).status_code == 303
    assert "重复" in as_manager.get(page).text


def test_a_card_is_paid_on_stripes_own_page(card: Card, as_manager: FlaskClient) -> None:
    shown = as_manager.post("/billing/checkout", data={"interval": "year"})
    assert shown.status_code == 200
    url = re.search(r'href="(http://127\.0\.0\.1:[0-9]+/pay/[^"]+)"', shown.text)
    assert url is not None
    paid = urllib3.request("POST", url[1], redirect=False)
    assert paid.headers["Location"] == "http://localhost/billing"
    for body in card.own.events:
        assert knock(card.app, body, signature(body)) == 200
    with card.app.app_context():
        events.handle_waiting()
    shown_after = as_manager.get("/billing").text
    assert "银行卡（Stripe）" in shown_after
    assert as_manager.post("/billing/checkout", data={"interval": "year"}).status_code == 409
    assert as_manager.post("/billing/portal").status_code == 200
    assert as_manager.post("/billing/interval", data={"interval": "month"}).status_code == 303
    assert as_manager.post("/billing/cancellation").status_code == 303
    assert card.own.all("subscription")[0]["cancel_at_period_end"] is True
    assert as_manager.post("/billing/resumption").status_code == 303
    assert as_manager.post("/billing/refreshing").status_code == 303


def test_when_stripe_is_away_nothing_is_charged_and_the_page_says_so(
    card: Card, as_manager: FlaskClient
) -> None:
    card.own.is_away = True
    answer = as_manager.post("/billing/checkout", data={"interval": "month"})
    assert answer.status_code == 422
    assert "没有扣款" in answer.text


def test_another_firm_and_other_roles_see_nothing(
    app: Flask,
    payee: Tenant,
    as_manager: FlaskClient,
    as_outsider: FlaskClient,
    as_adviser: FlaskClient,
) -> None:
    ordered = as_manager.post("/billing/orders", data={"interval": "month"})
    place = ordered.headers["Location"]
    assert as_outsider.get(place).status_code == 404
    assert as_outsider.post(f"{place}/withdrawal").status_code == 404
    assert as_adviser.get("/billing").status_code == 403
    assert as_manager.get("/console/billing").status_code == 403
    assert as_manager.post(f"{place}/withdrawal").status_code == 303
    with app.app_context(), as_platform():
        mine = Bill.firm_id == payee.firm_id
        assert db.session.scalars(select(Bill.status).where(mine)).all() == ["void"]
