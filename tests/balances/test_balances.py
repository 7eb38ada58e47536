"""A statement of account drawn up, disputed, settled, confirmed by both sides."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.balances import actions
from counselhub.balances.models import Balance, BalanceDispute
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, as_scope
from counselhub.receipts import actions as receipts
from counselhub.receipts.actions import Share
from tests import factories
from tests.counting import statements
from tests.factories import Tenant, Town
from tests.receipts import make
from tests.review.factories import Made, officer


@pytest.fixture
def due(app: Flask, tenant: Tenant) -> tuple[Made, int]:
    """A paid statement, and what was paid."""
    return make.paid(app, tenant)


@contextmanager
def working(app: Flask, scope: Scope) -> Iterator[None]:
    with app.test_request_context(), as_scope(scope):
        yield
        db.session.commit()


def drawn(app: Flask, tenant: Tenant, by: Member | None = None) -> UUID:
    """The account of the running year."""
    with working(app, tenant.scope):
        first = clock.today().replace(month=1, day=1)
        street = tenant.town.street_code
        by = by or make.finance(tenant)
        return actions.draw_up(tenant.firm_id, street, first, clock.today(), by=by).id


def row(tenant: Tenant, key: UUID) -> Balance:
    return db.session.get_one(Balance, (tenant.firm_id, key))


def test_both_sides_confirm_and_it_is_frozen(
    app: Flask, tenant: Tenant, town: Town, due: tuple[Made, int]
) -> None:
    key = drawn(app, tenant)
    with working(app, tenant.scope):
        found = row(tenant, key)
        assert found.figures["on_way"] == due[1]
        assert found.figures["unpaid"] == 0
        actions.confirm(found, by=tenant.member(), revision=found.revision)
        with pytest.raises(ConflictError, match="本方已经确认过"):
            actions.confirm(found, by=tenant.member())
    with working(app, town.scope):
        actions.confirm(row(tenant, key), by=officer(town, Role.APPROVER))
        assert row(tenant, key).status == "confirmed"
        with pytest.raises(ConflictError, match="已冻结"):
            actions.refresh(row(tenant, key), by=officer(town))


def test_a_dispute_stands_in_the_way_until_it_is_settled(
    app: Flask, tenant: Tenant, town: Town, due: tuple[Made, int]
) -> None:
    key = drawn(app, tenant)
    clerk, checker = make.finance(tenant), officer(town)
    with working(app, tenant.scope):
        found = row(tenant, key)
        actions.confirm(found, by=clerk)
    with working(app, town.scope):
        found = row(tenant, key)
        line = found.entries[0]["key"]
        dispute = actions.dispute(found, line, "金额应为 3,600.00", by=checker).id
        assert found.firm_confirmed_at is None
        with pytest.raises(RefusedError, match="请写明哪里不符"):
            actions.dispute(found, "", " ", by=checker)
        with pytest.raises(RefusedError, match="从列出的账目里选择"):
            actions.dispute(found, "due:nonsense", "不符", by=checker)
        with pytest.raises(ForbiddenError, match="等对方答复"):
            actions.answer(_dispute(tenant, dispute), "答", by=checker)
    with working(app, tenant.scope):
        with pytest.raises(ConflictError, match="还有没了结的异议"):
            actions.confirm(row(tenant, key), by=clerk)
        with pytest.raises(ForbiddenError, match="由对方了结"):
            actions.settle(_dispute(tenant, dispute), by=clerk)
        actions.answer(_dispute(tenant, dispute), "以审定单为准", by=clerk)
    with working(app, town.scope):
        actions.settle(_dispute(tenant, dispute), by=checker)
        with pytest.raises(ConflictError, match="已经了结"):
            actions.settle(_dispute(tenant, dispute), by=checker)
        actions.confirm(row(tenant, key), by=checker)


def _dispute(tenant: Tenant, key: UUID) -> BalanceDispute:
    return db.session.get_one(BalanceDispute, (tenant.firm_id, key))


def test_what_changed_since_is_drawn_up_anew(
    app: Flask, tenant: Tenant, due: tuple[Made, int]
) -> None:
    made, fen = due
    key = drawn(app, tenant)
    by = make.finance(tenant)
    with working(app, tenant.scope), pytest.raises(ConflictError, match="没有变化"):
        actions.refresh(row(tenant, key), by=by)
    receipt = make.receipt(app, tenant, fen)
    with working(app, tenant.scope):
        receipts.allocate([Share(receipt, {made.id: fen})], by=by)
        with pytest.raises(ConflictError, match="出具之后账目有变化"):
            actions.confirm(row(tenant, key), by=by)
        actions.refresh(row(tenant, key), by=by)
        assert row(tenant, key).figures["closing"] == 0


def test_a_wrong_period_and_the_same_one_twice(
    app: Flask, tenant: Tenant, due: tuple[Made, int]
) -> None:
    drawn(app, tenant)
    with pytest.raises(ConflictError, match="已经出具"):
        drawn(app, tenant)
    today, street = clock.today(), tenant.town.street_code
    with working(app, tenant.scope):
        for first, last in ((today, today - timedelta(1)), (today, today + timedelta(1))):
            with pytest.raises(RefusedError, match="期间的开始"):
                actions.draw_up(tenant.firm_id, street, first, last, by=make.finance(tenant))


def test_pages_of_both_sides(
    app: Flask,
    tenant: Tenant,
    town: Town,
    due: tuple[Made, int],
    as_manager: FlaskClient,
    as_checker: FlaskClient,
    as_approver: FlaskClient,
) -> None:
    today = clock.today()
    sent = {
        "partner": f"{tenant.firm_id}.{town.street_code}",
        "first_on": today.replace(month=1, day=1).isoformat(),
        "last_on": today.isoformat(),
    }
    early = as_manager.post("/balances", data=sent | {"last_on": "2020-01-01"})
    assert early.status_code == 422
    page = as_manager.post("/balances", data=sent).headers["Location"]
    for client in (as_manager, as_checker):
        for address in ("/balances?q=测试", page):
            with statements() as asked:
                assert client.get(address).status_code == 200
            assert len(asked) <= 8, address
    assert due[0].number in as_checker.get(page).text
    for ending in ("balance.pdf", "balance.xlsx"):
        assert as_checker.get(f"{page}/{ending}").data[:4] in (b"%PDF", b"PK\x03\x04")
    bare = as_checker.post(f"{page}/disputes", data={"line": "", "words": ""})
    assert bare.status_code == 422
    stale = as_manager.post(f"{page}/confirmation", data={"revision": "9"})
    assert stale.status_code == 409
    assert as_manager.post(f"{page}/refreshing").status_code == 409
    done = as_checker.post(f"{page}/disputes", data={"line": "", "words": "少一笔"})
    assert done.status_code == 303
    shown = as_manager.get(page).text
    dispute = next(part[:-7] for part in shown.split('"') if part.endswith("/answer"))
    assert as_manager.post(f"{dispute}/answer", data={}).status_code == 422
    assert as_manager.post(f"{dispute}/answer", data={"words": "下月补"}).status_code == 303
    assert as_manager.post(f"{dispute}/settlement").status_code == 403
    assert as_checker.post(f"{dispute}/settlement").status_code == 303
    assert as_manager.post(f"{page}/confirmation").status_code == 303
    assert as_checker.post(f"{page}/confirmation").status_code == 403
    assert as_approver.post(f"{page}/confirmation").status_code == 303
    assert "双方已确认" in as_manager.get(page).text
    other = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    assert other.get(page).status_code == 404


def test_without_anything_to_settle(as_outsider: FlaskClient) -> None:
    assert "还没有可以对账的往来" in as_outsider.get("/balances").text
