"""REV-4 and REV-5: lines carried over or refused pay nothing, and the total stays their sum."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.adjustments.models import Adjustment
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.review import actions
from counselhub.review.actions import Moved
from counselhub.statements import actions as firm
from counselhub.statements.document import document
from counselhub.statements.documents.rows import rows_of
from counselhub.statements.sealing import compared
from counselhub.statements.states import QueryReason, RefusalReason
from tests.factories import Tenant, Town
from tests.review.factories import Made, at_office, officer
from tests.review.test_whole_job import submitted as submitted_for_real
from tests.review.web import address
from tests.statements import work


@pytest.fixture
def real(app: Flask, town: Town, tenant: Tenant) -> Made:
    """A statement computed from records, in review."""
    with clock.frozen(work.NOVEMBER_3):
        made = submitted_for_real(app, tenant)
        with at_office(app, town):
            actions.open_review(made.get(), by=officer(town))
    return made


def ask_and_accept(made: Made, town: Town, kind: str = "lecture") -> Moved:
    """Ask about the first line of a kind, accept all others; return what is open."""
    checker = officer(town)
    line = made.lines(kind)[0]
    actions.query(line, QueryReason.LECTURE, "缺签到表", by=checker)
    rest = [one.id for one in made.lines() if one.review == "pending"]
    actions.accept_selected(made.get(), rest, by=checker)
    return Moved(1, line.amount_fen)


def sums(made: Made) -> tuple[int, int, int]:
    """The total, the sum of the lines, the sum of who pays."""
    found = made.get()
    return (
        found.total_fen,
        sum(line.amount_fen for line in made.lines()),
        sum(fen for _source, fen in found.funding),
    )


def test_part_approval_pays_the_rest_and_carries_the_open_lines(
    app: Flask, town: Town, tenant: Tenant, real: Made
) -> None:
    with clock.frozen(work.NOVEMBER_3), at_office(app, town):
        before_fen = real.get().total_fen
        asked = ask_and_accept(real, town)
        actions.approve(real.get(), by=officer(town), carrying=asked)
        line = real.lines("lecture")[0]
        assert (line.review, line.amount_fen, line.held_fen) == ("deferred", 0, asked.amount_fen)
        assert set(sums(real)) == {before_fen - asked.amount_fen}
        assert not db.session.scalars(db.select(Adjustment)).all(), "only the signature carries"
        actions.sign(real.get(), by=officer(town, Role.APPROVER, "乙所长"))
        row = db.session.scalars(db.select(Adjustment)).one()
        assert (row.amount_fen, row.cause, row.line_id) == (asked.amount_fen, "deferred", line.id)
        amounts = [one["amount_fen"] for one in document(real.get(), real.lines(), "F")["lines"]]
        assert sum(amounts) == real.get().total_fen
        remarks = [remark for row in rows_of(real.lines(), {}) for remark in row.remarks]
        assert remarks == ["讲座补贴300.00元结转下期"]
    with clock.frozen(work.NOVEMBER_3), app.test_request_context(), as_scope(tenant.scope):
        with db.engine.connect() as connection:
            assert [one for one in compared(connection, tenant.firm_id) if one] == []
        following = firm.compute(town.street_code, clock.today(), tenant.member(Role.MANAGER))
        again = [one for one in following.lines if one.kind == "adjustment"]
        assert [one.amount_fen for one in again] == [asked.amount_fen], "once, in the next one"
        db.session.rollback()


def test_a_deferred_line_is_not_paid_with_the_rest(app: Flask, town: Town, real: Made) -> None:
    with clock.frozen(work.NOVEMBER_3), at_office(app, town):
        asked = ask_and_accept(real, town)
        actions.approve(real.get(), by=officer(town), carrying=asked)
        approver = officer(town, Role.APPROVER, "乙所长")
        actions.sign(real.get(), by=approver)
        actions.pay(
            real.get(),
            paid_on=clock.today(),
            amount_fen=real.get().payable_fen,
            reference="HD-1",
            by=approver,
        )
        assert {(line.review, line.payment) for line in real.lines()} == {
            ("accepted", "paid"),
            ("deferred", "unpaid"),
        }


def test_sending_back_opens_what_was_carried(app: Flask, town: Town, real: Made) -> None:
    with clock.frozen(work.NOVEMBER_3), at_office(app, town):
        before = sums(real)
        asked = ask_and_accept(real, town)
        actions.approve(real.get(), by=officer(town), carrying=asked)
        actions.send_back(real.get(), "请先问清", by=officer(town, Role.APPROVER, "乙所长"))
        assert real.lines("lecture")[0].review == "queried"
        assert sums(real) == before


@pytest.mark.parametrize(
    "carrying",
    [pytest.param(None, id="not named"), pytest.param(Moved(1, 1), id="another sum")],
)
def test_what_is_carried_must_be_what_was_named(
    app: Flask, town: Town, real: Made, carrying: Moved | None
) -> None:
    with clock.frozen(work.NOVEMBER_3), at_office(app, town):
        ask_and_accept(real, town)
        with pytest.raises(ConflictError, match="现在有 1 项有疑问"):
            actions.approve(real.get(), by=officer(town), carrying=carrying)


def test_a_refused_line_pays_nothing_until_it_is_withdrawn(
    app: Flask, town: Town, real: Made
) -> None:
    checker = officer(town)
    with clock.frozen(work.NOVEMBER_3), at_office(app, town):
        before = sums(real)
        line = real.lines("lecture")[0]
        amount_fen = line.amount_fen
        actions.refuse(line, RefusalReason.NO_EVIDENCE, "没有签到表", by=checker)
        assert set(sums(real)) == {before[0] - amount_fen}
        assert (line.review, line.held_fen, line.refusal) == ("refused", amount_fen, "no_evidence")
        actions.withdraw_refusal(line, by=checker)
        assert (line.review, line.held_fen, line.refusal) == ("pending", 0, None)
        assert sums(real) == before
        assert [e.act for e in history.of(line)] == ["refuse", "withdraw_refusal"]


def test_a_refusal_stands_through_a_new_computation(
    app: Flask, town: Town, tenant: Tenant, real: Made
) -> None:
    checker = officer(town)
    with clock.frozen(work.NOVEMBER_3):
        with at_office(app, town):
            refused = real.lines("lecture")[0]
            actions.refuse(refused, RefusalReason.NOT_SERVED, "没有举办", by=checker)
            actions.query(real.lines("shortfall")[0], QueryReason.VISITS, "少一次", by=checker)
            actions.return_queried(real.get(), by=checker)
        with app.test_request_context(), as_scope(tenant.scope):
            firm.compute(town.street_code, real.get().month, tenant.member(Role.MANAGER))
            line = next(one for one in real.lines("lecture") if one.review == "refused")
            assert line.amount_fen == 0
            assert len(set(sums(real))) == 1
            db.session.rollback()


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        pytest.param("lecture", " ", "写明不予支付的理由", id="no words"),
        pytest.param("lecture", "缺{材料}", "材料", id="an open blank"),
        pytest.param("withhold", "不付", "没有应付金额", id="nothing to pay"),
    ],
)
def test_what_is_no_refusal(
    app: Flask, town: Town, in_review: Made, kind: str, words: str, said: str
) -> None:
    with at_office(app, town):
        line = in_review.lines(kind)[0]
        with pytest.raises(RefusedError, match=said):
            actions.refuse(line, RefusalReason.OTHER, words, by=officer(town))
        assert line.review == "pending"


def test_the_confirmation_names_what_is_paid_and_what_is_carried(
    app: Flask, town: Town, as_checker: FlaskClient, real: Made
) -> None:
    with clock.frozen(work.NOVEMBER_3):
        with at_office(app, town):
            asked = ask_and_accept(real, town)
        page = as_checker.get(address(real)).text
        assert "部分通过，疑问结转下期" in page
        assert "1 项疑问、300.00 元结转下期" in page
        sent = {"lines": 1, "amount_fen": asked.amount_fen}
        assert as_checker.post(address(real, "approval"), data=sent).status_code == 303
        page = as_checker.get(address(real)).text
        assert "1 项不付或结转，共 300.00 元" in page


def test_refusing_on_the_page(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    with at_office(app, town):
        line = in_review.lines("lecture")[0]
        line_id, seen = line.id, line.revision
    where = address(in_review, "lines", line_id, "refusal")
    sent = {"refusal-reason": "outside", "refusal-words": " ", "refusal-revision": seen}
    refused = as_checker.post(where, data=sent)
    assert refused.status_code == 422
    assert "请写明理由" in refused.text
    sent["refusal-words"] = "讲座不在方案内"
    assert as_checker.post(where, data=sent).status_code == 303
    stale = as_checker.post(where, data=sent)
    assert stale.status_code == 409
    assert "讲座不在方案内" in as_checker.get(address(in_review, "lines", line_id)).text
    undone = as_checker.post(f"{where}/withdrawal", data={"revision": seen + 1})
    assert undone.status_code == 303
