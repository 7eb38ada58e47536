"""Each net holds alone: with row security taken down, the session and the alarm stand."""

import sys
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.orm import lazyload

from counselhub.core import foreign, tenancy
from counselhub.core.db import Base, db
from counselhub.core.foreign import ForeignRowError
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, FirmOwned, Scope, as_platform, as_scope
from counselhub.honey import actions as honey
from counselhub.statements.models import Statement
from counselhub.workbook import background
from tests.isolation.conftest import SignIn
from tests.isolation.looks import body_of, words_of
from tests.isolation.tables import MODELS
from tests.isolation.world import World

OWNED = sorted(name for name, model in MODELS.items() if issubclass(model, FirmOwned))


@pytest.fixture
def no_row_security(owner: Connection, world: World) -> Iterator[None]:
    """Take row security off every firm table for one test, as a wrong migration might.

    The world is there before: it is furnished as firms are, under row security.
    """
    for name in OWNED:
        owner.execute(text(f"alter table {name} disable row level security"))
    owner.commit()
    yield
    for name in OWNED:
        owner.execute(text(f"alter table {name} enable row level security"))
    owner.commit()


@pytest.fixture
def no_criterion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the session forget to add the firm."""
    monkeypatch.setattr(tenancy, "_of_firm", lambda _firm_id: lazyload("*"))


def alarms(app: Flask, scope: Scope) -> list[AccountEvent]:
    """Return the alarms on a tenant's record, oldest first."""
    query = select(AccountEvent).where(
        AccountEvent.kind == scope.kind.value,
        AccountEvent.key == scope.key,
        AccountEvent.act == foreign.ALARM,
    )
    with app.app_context(), as_platform():
        return list(db.session.scalars(query.order_by(AccountEvent.at, AccountEvent.id)))


@pytest.mark.usefixtures("no_row_security")
@pytest.mark.parametrize("name", OWNED)
def test_the_session_alone_keeps_firms_apart(app: Flask, world: World, name: str) -> None:
    model = MODELS[name]
    with app.app_context(), as_scope(world.neighbour.scope):
        every = db.session.scalar(text(f"select count(distinct firm_id) from {name}")) or 0
        assert every > 1, "row security is off: raw SQL sees them all"
        loaded = db.session.scalars(select(model)).unique().all()
        assert {row.firm_id for row in loaded} == {world.neighbour.tenant.firm_id}
        counted = db.session.scalars(select(model.firm_id).distinct()).all()
        assert counted == [world.neighbour.tenant.firm_id]


def _one(app: Flask, world: World, name: str) -> tuple[object, ...]:
    """Return the key of a row of the victim."""
    columns = ", ".join(column.name for column in inspect(MODELS[name]).primary_key)
    with app.app_context(), as_scope(world.victim.scope):
        own = f"where firm_id = '{world.victim.tenant.firm_id}'"
        return tuple(db.session.execute(text(f"select {columns} from {name} {own} limit 1")).one())


@pytest.mark.usefixtures("no_row_security", "no_criterion")
@pytest.mark.parametrize("name", OWNED)
def test_the_alarm_alone_keeps_firms_apart(app: Flask, world: World, name: str) -> None:
    """With both nets down a foreign row is refused as it is loaded, and that is on record."""
    key, before = _one(app, world, name), len(alarms(app, PLATFORM))
    with app.app_context(), as_scope(world.neighbour.scope):
        with pytest.raises(ForeignRowError):
            db.session.get(MODELS[name], key)
        db.session.rollback()
    raised = alarms(app, PLATFORM)
    assert len(raised) == before + 1
    assert raised[-1].detail["what"] == name
    assert raised[-1].detail["owner"] == str(world.victim.tenant.firm_id)


@pytest.mark.usefixtures("no_row_security")
def test_an_office_that_is_shown_another_streets_row_raises_the_alarm(
    app: Flask, world: World
) -> None:
    before = len(alarms(app, PLATFORM))
    with app.app_context(), as_scope(world.stranger.tenant.town.scope):
        with pytest.raises(ForeignRowError):
            db.session.scalars(select(Statement)).all()
        db.session.rollback()
    assert len(alarms(app, PLATFORM)) == before + 1


