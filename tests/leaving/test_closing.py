"""A firm that was made by mistake is closed by the operator; one in which work was done is not."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core import sender
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.sender import WaitingLink
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, as_platform
from counselhub.honey.actions import plant_in
from counselhub.honey.queries import planted
from counselhub.joining.actions import Contact, Entry, sign_up
from counselhub.joining.kinds import Outcome
from counselhub.leaving import closing, deleting
from counselhub.people.departures import Departure
from counselhub.people.models import Firm, Person
from counselhub.people.queries import every_paying_firm
from counselhub.people.states import DepartureStatus
from tests import counting, factories
from tests.factories import Tenant
from tests.isolation.world import World
from tests.leaving.conftest import departure_of


@pytest.fixture
def operator(app: Flask) -> FlaskClient:
    return factories.signed_in(app, PLATFORM, Role.OPERATOR)


@pytest.fixture
def entry() -> Entry:
    """What a firm says of itself at the sign-up."""
    serial = f"{factories.number():08d}"
    contact = Contact("某某", f"wrong-{serial}@example.test", "13800000000")
    return Entry(f"某某{serial}律师事务所", f"31440000{serial}XX", f"23144{serial}", contact)


def enter(app: Flask, entry: Entry) -> Outcome:
    with app.test_request_context():
        outcome = sign_up(entry)
        db.session.commit()
    return outcome


def firm_named(app: Flask, name: str) -> Firm:
    """Return the open firm of this name."""
    with app.app_context(), as_platform():
        query = select(Firm).where(Firm.name == name, Firm.closed_at.is_(None))
        found = db.session.scalars(query).one()
        db.session.expunge_all()
        return found


@pytest.fixture
def mistaken(app: Flask, entry: Entry) -> Firm:
    """A firm that signed up and did nothing yet."""
    assert enter(app, entry) is Outcome.MADE
    return firm_named(app, entry.firm_name)


def path(firm: Firm) -> str:
    return f"/console/firms/{firm.code}/closing"


def departures_of(app: Flask, firm_id: UUID) -> list[Departure]:
    with app.app_context(), as_platform():
        found = list(db.session.scalars(select(Departure).where(Departure.firm_id == firm_id)))
        db.session.expunge_all()
        return found


def test_what_was_a_mistake_is_closed_and_may_be_made_anew(
    app: Flask, operator: FlaskClient, mistaken: Firm, entry: Entry
) -> None:
    assert path(mistaken) in operator.get(f"/console/firms/{mistaken.code}").text
    with counting.statements() as asked:
        page = operator.get(path(mistaken)).text
    assert len(asked) <= 8
    assert f"将关闭{mistaken.name}（{mistaken.code}）" in page
    assert enter(app, entry) is Outcome.KNOWN_FIRM
    answer = operator.post(path(mistaken))
    assert answer.status_code == 303
    after = operator.get(answer.headers["Location"]).text
    assert "已关闭" in after
    assert "开错的" not in after
    assert "还没有用过" not in after
    assert operator.get(path(mistaken)).status_code == 404
    assert enter(app, entry) is Outcome.MADE
    assert firm_named(app, entry.firm_name).id != mistaken.id


def test_its_people_are_out_and_the_night_counts_nothing(
    app: Flask, operator: FlaskClient, mistaken: Firm, entry: Entry
) -> None:
    scope = Scope(ScopeKind.FIRM, str(mistaken.id))
    clerk = factories.signed_in(app, scope, Role.CLERK)
    assert clerk.get("/account").status_code == 200
    with app.app_context():
        assert (mistaken.id, mistaken.code) in every_paying_firm()
    operator.post(path(mistaken))
    assert clerk.get("/account").status_code in (302, 303)
    with app.app_context(), as_platform():
        assert mistaken.id not in {firm_id for firm_id, _code in every_paying_firm()}
        assert (
            db.session.scalar(select(Person.id).where(Person.email == entry.contact.email)) is None
        )


def test_no_link_of_it_waits_and_no_letter_leaves(
    app: Flask,
    operator: FlaskClient,
    mistaken: Firm,
    entry: Entry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scope = Scope(ScopeKind.FIRM, str(mistaken.id))
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:9")
    manager = factories.signed_in(app, scope, Role.MANAGER)
    guest = f"guest-{factories.number()}@example.test"
    manager.post("/invitations", data={"guests": f"某乙 {guest}", "role": "clerk"})
    ours = {entry.contact.email, guest}
    assert ours <= waiting(app)
    assert entry.firm_name in operator.get("/console/links").text
    operator.post(path(mistaken))
    assert not ours & waiting(app)


def waiting(app: Flask) -> set[str]:
    """Return the addresses of every link that waits."""
    with app.app_context(), as_platform():
        return {sender.opened(row).email for row in db.session.scalars(select(WaitingLink))}


def test_it_is_on_record_and_its_rows_wait_for_the_usual_day(
    app: Flask, operator: FlaskClient, mistaken: Firm, hurry: Callable[[UUID], None]
) -> None:
    operator.post(path(mistaken))
    [departure] = departures_of(app, mistaken.id)
    assert departure.status == DepartureStatus.ASKED
    with app.app_context(), as_platform():
        query = select(AccountEvent.detail).where(AccountEvent.act == "firm_closed")
        told = [one for one in db.session.scalars(query) if one.get("code") == mistaken.code]
        assert [one["name_of"] for one in told] == [mistaken.name]
    hurry(departure.id)
    with app.app_context():
        deleting.carry_out(departure.id)
    assert departure_of(app, departure.id).status == DepartureStatus.DELETED


def test_closed_firms_are_found_by_their_state(
    operator: FlaskClient, mistaken: Firm, tenant: Tenant
) -> None:
    operator.post(path(mistaken))
    for state, found in (("closed", True), ("trial", False), ("opened", False)):
        page = operator.get(f"/console/firms?state={state}&q={mistaken.name}").text
        assert (f"closed-{mistaken.id.hex[-12:]}" in page) is found, state
    assert (
        tenant.code
        not in operator.get(f"/console/firms?state=closed&q={tenant.code}").text.partition(
            "<table"
        )[2]
    )


def test_a_firm_with_work_stays_as_it_is(app: Flask, operator: FlaskClient, world: World) -> None:
    firm = world.victim.tenant
    page = operator.get(f"/console/firms/{firm.code}/closing").text
    assert "由主任申请离开" in page
    assert "data-confirm" not in page.partition("<main")[2].partition("</main")[0]
    answer = operator.post(f"/console/firms/{firm.code}/closing")
    assert (answer.status_code, "已经有业务" in answer.text) == (409, True)
    manager = factories.signed_in(app, firm.scope, Role.MANAGER)
    assert manager.get("/account").status_code == 200
    assert operator.get(f"/console/firms/{firm.code}").status_code == 200
    assert {one.status for one in departures_of(app, firm.firm_id)} <= {DepartureStatus.WITHDRAWN}


@pytest.mark.parametrize("name", ["slots", "sessions", "services", "statements", "bills"])
def test_each_kind_of_work_counts(app: Flask, world: World, name: str) -> None:
    with app.app_context():
        assert getattr(closing.work_of(world.victim.tenant.firm_id), name) > 0
    work = {"slots": 0, "sessions": 0, "services": 0, "statements": 0, "bills": 0}
    assert closing.Work(**work).is_none
    assert not closing.Work(**work | {name: 1}).is_none


def test_what_was_planted_is_no_work(app: Flask, mistaken: Firm) -> None:
    """A marked statement stands in every firm once a street is known."""
    with app.app_context():
        plant_in(mistaken.id)
        db.session.commit()
        assert "statement" in planted(mistaken.id)
        assert closing.work_of(mistaken.id).is_none


def test_a_second_closing_finds_nothing_to_close(operator: FlaskClient, mistaken: Firm) -> None:
    assert operator.post(path(mistaken)).status_code == 303
    assert operator.post(path(mistaken)).status_code == 404


def test_nobody_else_closes(as_manager: FlaskClient, tenant: Tenant) -> None:
    for answer in (
        as_manager.get(f"/console/firms/{tenant.code}/closing"),
        as_manager.post(f"/console/firms/{tenant.code}/closing"),
    ):
        assert answer.status_code == 403
