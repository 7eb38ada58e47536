"""From real records to a paid statement, through query, correction and resubmission."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.review import actions as office
from counselhub.review import queries
from counselhub.review.filters import CHANGED, LineFilter
from counselhub.statements import actions as firm
from counselhub.statements.models import StatementLine
from counselhub.statements.states import QueryReason
from counselhub.statements.thread_models import LineQuery
from tests import factories as people
from tests.factories import Tenant, Town
from tests.review.factories import Made, at_office, officer
from tests.statements import work


def submitted(app: Flask, tenant: Tenant) -> Made:
    """The worked example, computed from its records and submitted."""
    manager = tenant.member(Role.MANAGER)
    with app.test_request_context():
        work.example(tenant)
        with as_scope(tenant.scope):
            made = firm.compute(tenant.town.street_code, work.OCTOBER, manager)
            firm.certify(made, manager)
            firm.submit(made, manager)
            found = Made(made.id, tenant, made.number)
            db.session.commit()
    return found


def corrected(app: Flask, tenant: Tenant, made: Made) -> None:
    """The firm adds the visit that it had forgotten, works out again and submits again."""
    manager = tenant.member(Role.MANAGER)
    with app.test_request_context(), as_scope(tenant.scope):
        work.session(tenant, date(2026, 10, 30))
        found = firm.compute(tenant.town.street_code, work.OCTOBER, manager)
        firm.resubmit(found, manager)
        db.session.commit()


def shown(made: Made, view: str) -> list[StatementLine]:
    return list(queries.lines_page(made.get(), LineFilter(view=view), 1).items)


def test_the_whole_job(app: Flask, town: Town, tenant: Tenant, as_checker: FlaskClient) -> None:
    checker, approver = officer(town), officer(town, Role.APPROVER, "乙所长")
    with clock.frozen(work.NOVEMBER_3):
        made = submitted(app, tenant)
        with at_office(app, town):
            office.open_review(made.get(), by=checker)
            total_fen = made.get().total_fen
            asked = next(x for x in made.lines("shortfall") if x.amount_fen == -10_000)
            asked_id = asked.id
            office.query(asked, QueryReason.VISITS, "台账有四次到岗", by=checker)
            rest = [line.id for line in made.lines() if line.review == "pending"]
            office.accept_selected(made.get(), rest, by=checker)
            office.return_queried(made.get(), by=checker)
            before = {x.id: (x.amount_fen, x.quantity, x.trace) for x in made.lines()}
        corrected(app, tenant, made)
        with at_office(app, town):
            found = made.get()
            assert (found.status, found.version) == ("in_review", 2)
            assert found.total_fen == total_fen + 10_000
            [line] = shown(made, CHANGED)
            assert (line.id, line.review, line.amount_fen) == (asked_id, "pending", 0)
            assert line.previous == {"quantity": "2", "amount_fen": -10_000}
            assert all(
                before[x.id] == (x.amount_fen, x.quantity, x.trace)
                for x in made.lines()
                if x.review == "accepted"
            )
        page = as_checker.get(f"/review/{made.id}?view=changed").text
        assert "本次有变化" in page
        assert "<del" in page
        with at_office(app, town):
            office.accept(shown(made, CHANGED)[0], by=checker)
            office.approve(made.get(), by=checker)
            office.sign(made.get(), by=approver)
            found = made.get()
            office.pay(
                found,
                paid_on=clock.today(),
                amount_fen=found.payable_fen,
                reference="HD-1",
                by=checker,
            )
            assert made.get().status == "paid"


def test_an_answer_without_a_correction_is_shown_again(
    app: Flask, town: Town, tenant: Tenant
) -> None:
    checker, manager = officer(town), tenant.member(Role.MANAGER)
    with clock.frozen(work.NOVEMBER_3):
        made = submitted(app, tenant)
        with at_office(app, town):
            office.open_review(made.get(), by=checker)
            line = made.lines("lecture")[0]
            asked = office.query(line, QueryReason.LECTURE, "没有签到表", by=checker)
            key, line_id = (asked.firm_id, asked.id), line.id
            office.return_queried(made.get(), by=checker)
        with app.test_request_context(), as_scope(tenant.scope):
            office.reply(db.session.get_one(LineQuery, key), "已补签到表", by=manager)
            firm.resubmit(made.get(), manager)
            db.session.commit()
        with at_office(app, town):
            assert [line.id for line in shown(made, CHANGED)] == [line_id]
            assert made.lines("lecture")[0].review == "pending"


def test_two_checkers_at_the_very_same_time(app: Flask, town: Town, in_review: Made) -> None:
    clients = [people.signed_in(app, town.scope, Role.CHECKER) for _ in range(2)]
    with at_office(app, town):
        line = in_review.lines("lecture")[0]
        where = f"/review/{in_review.id}/lines/{line.id}/acceptance"
        data = {"revision": line.revision}
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda client: client.post(where, data=data), clients))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