@pytest.mark.usefixtures("no_row_security")
def test_a_page_of_an_office_answers_404_and_tells_the_owner(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    """The office's page reads statements by street through row security only."""
    client = sign_in(world.stranger, Role.CHECKER)
    victims, platforms = len(alarms(app, world.victim.scope)), len(alarms(app, PLATFORM))
    answer = client.get(f"/review/{world.victim.ids['statement_id']}")
    assert answer.status_code == 404
    assert world.victim.token not in words_of(answer)
    told = alarms(app, world.victim.scope)
    assert len(told) == victims + 1
    assert told[-1].name == ""
    assert set(told[-1].detail) == {"what", "side", "page"}, "the owner is not told who it was"
    assert told[-1].detail["side"] == "office"
    assert alarms(app, PLATFORM)[platforms].detail["path"] == answer.request.path


@pytest.fixture
def leak(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the page of contracts by one that prints every firm's statements by raw SQL."""

    def page() -> str:
        names = db.session.scalars(text("select number from statement order by month"))
        return ", ".join(names)

    monkeypatch.setitem(app.view_functions, "contracts.contracts", _as(page, app))


def _as(page: object, app: Flask) -> object:
    page.required = app.view_functions["contracts.contracts"].required
    return page


def marker_of(app: Flask, firm_id: UUID, table: str) -> str:
    """Return the marker of a firm's honey row."""
    query = text("select marker from honey_row where firm_id = :firm and table_name = :name")
    with app.app_context(), as_platform():
        return str(db.session.scalar(query, {"firm": firm_id, "name": table}))


@pytest.mark.usefixtures("no_row_security", "leak")
def test_honey_in_a_page_of_raw_sql_is_withheld(app: Flask, world: World, sign_in: SignIn) -> None:
    marker = marker_of(app, world.victim.tenant.firm_id, "statement")
    before = len(alarms(app, world.victim.scope))
    answer = sign_in(world.neighbour, Role.MANAGER).get("/contracts")
    assert answer.status_code == 404
    assert world.victim.token not in words_of(answer)
    assert marker not in words_of(answer)
    assert [one.detail["what"] for one in alarms(app, world.victim.scope)[before:]] == [marker]


@pytest.mark.usefixtures("leak")
def test_while_row_security_stands_the_same_page_shows_the_own(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    """A firm that reads its own honey raises no alarm."""
    before = len(alarms(app, PLATFORM))
    answer = sign_in(world.neighbour, Role.MANAGER).get("/contracts")
    assert answer.status_code == 200
    assert world.neighbour.token in answer.text
    assert marker_of(app, world.neighbour.tenant.firm_id, "statement") in answer.text
    assert len(alarms(app, PLATFORM)) == before


@pytest.mark.usefixtures("no_row_security", "no_criterion")
def test_honey_in_an_export_is_withheld(
    app: Flask, world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The export reads columns, not rows: only the marker in the file tells."""
    # Without row security every firm's rows count; so many would be the worker's to write.
    monkeypatch.setattr(background, "LARGE_EXPORT_ROWS", sys.maxsize)
    before = len(alarms(app, world.victim.scope))
    answer = sign_in(world.neighbour, Role.MANAGER).get("/workbook/export.xlsx")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    whats = {one.detail["what"] for one in alarms(app, world.victim.scope)[before:]}
    firm_id = world.victim.tenant.firm_id
    assert {marker_of(app, firm_id, name) for name in ("adviser", "adviser_contact")} <= whats


def test_planting_again_changes_nothing(app: Flask, world: World) -> None:
    with app.test_request_context():
        assert honey.plant(world.victim.tenant.code) == []
        db.session.rollback()


def test_honey_disturbs_nothing_of_its_own_firm(app: Flask, world: World, sign_in: SignIn) -> None:
    """Lists, roll and export of the firm are the same with and without it."""
    firm = world.stranger
    client = sign_in(firm, Role.MANAGER)
    pages = ("/statements", "/advisers?left=1", "/workbook/export.xlsx", "/month", "/people")
    shown = [body_of(client.get(page)) for page in pages]
    for table in ("adviser", "adviser_contact", "statement"):
        marker = marker_of(app, firm.tenant.firm_id, table)
        assert all(marker not in page for page in shown), table
    office = sign_in(firm, Role.CHECKER).get("/review?view=all").text
    assert "CHH-" not in office


def test_every_model_of_a_firm_is_watched() -> None:
    assert {m.class_ for m in Base.registry.mappers if issubclass(m.class_, FirmOwned)} == {
        MODELS[name] for name in OWNED
    }
