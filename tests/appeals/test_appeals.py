"""An appeal on its way: the firm makes it, the bureau decides it, nobody else sees it."""

from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.adjustments.models import Adjustment
from counselhub.appeals import actions
from counselhub.appeals.models import LineAppeal
from counselhub.appeals.states import AppealStatus
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind, as_scope
from counselhub.review import actions as review
from counselhub.statements.models import StatementLine
from counselhub.statements.states import RefusalReason
from tests import factories
from tests.counting import statements as counted
from tests.factories import Tenant, Town
from tests.review.factories import Made, at_office, officer
from tests.review.factories import statement as made_up
from tests.review.test_threads import PDF

S = AppealStatus


def bureau_of(town: Town) -> Scope:
    """The scope of the street's bureau."""
    return Scope(ScopeKind.BUREAU, town.street_code[:6])


def assessor(town: Town) -> Member:
    """An assessor of the district, for actions called directly."""
    return Member(uuid7(), "丁评估", Role.ASSESSOR, bureau_of(town), "测试司法局")


@pytest.fixture
def refused(app: Flask, town: Town, tenant: Tenant) -> UUID:
    """A lecture refused, and the statement signed: its id."""
    made = made_up(app, tenant, until=("certify", "submit", "open_review"))
    return refuse(app, town, made)


def refuse(app: Flask, town: Town, made: Made) -> UUID:
    """Refuse a statement's first lecture, sign the rest; return the line's id."""
    checker = officer(town)
    with at_office(app, town):
        line = made.lines("lecture")[0]
        line_id = line.id
        review.refuse(line, RefusalReason.NO_EVIDENCE, "没有签到表", by=checker)
        rest = [one.id for one in made.lines() if one.review == "pending"]
        review.accept_selected(made.get(), rest, by=checker)
        review.approve(made.get(), by=checker)
        review.sign(made.get(), by=officer(town, Role.APPROVER, "乙所长"))
    return line_id


def appeal(app: Flask, tenant: Tenant, line_id: UUID) -> UUID:
    """Let the firm appeal; return the appeal's id."""
    with app.test_request_context(), as_scope(tenant.scope):
        line = db.session.get_one(StatementLine, (tenant.firm_id, line_id))
        made = actions.appeal(line, "签到表在附件里", by=tenant.member()).id
        db.session.commit()
    return made


def decide(
    app: Flask, town: Town, key: tuple[UUID, UUID], outcome: AppealStatus, part: int | None = None
) -> None:
    """Let the bureau decide."""
    with app.test_request_context(), as_scope(bureau_of(town)):
        row = db.session.get_one(LineAppeal, key)
        actions.decide(row, outcome, "经核实", by=assessor(town), part_fen=part)
        db.session.commit()


@pytest.mark.parametrize(
    ("outcome", "part", "paid"),
    [
        pytest.param(S.UPHELD, None, [30_000], id="upheld"),
        pytest.param(S.PARTLY, 12_345, [12_345], id="a part"),
        pytest.param(S.DISMISSED, None, [], id="dismissed"),
    ],
)
def test_what_is_upheld_becomes_an_adjustment(
    app: Flask,
    town: Town,
    tenant: Tenant,
    refused: UUID,
    outcome: AppealStatus,
    part: int | None,
    paid: list[int],
) -> None:
    made = appeal(app, tenant, refused)
    decide(app, town, (tenant.firm_id, made), outcome, part)
    with app.test_request_context(), as_scope(tenant.scope):
        rows = db.session.scalars(db.select(Adjustment)).all()
        assert [row.amount_fen for row in rows] == paid
        assert {(row.cause, row.line_id) for row in rows} <= {("appeal", refused)}
    with pytest.raises(IllegalMoveError):
        decide(app, town, (tenant.firm_id, made), S.UPHELD)


def test_a_line_is_appealed_once_and_in_time(
    app: Flask, town: Town, tenant: Tenant, refused: UUID
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        line = db.session.get_one(StatementLine, (tenant.firm_id, refused))
        with pytest.raises(RefusedError, match="写明申诉的理由"):
            actions.appeal(line, " ", by=tenant.member())
        late = datetime(2027, 6, 1, tzinfo=clock.SHANGHAI)
        with clock.frozen(late), pytest.raises(RefusedError, match="已经过了"):
            actions.appeal(line, "晚了", by=tenant.member())
        actions.appeal(line, "签到表在附件里", by=tenant.member())
        with pytest.raises(ConflictError, match="申诉过"):
            actions.appeal(line, "再申诉", by=tenant.member())
        other = db.session.scalars(
            db.select(StatementLine).where(StatementLine.review == "accepted").limit(1)
        ).one()
        with pytest.raises(IllegalMoveError, match="不予支付"):
            actions.appeal(other, "不服", by=tenant.member())
        db.session.rollback()


@pytest.mark.parametrize(
    ("part", "said"), [pytest.param(30_000, "小于 300.00 元", id="all"), (None, "大于 0")]
)
def test_a_part_lies_between(
    app: Flask, town: Town, tenant: Tenant, refused: UUID, part: int | None, said: str
) -> None:
    made = appeal(app, tenant, refused)
    with pytest.raises(RefusedError, match=said):
        decide(app, town, (tenant.firm_id, made), S.PARTLY, part)


def test_from_the_statement_to_the_decision(
    app: Flask,
    town: Town,
    as_manager: FlaskClient,
    as_checker: FlaskClient,
    as_outsider: FlaskClient,
    refused: UUID,
) -> None:
    judge = factories.signed_in(app, bureau_of(town), Role.ASSESSOR)
    reader = factories.signed_in(app, bureau_of(town), Role.READER)
    where = f"/statements/refused/{refused}/appeal"
    assert "没有签到表" in as_manager.get(where).text
    assert as_outsider.get(where).status_code == 404
    assert as_manager.post(where, data={"words": " "}).status_code == 422
    sent = {"words": "签到表在附件里", "files": (BytesIO(PDF), "签到表.pdf")}
    answer = as_manager.post(where, data=sent)
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert as_manager.get(where).headers["Location"] == page, "once made it is shown"
    again = as_manager.post(where, data={"words": "再申诉"})
    assert again.status_code == 409
    assert "再申诉" in again.text, "what was typed is kept"
    for client in (as_manager, as_checker, judge, reader):
        assert "签到表在附件里" in client.get(page).text
        assert "/appeals/" in client.get("/appeals").text
    assert as_outsider.get(page).status_code == 404
    decision = {"outcome": "partly", "amount": "400", "words": "部分属实", "revision": 1}
    assert reader.post(f"{page}/decision", data=decision).status_code == 403
    wrong = judge.post(f"{page}/decision", data=decision)
    assert wrong.status_code == 422
    assert "部分支持的金额" in wrong.text
    decision["amount"] = "123.45"
    assert judge.post(f"{page}/decision", data=decision).status_code == 303
    assert judge.post(f"{page}/decision", data=decision).status_code == 409
    assert "部分支持" in as_manager.get(page).text


def test_the_list_is_a_few_statements(
    app: Flask, town: Town, tenant: Tenant, refused: UUID
) -> None:
    appeal(app, tenant, refused)
    reader = factories.signed_in(app, bureau_of(town), Role.READER)
    with counted() as sent:
        assert "还没有申诉" not in reader.get("/appeals").text
    assert len(sent) <= 8
    assert "没有符合条件" in reader.get("/appeals?q=无此律所").text
